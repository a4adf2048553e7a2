"""Signed links as mails carry them, for tests of the pages that they open."""

from datetime import timedelta

from advocacy.models import AskAssignment
from advocacy.purposes import ASK_LINK, assignment_subject
from delivery.links import issue_link, link_path
from matching.models import Approval, Match
from matching.purposes import APPROVAL, FEEDBACK, HUB, INVITATION, approval_subject, contact_subject, match_subject
from references.models import ConsentAsk, Contact
from references.services.consent_asks import CONSENT_LINK, ask_subject
from users.models import User

HALF_AN_HOUR = timedelta(minutes=30)


def invitation_to(match: Match) -> str:
    """The path of a promoter's link to answer one ask."""
    return link_path(issue_link(purpose=INVITATION, subject=match_subject(match.pk), lifetime=HALF_AN_HOUR))


def feedback_on(match: Match) -> str:
    """The path of a promoter's link to say how it was."""
    return link_path(issue_link(purpose=FEEDBACK, subject=match_subject(match.pk), lifetime=HALF_AN_HOUR))


def approval_by(user: User, approval: Approval) -> str:
    """The path of an approver's link to decide."""
    subject = approval_subject(approval.pk, user.pk)
    return link_path(issue_link(purpose=APPROVAL, subject=subject, lifetime=HALF_AN_HOUR))


def consent_asked(ask: ConsentAsk) -> str:
    """The path of a promoter's link to answer an ask for a consent."""
    return link_path(issue_link(purpose=CONSENT_LINK, subject=ask_subject(ask.pk), lifetime=HALF_AN_HOUR))


def own_page_of(contact: Contact) -> str:
    """The path of a promoter's own page."""
    return link_path(issue_link(purpose=HUB, subject=contact_subject(contact.pk), lifetime=HALF_AN_HOUR))


def ask_put(row: AskAssignment) -> str:
    """The path of a promoter's link to answer one ask of the ladder."""
    return link_path(issue_link(purpose=ASK_LINK, subject=assignment_subject(row.pk), lifetime=HALF_AN_HOUR))
