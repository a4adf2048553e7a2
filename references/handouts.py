"""What is picked, in a basket or on a hand-out, as it may be shown now: rights are read each time, never kept.

What may not be used now is gone: no word of it is given, only that there was something.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from delivery.links import link_token, read_link
from delivery.models import SignedLink
from references.activities import BY_CODE
from references.blinding import may_see_customer_name, may_see_person
from references.models import BasketItem, CaseStudy, Contact, Handout, HandoutItem, ProofPoint, Testimonial
from references.pieces import Piece, load_shown, may_be_named, show_piece
from references.policy import ProgramPolicy
from references.pool.cards import describe_people
from references.program import current_policy
from references.rights import (
    Right,
    Use,
    rights_of,
    usable_case_studies,
    usable_proof_points,
    usable_speakers,
    usable_testimonials,
    usable_until,
)
from users.models import User

PURPOSE = "handout"
"""The purpose of the signed links to hand-outs."""

NOUNS = ("contact", "case_study", "testimonial", "proof_point")
Item = BasketItem | HandoutItem


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who would speak: `name`, `title` and `customer_name` are None where they must not show."""

    id: int
    activity: str
    headline: str
    name: str | None
    title: str | None
    customer_name: str | None
    rights: tuple[Right, ...]
    until: date | None

    @property
    def what(self) -> str:
        """What they would do."""
        return BY_CODE[self.activity].label


@dataclass(frozen=True, slots=True)
class Picked:
    """One picked reference: a piece, a person, or neither where it may not be used now."""

    item: Item
    piece: Piece | None = None
    person: Person | None = None

    @property
    def is_gone(self) -> bool:
        """Whether nothing of it may be shown."""
        return self.piece is None and self.person is None


@dataclass(frozen=True, slots=True)
class Share:
    """How a hand-out is shared: `token` is empty where it was revoked, `until` the moment it closes or has closed."""

    token: str
    until: datetime | None
    is_open: bool

    @property
    def path(self) -> str:
        """Where the hand-out is read; "" where it was revoked."""
        return f"/h/{self.token}/" if self.token else ""


def must_blind(user: User | None, policy: ProgramPolicy) -> bool:
    """Whether what `user` shares carries no names, whatever they wish: by policy they see none themselves."""
    return user is None or not user.is_active or not (user.is_manager or policy.show_customer_name)


def read_basket(user: User) -> list[Picked]:
    """The basket of a user, in the order in which it was filled; what may be used in some channel is shown."""
    items = list(BasketItem.objects.filter(user=user))
    return read_picked(items, Use(on=timezone.localdate()), user, current_policy(), is_blinded=False)


def read_handout(handout: Handout) -> list[Picked]:
    """What a hand-out shows now, in its order, as its maker may share it; what is gone is among it, without a word."""
    policy, maker = current_policy(), handout.made_by
    use = Use(on=timezone.localdate(), channel=handout.channel)
    items = list(handout.items.all())
    return read_picked(items, use, maker, policy, is_blinded=handout.is_blinded or must_blind(maker, policy))


def read_picked(
    items: Sequence[Item], use: Use, viewer: User | None, policy: ProgramPolicy, *, is_blinded: bool
) -> list[Picked]:
    """Look every item up under its rights for `use`; a constant number of queries for each kind and activity."""
    found: dict[tuple[str, int], Piece] = {}
    for noun, rows in _usable(items, use):
        for row in rows:
            named = not is_blinded and viewer is not None and may_be_named(row)
            is_named = named and viewer is not None and may_see_customer_name(viewer, row.customer, policy)
            found[noun, row.pk] = show_piece(row, is_named=is_named)
    people = _people(items, use, None if is_blinded else viewer, policy)
    return [_pick(item, found, people) for item in items]


def noun_and_id(item: Item) -> tuple[str, int]:
    """What was picked: its noun ("contact" for a person), and its id."""
    return next((noun, value) for noun in NOUNS if (value := getattr(item, f"{noun}_id")) is not None)


def read_shares(handouts: Iterable[Handout]) -> dict[int, Share]:
    """How hand-outs are shared, by their ids: the newest link of each counts; one query."""
    subjects = {subject_of(handout): handout.pk for handout in handouts}
    links = SignedLink.objects.filter(purpose=PURPOSE, subject__in=subjects).order_by("created_at")
    return {subjects[link.subject]: _share(link) for link in links}


def find_shared(token: str) -> Handout:
    """The hand-out that a link opens. Raises LinkError: unknown (also where it was thrown away), expired, revoked."""
    link = read_link(token, PURPOSE)
    return Handout.objects.select_related("made_by").get(pk=int(link.subject.partition(":")[2]))


def subject_of(handout: Handout) -> str:
    """Subject of the links to a hand-out: "handout:12"."""
    return f"handout:{handout.pk}"


def _share(link: SignedLink) -> Share:
    if link.revoked_at is not None:
        return Share("", link.revoked_at, is_open=False)
    return Share(link_token(link), link.expires_at, is_open=link.expires_at > timezone.now())


def _usable(items: Sequence[Item], use: Use) -> "Iterable[tuple[str, QuerySet[Any]]]":
    ids: dict[str, list[int]] = defaultdict(list)
    for item in items:
        noun, pk = noun_and_id(item)
        ids[noun].append(pk)
    if ids["case_study"]:
        stories = CaseStudy.objects.filter(pk__in=ids["case_study"])
        yield "case_study", usable_case_studies(load_shown(stories), use)
    if ids["testimonial"]:
        quotes = Testimonial.objects.filter(pk__in=ids["testimonial"])
        yield "testimonial", usable_testimonials(load_shown(quotes), use)
    if ids["proof_point"]:
        points = ProofPoint.objects.filter(pk__in=ids["proof_point"])
        yield "proof_point", usable_proof_points(load_shown(points), use)


def _people(
    items: Sequence[Item], use: Use, viewer: User | None, policy: ProgramPolicy
) -> dict[tuple[str, int], Person]:
    """People by what they would do and their id."""
    wanted: dict[str, list[int]] = defaultdict(list)
    for item in items:
        if item.contact_id is not None:
            wanted[item.activity].append(item.contact_id)
    found: dict[tuple[str, int], Contact] = {}
    for activity, ids in wanted.items():
        contacts = Contact.objects.filter(pk__in=ids).select_related("customer")
        found |= {(activity, contact.pk): contact for contact in usable_speakers(contacts, activity, use)}
    headlines = describe_people(found.values()) if found else {}
    return {
        (activity, pk): _show_person(contact, activity, headlines[pk], viewer, policy)
        for (activity, pk), contact in found.items()
    }


def _show_person(contact: Contact, activity: str, headline: str, viewer: User | None, policy: ProgramPolicy) -> Person:
    rights = rights_of(contact, activity)
    is_named = (
        viewer is not None
        and contact.customer.is_named
        and all(right.is_attributed for right in rights)
        and may_see_person(viewer, contact, is_attributed=True)
        and may_see_customer_name(viewer, contact.customer, policy)
    )
    return Person(
        id=contact.pk,
        activity=activity,
        headline=headline,
        name=contact.name if is_named else None,
        title=contact.title if is_named else None,
        customer_name=contact.customer.name if is_named else None,
        rights=rights,
        until=usable_until(rights),
    )


def _pick(item: Item, pieces: dict[tuple[str, int], Piece], people: dict[tuple[str, int], Person]) -> Picked:
    if item.contact_id is not None:
        return Picked(item, person=people.get((item.activity, item.contact_id)))
    return Picked(item, piece=pieces.get(noun_and_id(item)))
