"""The numbers of one customer as its pages tell them: what may be used, and all of them to whoever keeps content."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from references.blinding import hide_names
from references.compiled import Compiled
from references.models import Customer, ProofPoint
from references.permissions import may_log_content
from references.rights import Use, usable_proof_points
from users.models import User


@dataclass(frozen=True, slots=True)
class NumberLine:
    """One proof point; `is_usable` where rights hold on the day, `is_named` where it may carry names as well."""

    id: int
    metric: str
    before: str
    after: str
    is_usable: bool
    is_named: bool


def read_numbers(
    user: User, customer: Customer, *, on: date, names_customer: bool, hidden: Collection[str] = ()
) -> tuple[NumberLine, ...]:
    """The numbers of `customer` that `user` sees on a page about it; two queries.

    Whoever may log content of the customer sees all, others those that may be used on the day. Where the page names the
    customer (`names_customer`), a number that may carry no name is not among them; elsewhere it loses all names in its
    words. `hidden` are names that this page must not show in any case.
    """
    rows = _ROWS.among([customer.pk])
    rights = dict(_usable(Use(on=on)).among([row.pk for row in rows]))
    keeps = may_log_content(user, customer)
    lines = []
    for row in rows:
        is_named = rights.get(row.pk, False)
        if keeps or is_named or (row.pk in rights and not names_customer):
            names = hidden if keeps or is_named else [*hidden, *_names_of(row, customer)]
            metric, before, after = (
                hide_names(text, filter(None, names)) for text in (row.metric, row.before, row.after)
            )
            lines.append(NumberLine(row.pk, metric, before, after, is_usable=row.pk in rights, is_named=is_named))
    return tuple(lines)


_ROWS = Compiled(
    ProofPoint.objects.select_related("case_study__contact", "testimonial__contact").order_by("pk"), "customer"
)


@lru_cache(maxsize=4)
def _usable(use: Use) -> Compiled[tuple[int, bool]]:
    """Which of some numbers may be used so, and whether with names; to write the question down costs most of it."""
    usable = usable_proof_points(ProofPoint.objects.all(), use).prefetch_related(None)
    return Compiled(usable.values_list("pk", "may_be_named"))  # type: ignore[misc]  # annotated


def _names_of(row: ProofPoint, customer: Customer) -> Sequence[str]:
    piece = row.case_study or row.testimonial
    person = piece.contact.name if piece is not None and piece.contact else ""
    return customer.name, customer.domain, person, row.testimonial.said_by if row.testimonial else ""
