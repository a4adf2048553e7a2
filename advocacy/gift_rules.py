"""Whether a reward may be given to somebody, by the gift rules of their country and of their employer.

All rules that reach a person hold together, so the strictest wins: one that forbids outweighs any that allows, the
lowest limit counts, and one that wants the employer's word is enough to want it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True, kw_only=True)
class GiftTerms:
    """One rule, for a country or region or for an employer, by id; without both it is for everybody.

    Limits are in `currency`; `why` is told with a refusal.
    """

    id: int
    region: int | None = None
    customer: int | None = None
    is_forbidden: bool = False
    forbidden_kinds: frozenset[str] = frozenset()
    most_per_gift: Decimal | None = None
    most_per_year: Decimal | None = None
    currency: str = ""
    needs_employer: bool = False
    why: str = ""

    def reaches(self, receiver: "Receiver") -> bool:
        """Whether it holds for somebody."""
        is_here = self.region is None or self.region in receiver.regions
        return is_here and (self.customer is None or self.customer == receiver.customer)


@dataclass(frozen=True, slots=True)
class Gift:
    """What is to be given: its kind and what it is worth; None where nobody knows."""

    kind: str
    value: Decimal | None = None
    currency: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiver:
    """Who would be given it.

    `regions` holds the ids of their region and of everything above it. `given_this_year` sums what they were given, by
    currency; `has_unpriced_gifts` where some of it has no known worth. `employer_agreed` once the employer has said
    yes to this gift.
    """

    regions: frozenset[int] = frozenset()
    customer: int | None = None
    given_this_year: Mapping[str, Decimal] = field(default_factory=dict)
    has_unpriced_gifts: bool = False
    employer_agreed: bool = False


@dataclass(frozen=True, slots=True)
class GiftRefusal:
    """Why a gift may not be given: the rule's id, a code and a sentence.

    Codes, the strictest first: forbidden, kind_forbidden, value_unknown, other_currency, too_much, too_much_this_year,
    needs_employer.
    """

    rule: int
    code: str
    text: str


@dataclass(frozen=True, slots=True)
class GiftVerdict:
    """Whether a gift may be given: the refusals, the strictest first."""

    refusals: tuple[GiftRefusal, ...]

    @property
    def is_allowed(self) -> bool:
        return not self.refusals

    @property
    def needs_only_employer(self) -> bool:
        return bool(self.refusals) and all(each.code == "needs_employer" for each in self.refusals)


STRICTNESS = (
    "forbidden",
    "kind_forbidden",
    "value_unknown",
    "other_currency",
    "too_much",
    "too_much_this_year",
    "needs_employer",
)


def judge_gift(rules: Iterable[GiftTerms], gift: Gift, receiver: Receiver) -> GiftVerdict:
    """Judge a gift by every rule that reaches its receiver; without any it may be given.

    Money is compared within one currency only: a limit in another one refuses, since nobody knows the rate.
    """
    found = [refusal for rule in rules if rule.reaches(receiver) for refusal in _judge(rule, gift, receiver)]
    return GiftVerdict(tuple(sorted(found, key=lambda each: (STRICTNESS.index(each.code), each.rule))))


def _judge(rule: GiftTerms, gift: Gift, receiver: Receiver) -> Iterable[GiftRefusal]:
    def refuse(code: str, text: str) -> GiftRefusal:
        return GiftRefusal(rule.id, code, f"{text} {rule.why}".strip())

    if rule.is_forbidden:
        yield refuse("forbidden", _("They may not be given anything."))
    if gift.kind in rule.forbidden_kinds:
        yield refuse("kind_forbidden", _("They may not be given anything of this kind."))
    if rule.most_per_gift is not None or rule.most_per_year is not None:
        for code, text in _judge_worth(rule, gift, receiver):
            yield refuse(code, text)
    if rule.needs_employer and not receiver.employer_agreed:
        yield refuse("needs_employer", _("Their employer must agree first."))


def _judge_worth(rule: GiftTerms, gift: Gift, receiver: Receiver) -> Iterable[tuple[str, str]]:
    if gift.value is None:
        yield "value_unknown", _("It is not known what it is worth, and there is a limit.")
        return
    if gift.value and gift.currency != rule.currency:
        yield "other_currency", _("The limit is in %(currency)s and cannot be compared.") % {"currency": rule.currency}
        return
    if rule.most_per_gift is not None and gift.value > rule.most_per_gift:
        yield "too_much", _("A gift may be worth %(limit)s at most.") % {"limit": _money(rule.most_per_gift, rule)}
    if rule.most_per_year is not None:
        yield from _judge_year(rule, rule.most_per_year, gift.value, receiver)


def _judge_year(rule: GiftTerms, limit: Decimal, value: Decimal, receiver: Receiver) -> Iterable[tuple[str, str]]:
    if receiver.has_unpriced_gifts:
        yield "value_unknown", _("It is not known what all they were given this year is worth, and there is a limit.")
    if any(amount for currency, amount in receiver.given_this_year.items() if currency != rule.currency):
        text = _("They were given something this year in another currency than the limit's, %(currency)s.")
        yield "other_currency", text % {"currency": rule.currency}
    given = receiver.given_this_year.get(rule.currency, Decimal(0))
    if given + value > limit:
        names = {"limit": _money(limit, rule), "given": _money(given, rule)}
        text = _("Gifts of a year may be worth %(limit)s at most; %(given)s were given already.")
        yield "too_much_this_year", text % names


def _money(amount: Decimal, rule: GiftTerms) -> str:
    return f"{amount:,.2f} {rule.currency}"
