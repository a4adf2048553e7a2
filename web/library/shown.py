"""Pieces of content as the library shows them: named as far as the viewer may see, with the rights of today."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.utils import timezone

from references.blinding import hide_names, may_see_customer_name, may_see_name
from references.enums import ContentStatus
from references.models import CaseStudy, ContentUse, Testimonial
from references.policy import ProgramPolicy
from references.pool.index import current_snapshot
from references.rights import Use, asset_of, rights_of, usable_case_studies, usable_testimonials
from references.vocabulary import Vocabulary
from references.wording import Written, name_of, noun_of, rows_of
from users.models import User
from web.rights_words import Badge, tell_rights

STATUS_COLORS = {
    ContentStatus.DRAFT: "quiet",
    ContentStatus.WITH_CUSTOMER: "soft",
    ContentStatus.APPROVED: "accent",
    ContentStatus.PUBLISHED: "fresh",
    ContentStatus.EXPIRED: "approval",
    ContentStatus.RECALLED: "stop",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the list; `open_uses` counts the places in which it still stands."""

    row: Written
    noun: str
    name: str
    kind: str
    customer_name: str
    color: str
    badges: list[Badge]
    open_uses: int

    @property
    def must_come_down(self) -> bool:
        """Whether it is over, and still used somewhere."""
        return self.open_uses > 0 and self.row.status in {ContentStatus.EXPIRED, ContentStatus.RECALLED}


def show_lines(user: User, policy: ProgramPolicy, found: Iterable[Sequence[Any]]) -> list[Line]:
    """Load a page of pieces, each begun by its noun and id, in their order, in a constant number of queries."""
    keys: list[tuple[str, int]] = [(row[0], row[1]) for row in found]
    vocabulary = current_snapshot().vocabulary
    shown: dict[tuple[str, int], Line] = {}
    for noun in ("case_study", "testimonial"):
        ids = [pk for each, pk in keys if each == noun]
        usable = usable_rows(noun, ids)
        uses = _open_uses(noun, ids)
        for row in rows_of(noun).filter(pk__in=ids).select_related("customer", "contact", "owner"):
            badges = badges_of(usable.get(row.pk), vocabulary)
            shown[noun, row.pk] = _line(user, policy, row, usable.get(row.pk), badges, uses[row.pk])
    return [shown[key] for key in keys if key in shown]


def usable_rows(noun: str, ids: list[int]) -> Mapping[int, Written]:
    """Those of some pieces that may be used today, their rights loaded, by id."""
    use = Use(on=timezone.localdate())
    if noun == "case_study":
        return {row.pk: row for row in usable_case_studies(CaseStudy.objects.filter(pk__in=ids), use)}
    return {row.pk: row for row in usable_testimonials(Testimonial.objects.filter(pk__in=ids), use)}


def badges_of(usable: Written | None, vocabulary: Vocabulary) -> list[Badge]:
    """The rights of today as badges; none where it may not be used."""
    if usable is None:
        return []
    return tell_rights(rights_of(usable, asset_of(usable)), vocabulary, usable.expires_on)


def hidden_names(user: User, row: Written, policy: ProgramPolicy, usable: Written | None) -> list[str]:
    """What must not show of a piece: names, unless the viewer may see them or rights let everyone use them."""
    if may_see_name(user, row.customer.account_owner_id):
        return []
    sees_customer = may_see_customer_name(user, row.customer, policy)
    if sees_customer and usable is not None and usable.may_be_named:  # type: ignore[union-attr]
        return []
    names = [row.contact.name if row.contact else "", getattr(row, "said_by", "")]
    if usable is not None or not sees_customer:
        names += [row.customer.name, row.customer.domain]
    return [name for name in names if name]


def sees_customer(user: User, row: Written, policy: ProgramPolicy, usable: Written | None) -> bool:
    """Whether the customer is named beside a piece: where the viewer may see it, and rights let everyone use it."""
    if may_see_name(user, row.customer.account_owner_id):
        return True
    is_nameless = usable is not None and not usable.may_be_named  # type: ignore[union-attr]
    return not is_nameless and may_see_customer_name(user, row.customer, policy)


def _line(
    user: User, policy: ProgramPolicy, row: Written, usable: Written | None, badges: list[Badge], open_uses: int
) -> Line:
    hidden = hidden_names(user, row, policy, usable)
    return Line(
        row=row,
        noun=noun_of(row),
        name=hide_names(name_of(row), hidden),
        kind=asset_of(row),
        customer_name=row.customer.name if sees_customer(user, row, policy, usable) else "",
        color=STATUS_COLORS[ContentStatus(row.status)],
        badges=badges,
        open_uses=open_uses,
    )


def _open_uses(noun: str, ids: list[int]) -> Counter[int]:
    rows = ContentUse.objects.filter(**{f"{noun}__in": ids}, ended_at__isnull=True).order_by()
    return Counter(dict(rows.values_list(noun).annotate(n=Count("pk"))))
