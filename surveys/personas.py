"""Answers by persona: role and seniority, with their score, and in their words where consent lets them be quoted."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet

from references.blinding import hide_names
from references.enums import Facet, Seniority, TagStatus
from references.models import Contact, ContactTag
from references.personal_words import person_of
from references.rights import Use, usable_speakers
from surveys.columns import BLANK
from surveys.intervals import Interval, tango_interval
from surveys.models import Response
from surveys.scores import HIDDEN, Tally, tally_scores

MOST_QUOTES = 3
_LOOKED_AT = 300
_SENIORITIES: dict[str, str] = {str(code): str(label) for code, label in Seniority.choices}


@dataclass(frozen=True, slots=True)
class Quote:
    """What somebody of a persona wrote who consents to be quoted, without names."""

    score: int
    text: str
    answered_on: date | None


@dataclass(frozen=True, slots=True)
class Persona:
    """Everybody of one role (its tag's id and name) and seniority who answered; "(blank)" where it is not known."""

    role_id: int | None
    role: str
    seniority: str
    seniority_label: str
    tally: Tally
    interval: Interval | None
    quotes: tuple[Quote, ...]

    @property
    def is_hidden(self) -> bool:
        """Whether there are too few answers to show a score."""
        return self.tally.sample == HIDDEN


def read_personas(rows: QuerySet[Response], today: date) -> tuple[Persona, ...]:
    """The personas among the answers of people we know, the most answers first; a constant number of queries.

    Who has two roles counts in both. Quotes are of people whose consent to a quote is in force today, names and
    addresses taken out; those of a persona too small to show are not shown either.
    """
    known = rows.filter(contact__isnull=False).order_by()
    counted = list(known.values_list("contact", "contact__seniority", "score").annotate(n=Count("pk")))
    roles = _read_roles({contact for contact, _, _, _ in counted if contact is not None})
    scores: dict[tuple[int | None, str], dict[int, int]] = defaultdict(lambda: defaultdict(int))
    names: dict[int | None, str] = {None: BLANK}
    for contact, seniority, score, number in counted:
        for role_id, name in roles.get(contact or 0, [(None, BLANK)]):
            names[role_id] = name
            scores[role_id, seniority or ""][score] += number
    quotes = _read_quotes(known, roles, today)
    found = []
    for (role_id, seniority), given in scores.items():
        tally = tally_scores(given)
        is_shown = tally.sample != HIDDEN
        found.append(
            Persona(
                role_id=role_id,
                role=names[role_id],
                seniority=seniority,
                seniority_label=_SENIORITIES.get(seniority, BLANK),
                tally=tally,
                interval=tango_interval(tally) if is_shown else None,
                quotes=tuple(quotes[role_id, seniority][:MOST_QUOTES]) if is_shown else (),
            )
        )
    return tuple(sorted(found, key=lambda each: (-each.tally.responses, each.role, each.seniority)))


def _read_roles(contacts: Iterable[int]) -> dict[int, list[tuple[int, str]]]:
    found: dict[int, list[tuple[int, str]]] = defaultdict(list)
    tags = ContactTag.objects.filter(contact__survey_responses__isnull=False, tag__facet=Facet.ROLE)
    wanted = set(contacts)
    told = tags.filter(tag__status=TagStatus.ACCEPTED).order_by("tag__name")
    for contact, tag, name in told.values_list("contact", "tag", "tag__name").distinct():
        if contact in wanted:
            found[contact].append((tag, name))
    return dict(found)


def _read_quotes(
    known: QuerySet[Response], roles: dict[int, list[tuple[int, str]]], today: date
) -> dict[tuple[int | None, str], list[Quote]]:
    """The latest comments of people who may be quoted, by persona."""
    quotable = usable_speakers(Contact.objects.all(), "quote", Use(on=today)).prefetch_related(None).order_by()
    told = known.exclude(comment="").filter(contact__in=quotable.values("pk"))
    found: dict[tuple[int | None, str], list[Quote]] = defaultdict(list)
    for row in told.select_related("contact__customer").order_by("-answered_on", "-pk")[:_LOOKED_AT]:
        person = row.contact
        if person is None:
            continue
        text = hide_names(person_of(person).hide(row.comment), [person.customer.name])
        for role_id, _ in roles.get(person.pk, [(None, BLANK)]):
            found[role_id, person.seniority].append(Quote(row.score, text, row.answered_on))
    return found
