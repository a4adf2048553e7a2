"""What a merge of two persons, or two customers, does with the rows of advocacy."""

from advocacy.purposes import referrer_subject
from references.enums import DuplicateKind
from references.merging.journal import Journal
from references.merging.own import lead_links
from references.merging.relations import Conflict, Relation, register_relation, register_rewrite

_MOVED = (
    ("Referral", "became"), ("GiftRule", "customer"), ("Referral", "referrer"), ("FraudFlag", "contact"),
    ("PointsEntry", "account"), ("Redemption", "account"), ("AdopterSeat", "contact"), ("AskAssignment", "contact"),
    ("RecoveryPlay", "contact"),
)  # fmt: skip


def register_merging() -> None:
    """Two accounts of points become one; of what is open once per person, somebody must end one first."""
    for model, field in _MOVED:
        register_relation(f"advocacy.{model}", field)
    account = Relation(Conflict.FOLD, sums=("balance", "lifetime"), ands=("is_on_leaderboard",))
    register_relation("advocacy.PointsAccount", "contact", account)
    register_relation("advocacy.BadgeAward", "account", Relation(Conflict.DROP))
    register_rewrite(lead_referrers)


def lead_referrers(kind: str, gone: int, kept: int, journal: Journal) -> None:
    """Who comes by a referral link of the one that went is referred by the one that stays."""
    if kind == DuplicateKind.CONTACT:
        lead_links(referrer_subject(gone), referrer_subject(kept), journal)
