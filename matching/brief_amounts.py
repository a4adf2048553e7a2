"""Numbers in a brief: the deal's money, how many references are wanted, and how many people a company has."""

import re
from dataclasses import dataclass
from decimal import Decimal

from references.words import Span

MOST_AMOUNTS = 50
"""Amounts looked at in one brief; a pasted table of prices has no deal value."""

LEAST_MONEY = 100
"""Smaller amounts without a currency sign are counts or versions ("PHP 8")."""

NUMBERS = {
    word: number
    for number, word in enumerate("zero one two three four five six seven eight nine ten eleven twelve".split())
} | {"single": 1, "couple": 2, "pair": 2, "both": 2, "dozen": 12}

_SIGNS = {
    "US$": "USD", "C$": "CAD", "CA$": "CAD", "A$": "AUD", "AU$": "AUD", "NZ$": "NZD", "HK$": "HKD", "S$": "SGD",
    "R$": "BRL", "$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR", "₩": "KRW", "₺": "TRY", "₪": "ILS",
}  # fmt: skip
_CODES = (
    "USD EUR GBP JPY CHF CAD AUD NZD SEK NOK DKK PLN CZK HUF RON INR CNY RMB HKD SGD BRL MXN ZAR AED SAR TRY ILS KRW "
    "THB IDR MYR PHP VND CLP COP ARS"
).split()
_NAMES = {
    "dollar": "USD", "euro": "EUR", "pound": "GBP", "yen": "JPY", "rupee": "INR", "franc": "CHF", "kronor": "SEK",
    "reais": "BRL", "yuan": "CNY", "zloty": "PLN", "rand": "ZAR", "dirham": "AED",
}  # fmt: skip
_SCALES = {
    "k": 10**3, "thousand": 10**3, "m": 10**6, "mn": 10**6, "mm": 10**6, "mio": 10**6, "mill": 10**6,
    "million": 10**6, "millions": 10**6, "b": 10**9, "bn": 10**9, "billion": 10**9, "lakh": 10**5, "lakhs": 10**5,
    "crore": 10**7, "crores": 10**7,
}  # fmt: skip

_AMOUNT = (
    r"(?P<amount>[0-9]{1,3}(?:[ ,.'’\u00a0][0-9]{3}){1,4}(?:[.,][0-9]{1,2})?|[0-9]{1,12}(?:[.,][0-9]{1,3})?)(?![0-9])"
)
_SCALE = r"(?:\s?(?P<scale>thousand|millions?|billion|mio|mill|mn|mm|bn|lakhs?|crores?|k|m|b)\b\.?)?"
_SIGN = "|".join(re.escape(sign) for sign in sorted(_SIGNS, key=len, reverse=True))
_CODE = "|".join(_CODES)
_WORD = "|".join(rf"{name}s?" for name in _NAMES)
_LABEL = r"\b(?:deal|opportunity|contract|budget|worth|value|valued at|acv|arr|tcv)(?: value| size)?"
_ABOUT = r"(?:of |is |about |around |worth ){0,3}"
_MONEY = (
    re.compile(rf"(?P<sign>{_SIGN})\s?{_AMOUNT}{_SCALE}", re.IGNORECASE),
    re.compile(rf"\b(?P<code>{_CODE})\s?{_AMOUNT}(?i:{_SCALE})"),
    re.compile(
        rf"(?<![\w.,]){_AMOUNT}(?i:{_SCALE})\s?"
        rf"(?:(?P<sign>{_SIGN})|(?P<code>{_CODE})\b|(?i:(?:us )?(?P<name>{_WORD}))\b)"
    ),
    re.compile(
        rf"{_LABEL}\W{{1,3}}{_ABOUT}{_AMOUNT}{_SCALE}(?!\s*(?:%|days|weeks|months|years|people|sites|users))",
        re.IGNORECASE,
    ),
    re.compile(rf"(?<![\w.,]){_AMOUNT}{_SCALE}\s+(?:deal|opportunity|contract|acv|arr|tcv)\b", re.IGNORECASE),
)
_NOT_THE_DEAL = re.compile(
    r"\s*(?:(?:in|of|a|an|per|annual|yearly|year|month)\s+)*"
    r"(?:revenues?|turnover|assets?|funding|sales|projects?|market cap|saved|savings|fines?|losses|transactions?)\b",
    re.IGNORECASE,
)
_NOT_BEFORE = re.compile(
    r"(?:raised?|saves?|saved|saving|lost|losing|loses|revenues? of|turnover of|fined)\s+(?:about |over |nearly )?$",
    re.I,
)
_LABELED = re.compile(rf"{_LABEL}[ :=(]{{1,3}}{_ABOUT}$", re.IGNORECASE)
_LONGEST_LABEL = 40
_NEAR = 25
_DEAL_NEAR = re.compile(r"deal|opportunity|contract|budget|worth|value|acv|arr|tcv|pipeline", re.IGNORECASE)

_WANTED = (
    r"references?|peers?|customers?|contacts?|quotes?|testimonials?|calls?|stor(?:y|ies)|case studies|case study|names"
    r"|speakers?|champions?|examples?|companies|clients?|panel(?:l)?ists?|videos?|voices|advocates?|promoters?|logos?"
    r"|success stories|reviews?|conversations?|introductions?|interviews?|site visits?|webinars?"
)
_QUANTITY = re.compile(
    rf"(?<![\w.,$€£/-])(?:(?P<low>[1-9]|1[0-9]|20)\s?(?:-|–|to|or)\s?)?"
    rf"(?P<count>[1-9]|1[0-9]|20|one|two|three|four|five|six|seven|eight|nine|ten|single|dozen"
    rf"|couple(?= of)|pair(?= of))"
    rf"(?: of)?\s+(?:(?!minutes?|hours?|days?|weeks?|months?|years?)[a-z]+(?:-[a-z]+)?\s+){{0,2}}?(?:{_WANTED})\b",
    re.IGNORECASE,
)
_PEOPLE = (
    r"(?:employees?|staff|people|persons?|fte|headcount|workers|colleagues|seats?|heads|strong|team members|associates)"
)
_HEADCOUNT = re.compile(
    rf"(?P<more>over |more than |above |at least |beyond |> ?)?(?<![\w.,$€£])"
    rf"(?P<count>[0-9]{{1,3}}(?:[,. ][0-9]{{3}}){{1,3}}|[0-9]{{1,7}}(?:\.[0-9])?)(?P<scale>k\b)?(?P<plus>\+)?"
    rf"(?P<unit>[\s-]+{_PEOPLE}\b)?(?P<up> (?:or|and) (?:more|up|above|over|upwards?|larger|bigger)\b)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class FoundMoney:
    """An amount in whole units of `currency` (ISO 4217; "" when not named) and where it stands."""

    value: Decimal
    currency: str
    span: Span


@dataclass(frozen=True, slots=True)
class FoundCount:
    """A number and where it stands."""

    count: int
    span: Span


def find_money(text: str) -> tuple[FoundMoney | None, tuple[Span, ...]]:
    """Give the deal's value, the amount nearest to a word such as "deal" first, and the spans of all amounts with their
    labels: in "budget EUR 40,000" the budget is no topic."""
    spans: list[Span] = []
    best: tuple[int, int, FoundMoney] | None = None
    for pattern in _MONEY:
        for match in pattern.finditer(text):
            if len(spans) == MOST_AMOUNTS:
                break
            span = Span(*match.span())
            is_signed = match.groupdict().get("sign") is not None
            if any(span.overlaps(other) for other in spans) or not (is_signed or _value(match) >= LEAST_MONEY):
                continue
            spans.append(span)
            if _NOT_THE_DEAL.match(text, span.end) or _NOT_BEFORE.search(text, 0, span.start):
                continue
            key = (_distance_to_deal(text, span), span.start)
            if best is None or key < best[:2]:
                best = (*key, FoundMoney(_value(match), _currency(match), span))
    labels = [label for span in spans if (label := _label_before(text, span)) is not None]
    return (None if best is None else best[2]), tuple(sorted([*spans, *labels]))


def _label_before(text: str, span: Span) -> Span | None:
    label = _LABELED.search(text, max(0, span.start - _LONGEST_LABEL), span.start)
    return None if label is None else Span(*label.span())


def find_quantity(text: str) -> FoundCount | None:
    """Give how many references are wanted: "two references", "2-3 peers" (the higher), "one call"."""
    match = _QUANTITY.search(text)
    if match is None:
        return None
    written = match["count"].lower()
    return FoundCount(int(written) if written.isdigit() else NUMBERS[written], Span(match.start(), match.end("count")))


def find_headcounts(text: str) -> list[FoundCount]:
    """Give company sizes named by people: "500 employees", "over 10,000 staff" (10,001), "a 300-person firm"."""
    found = []
    for match in _HEADCOUNT.finditer(text):
        if match["unit"] is None:
            continue
        count = Decimal(re.sub(r"[,. ](?=[0-9]{3})", "", match["count"]))
        people = int(count * (1000 if match["scale"] else 1)) + (
            1 if match["more"] or match["plus"] or match["up"] else 0
        )
        found.append(FoundCount(people, Span(*match.span())))
    return found


def _distance_to_deal(text: str, span: Span) -> int:
    """Letters between an amount and the nearest word such as "deal", `_NEAR` where none is nearer."""
    around = _DEAL_NEAR.finditer(text, max(0, span.start - _NEAR), span.end + _NEAR)
    return min((max(0, span.start - each.end(), each.start() - span.end) for each in around), default=_NEAR)


def _currency(match: re.Match[str]) -> str:
    groups = match.groupdict()
    if groups.get("sign"):
        return _SIGNS[groups["sign"].upper()]
    if groups.get("code"):
        return groups["code"].upper().replace("RMB", "CNY")
    if groups.get("name"):
        name = groups["name"].lower()
        return _NAMES.get(name) or _NAMES[name.removesuffix("s")]
    return ""


def _value(match: re.Match[str]) -> Decimal:
    written = re.sub(r"[ '’\u00a0]", "", match["amount"])
    if re.fullmatch(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?", written):
        written = written.replace(",", "")
    elif re.fullmatch(r"[0-9]{1,3}(?:\.[0-9]{3})+(?:,[0-9]+)?", written):
        written = written.replace(".", "")
    value = Decimal(written.replace(",", "."))
    scaled = value * _SCALES.get((match["scale"] or "").lower(), 1)
    return scaled.quantize(Decimal(1)) if scaled == scaled.to_integral_value() else scaled.quantize(Decimal("0.01"))
