"""What referrals are worth, and which customers buy, refer, do both or neither.

`CRV = Σ (margin − costs + acquisition saved) / (1 + r)^t` over the won referrals (Kumar, Petersen & Leone, *How
valuable is word of mouth?*, Harvard Business Review 2007), t in years from the day that values are told for; what is
past is not discounted. The split is at the medians of lifetime value and of referral value.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from statistics import median

from django.utils.translation import gettext_noop

DAYS_A_YEAR = Decimal("365.25")
CENT = Decimal("0.01")
FEW = 10
"""Below so many customers a split is only indicative."""

CHAMPIONS, AFFLUENTS, ADVOCATES, MISERS = "champions", "affluents", "advocates", "misers"
PLAYS: dict[str, str] = {
    CHAMPIONS: gettext_noop("Keep them close: thank them, involve them early, never overuse them."),
    AFFLUENTS: gettext_noop("They buy and do not refer yet: begin with a small ask, and make referring easy."),
    ADVOCATES: gettext_noop("They refer and buy little: offer them more of what suits them."),
    MISERS: gettext_noop("Neither yet: see that they succeed first, then offer more and ask for something small."),
}


@dataclass(frozen=True, slots=True)
class WonReferral:
    """What one won referral brought: money in one currency, and the day."""

    on: date
    margin: Decimal
    costs: Decimal = Decimal(0)
    acquisition_saved: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Valued:
    """A customer: lifetime value (None where unknown) and referral value, both in `currency`.

    No won referral is a referral value of 0; None is one that cannot be told, as where it is in several currencies.
    """

    customer: int
    lifetime_value: Decimal | None
    referral_value: Decimal | None
    currency: str


@dataclass(frozen=True, slots=True)
class Placed:
    """A customer with its segment."""

    customer: int
    lifetime_value: Decimal
    referral_value: Decimal
    segment: str

    @property
    def play(self) -> str:
        """What is suggested for the segment, untranslated."""
        return PLAYS[self.segment]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A customer that is in no segment: no_lifetime_value, no_referral_value or other_currency."""

    customer: int
    code: str


@dataclass(frozen=True, slots=True)
class Split:
    """The segments of the customers of one currency; medians are None where there is nobody to split."""

    currency: str
    median_lifetime: Decimal | None
    median_referral: Decimal | None
    placed: tuple[Placed, ...]
    left_out: tuple[LeftOut, ...]

    @property
    def is_indicative(self) -> bool:
        """Too few customers for a median to say much."""
        return len(self.placed) < FEW


def referral_value(won: Iterable[WonReferral], *, rate: Decimal, as_of: date) -> Decimal:
    """CRV to the cent; `rate` is the yearly discount (.1 for 10 %). ValueError at a rate of −1 or less."""
    if rate <= -1:
        raise ValueError("Nothing can be discounted at such a rate")
    total = Decimal(0)
    for each in won:
        years = max(Decimal((each.on - as_of).days), Decimal(0)) / DAYS_A_YEAR
        total += (each.margin - each.costs + each.acquisition_saved) / (1 + rate) ** years
    return total.quantize(CENT)


def split_customers(rows: Iterable[Valued], *, currency: str) -> Split:
    """Split the customers of one currency at the medians; the others are named as left out, money is never mixed.

    High is above the median, so whoever ties with it is low: where most have referred nobody, that median is 0 and
    everybody who won a referral is above it.
    """
    usable: list[tuple[int, Decimal, Decimal]] = []
    left_out: list[LeftOut] = []
    for row in rows:
        if row.lifetime_value is None:
            left_out.append(LeftOut(row.customer, "no_lifetime_value"))
        elif row.currency != currency:
            left_out.append(LeftOut(row.customer, "other_currency"))
        elif row.referral_value is None:
            left_out.append(LeftOut(row.customer, "no_referral_value"))
        else:
            usable.append((row.customer, row.lifetime_value, row.referral_value))
    if not usable:
        return Split(currency, None, None, (), tuple(left_out))
    buys = _middle([lifetime for _customer, lifetime, _referral in usable])
    refers = _middle([referral for _customer, _lifetime, referral in usable])
    placed = tuple(
        Placed(customer, lifetime, referral, _segment(lifetime > buys, referral > refers))
        for customer, lifetime, referral in usable
    )
    return Split(currency, buys, refers, placed, tuple(left_out))


def _middle(amounts: Sequence[Decimal]) -> Decimal:
    return Decimal(median(amounts))


def _segment(buys: bool, refers: bool) -> str:
    if refers:
        return CHAMPIONS if buys else ADVOCATES
    return AFFLUENTS if buys else MISERS
