"""Answers as a viewer may read them: whose they are by rule, and their words without names that must not show."""

from collections.abc import Iterable
from dataclasses import dataclass

from references.consent_view import Whose, tell_whose
from references.loyalty import classify_score
from references.models import Contact
from references.policy import ProgramPolicy
from surveys.models import Response
from users.models import User
from web.surveys.shown import CLASS_BADGES


@dataclass(frozen=True, slots=True)
class Told:
    """One answer: `whose` is None where nobody knows, `is_linked` whether the viewer may open their page."""

    row: Response
    whose: Whose | None
    comment: str
    kind: str
    badge: str
    is_linked: bool = False


def tell_responses(user: User, rows: Iterable[Response], policy: ProgramPolicy) -> list[Told]:
    """Tell answers, their contacts' customers loaded; one query for which people's pages the viewer may open."""
    found = list(rows)
    people = {row.contact_id for row in found if row.contact_id is not None}
    linked = set(Contact.objects.visible_to(user).filter(pk__in=people).values_list("pk", flat=True))
    return [_tell(user, row, policy, row.contact_id in linked) for row in found]


def _tell(user: User, row: Response, policy: ProgramPolicy, is_linked: bool) -> Told:
    kind = classify_score(row.score).value
    if row.contact is None:
        return Told(row, None, row.comment, kind, CLASS_BADGES[kind])
    whose = tell_whose(user, row.contact, row.contact.customer, policy)
    return Told(row, whose, whose.hide(row.comment), kind, CLASS_BADGES[kind], is_linked)
