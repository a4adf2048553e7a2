"""What a merge of two persons does with their invitations, answers and wish to be asked no more."""

from references.enums import DuplicateKind
from references.merging.journal import Journal
from references.merging.own import lead_links
from references.merging.relations import Conflict, Relation, register_relation, register_rewrite
from surveys.enums import InvitationStatus
from surveys.models import Invitation
from surveys.purposes import invitation_subject

_FURTHER = (
    InvitationStatus.SKIPPED,
    InvitationStatus.FAILED,
    InvitationStatus.WAITING,
    InvitationStatus.NO_ANSWER,
    InvitationStatus.SENT,
    InvitationStatus.ANSWERED,
)


def register_merging() -> None:
    """Of two invitations to one campaign the further one stays; an answer that has none left stays an answer."""
    register_relation("surveys.Invitation", "contact", Relation(Conflict.FOLD, outranks=is_further))
    register_relation("surveys.Response", "invitation", Relation(Conflict.CLEAR))
    register_relation("surveys.Response", "contact")
    register_relation("surveys.SurveyOptOut", "contact", Relation(Conflict.DROP, is_guard=True))
    register_rewrite(lead_invitations)


def is_further(one: Invitation, other: Invitation) -> bool:
    """Whether an invitation has come further than another: one that was sent than one that was not, say."""
    return _FURTHER.index(InvitationStatus(one.status)) > _FURTHER.index(InvitationStatus(other.status))


def lead_invitations(kind: str, gone: int, kept: int, journal: Journal) -> None:
    """Links of an invitation that went lead to the one that stays: an old mail still answers, and ends surveys."""
    if kind != DuplicateKind.CONTACT:
        return
    label = Invitation._meta.label
    rows = [entry["row"] for entry in journal.entries if entry["do"] == "delete" and entry["model"] == label]
    for row in rows:
        twin = Invitation.objects.filter(campaign=row["campaign_id"], contact=kept).first()
        if row["contact_id"] in {gone, kept} and twin is not None:
            lead_links(invitation_subject(row["id"]), invitation_subject(twin.pk), journal)
