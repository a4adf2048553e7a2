"""Who would do something on a day: rights, what stands against asking, and when they are free."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.utils import timezone

from matching.eligibility import Question, explain_refusals, find_next_free
from matching.results import Refusal
from references.blinding import may_see_person
from references.circumstances import read_circumstances
from references.models import Contact
from references.pool.cards import build_cards
from references.pool.index import current_snapshot
from references.pool.readiness import Readiness
from references.pool.result import PromoterCard
from references.rights import Right, rights_of, usable_until
from users.models import User


@dataclass(frozen=True, slots=True)
class Speaker:
    """A promoter for one activity on one day: rights, what stands against asking, and the next free day."""

    card: PromoterCard
    activity: str
    rights: Sequence[Right]
    is_attributed: bool
    usable_until: date | None
    refusals: tuple[Refusal, ...]
    next_free: date | None


def read_speakers(contacts: Sequence[Contact], activity: str, on: date, user: User) -> list[Speaker]:
    """Tell what `user` may know of contacts whose rights are loaded; a constant number of queries."""
    policy = current_snapshot().policy
    standings = Readiness(activity, on).of([contact.pk for contact in contacts])
    cards = build_cards(user, {pk: each.usage for pk, each in standings.items()}, policy)
    circumstances = read_circumstances(contacts, activity)
    question = Question(activity, on, timezone.now(), policy)
    found = []
    for contact in contacts:
        card = cards.get(contact.pk)
        if card is None:  # written since the index was read
            continue
        rights = rights_of(contact, activity)
        is_attributed = all(right.is_attributed for right in rights)
        if may_see_person(user, contact, is_attributed=is_attributed):
            card = replace(card, promoter_name=contact.name)
        codes, theirs = standings[contact.pk].broken, circumstances[contact.pk]
        found.append(
            Speaker(
                card=card,
                activity=activity,
                rights=rights,
                is_attributed=is_attributed,
                usable_until=usable_until(rights),
                refusals=explain_refusals(question, codes, contact, theirs, {}),
                next_free=find_next_free(question, codes, theirs),
            )
        )
    return found
