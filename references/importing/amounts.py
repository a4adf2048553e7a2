"""Reads what is counted: money with its currency, whole numbers, survey answers and numbers of employees."""

import re
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from references.enums import SizeBand
from references.importing.errors import CellError

CURRENCIES = frozenset(
    """AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF
    CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF
    IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK
    MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR
    SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VES
    VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG""".split()
)
_SYMBOLS = {
    "US$": "USD", "A$": "AUD", "AU$": "AUD", "C$": "CAD", "CA$": "CAD", "R$": "BRL", "NZ$": "NZD", "HK$": "HKD",
    "S$": "SGD", "MX$": "MXN", "$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR", "₩": "KRW", "₽": "RUB",
    "₺": "TRY", "₪": "ILS", "₴": "UAH", "ZŁ": "PLN", "KČ": "CZK", "FT": "HUF", "FR.": "CHF", "฿": "THB", "₫": "VND",
}  # fmt: skip
_SCALES = {"": 1, "k": 1_000, "tsd": 1_000, "m": 1_000_000, "mm": 1_000_000, "mn": 1_000_000, "mio": 1_000_000,
           "million": 1_000_000, "bn": 1_000_000_000, "b": 1_000_000_000, "billion": 1_000_000_000,
           "thousand": 1_000, "mrd": 1_000_000_000}  # fmt: skip
_AMOUNT = re.compile(r"^(\d[\d\s.,'’\u202f]*(?:[eE]\+?\d{1,2})?)\s*([A-Za-z]*)\.?$")
_MONEY_EXPECTED = "an amount such as 120000, $1,200.00 or EUR 1.200,00"
_MONEY_LIMIT = Decimal(10) ** 12


def parse_currency(text: str) -> str:
    """Read an ISO 4217 code or a symbol, "USD - US Dollar" included. Raises CellError."""
    upper = text.upper()
    code = _SYMBOLS.get(upper) or upper[:3]
    if code in CURRENCIES and (upper == code or upper in _SYMBOLS or not upper[3:4].isalpha()):
        return code
    raise CellError("is no currency known by ISO 4217", "a code of three letters such as USD or EUR")


@lru_cache(maxsize=4096)
def parse_money(text: str) -> tuple[Decimal, str]:
    """Read an amount (zero or more, two decimals) and its currency, "" if the cell does not say. Raises CellError."""
    number, currency = _split_currency(text.strip())
    if number.startswith(("-", "−", "(")):
        raise CellError("is less than nothing", _MONEY_EXPECTED)
    match = _AMOUNT.match(number)
    if not match or match[2].lower() not in _SCALES:
        raise CellError("is not an amount of money", _MONEY_EXPECTED)
    try:
        amount = Decimal(_plain_number(match[1])) * _SCALES[match[2].lower()]
    except InvalidOperation:
        raise CellError("is not an amount of money", _MONEY_EXPECTED) from None
    if amount >= _MONEY_LIMIT:
        raise CellError("is too large", "an amount below one trillion")
    return amount.quantize(Decimal("0.01")), currency


def _split_currency(text: str) -> tuple[str, str]:
    upper = text.upper()
    if upper[:3] in CURRENCIES:
        return text[3:].strip(), upper[:3]
    if upper[-3:] in CURRENCIES:
        return text[:-3].strip(), upper[-3:]
    for symbol, code in _SYMBOLS.items():
        if upper.startswith(symbol):
            return text[len(symbol) :].strip(), code
        if upper.endswith(symbol):
            return text[: -len(symbol)].strip(), code
    return text, ""


def _plain_number(text: str) -> str:
    """Write "1,200.00", "1.200,00", "1 200" and "1'200" as Python does; three figures after one mark are thousands."""
    text = re.sub(r"[\s'’\u202f]", "", text)
    comma, dot = text.rfind(","), text.rfind(".")
    if comma >= 0 and dot >= 0:
        thousands = "." if comma > dot else ","
        return text.replace(thousands, "").replace(",", ".")
    if re.match(r"^[1-9]\d{0,2}([.,])\d{3}(\1\d{3})*$", text):
        return text.replace(",", "").replace(".", "")
    return text.replace(",", ".")


def parse_count(text: str, *, most: int) -> int:
    """Read a whole number from 0 to `most`, "2.0" included. Raises CellError."""
    match = re.match(r"^\+?(\d{1,9})(?:[.,]0+)?$", text)
    if not match or int(match[1]) > most:
        raise CellError("is not a whole number in range", f"a whole number from 0 to {most}")
    return int(match[1])


_SCORE = re.compile(r"^(\d{1,2})(?:[.,]0+)?(?:\s*/\s*10)?(?:\s*(?:[-–—:(=]|out of 10\b).*)?$", re.DOTALL)


def parse_score(text: str) -> int:
    """Read an answer from 0 to 10: "9", "9.0", "9/10", "10 - Extremely likely". Raises CellError."""
    match = _SCORE.match(text)
    if not match or int(match[1]) > 10:
        raise CellError("is no answer from 0 to 10", "a whole number from 0 to 10")
    return int(match[1])


_BAND_TOPS = ((50, SizeBand.MICRO), (200, SizeBand.SMALL), (1_000, SizeBand.MEDIUM), (10_000, SizeBand.LARGE))
_COUNT = r"\d{1,3}(?:[,.'’ \u202f]\d{3})+(?!\d)|\d+(?:\.\d+)?"
_RANGE = re.compile(rf"({_COUNT})\s*([kKmM]?)\s*(?:-|–|—|to|bis|à)\s*({_COUNT})\s*([kKmM]?)")
_ONE = re.compile(rf"({_COUNT})\s*([kKmM]\b|million)?\s*(\+)?")
_STAFF = re.compile(
    rf"({_COUNT})\s*([kKmM]\b)?\s*(\+)?\s*(?:employees|staff|people|workers|fte|persons|empleados|mitarbeiter|salari|colla)",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"\b(students?|pupils|users|customers|members|patients|subscribers|clients|schüler|alumnos)\b", re.IGNORECASE
)
_MORE = re.compile(r"\b(more than|over|above|mehr als|über|más de|plus de)\b|>(?!=)", re.IGNORECASE)
_LESS = re.compile(r"\b(less than|fewer than|under|below|weniger als|menos de|moins de)\b|<(?!=)", re.IGNORECASE)


@lru_cache(maxsize=4096)
def parse_size(text: str) -> str:
    """Read a number or range of employees into its SizeBand; "" for 0 and for a count of others, such as students.

    A range goes to the band of its geometric middle. Raises CellError.
    """
    if counts_others(text):
        return ""
    ranged = _RANGE.search(text)
    if ranged:
        low, high = _people(ranged[1], ranged[2] or ranged[4]), _people(ranged[3], ranged[4])
        return band_of((max(low, 1) * high) ** 0.5)
    found = _STAFF.search(text) or _ONE.search(text)
    if not found or text.startswith("-"):
        raise CellError("says no number of employees", f"a number, or one of {', '.join(SizeBand.values)}")
    count = _people(found[1], found[2] or "")
    if found[3] or _MORE.search(text):
        count += 1
    elif _LESS.search(text):
        count -= 1
    return band_of(count) if count > 0 else ""


def counts_others(text: str) -> bool:
    """Whether a size counts students, users and the like and says nothing of employees."""
    return bool(_OTHERS.search(text)) and not _STAFF.search(text)


def band_of(employees: float) -> str:
    """Give the SizeBand of a number of employees."""
    return next((str(band.value) for top, band in _BAND_TOPS if employees <= top), str(SizeBand.ENTERPRISE.value))


def _people(number: str, scale: str) -> float:
    plain = re.sub(r"[,.'’ \u202f](?=\d{3})", "", number) if re.fullmatch(r"\d{1,3}(?:\D\d{3})+", number) else number
    return float(plain) * {"k": 1e3, "m": 1e6}.get(scale.lower()[:1], 1.0)
