"""The structured need: what a brief asks for, as frozen values that pages correct, requests store and ranking reads."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from decimal import Decimal
from typing import Any, Literal, Self

from references.lexicon import SURE, Method
from references.text import stems
from references.words import Span

Mode = Literal["nice", "must", "not"]

STRESSED = 2.0
"""The stress of a facet the brief insists on (docs/matching.md, score: m is 1 or 2)."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One tag found in a brief: how sure, where, by which method, and whether it is wished, required or excluded.

    `start` and `end` are character offsets into the brief, end exclusive; both are 0 for what a user added by hand.
    """

    tag_id: int
    facet: str
    name: str
    confidence: float
    start: int
    end: int
    method: Method
    mode: Mode = "nice"
    stress: float = 1.0

    @property
    def span(self) -> Span:
        """Where in the brief this was read."""
        return Span(self.start, self.end)

    @property
    def is_sure(self) -> bool:
        """True where no one needs to confirm the reading before it counts."""
        return self.confidence >= SURE

    def as_dict(self) -> dict[str, Any]:
        """Give the reading as JSON values."""
        return {each.name: getattr(self, each.name) for each in fields(self)}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Rebuild what `as_dict` gave; raises TypeError for unknown or missing keys."""
        return cls(**data)


@dataclass(frozen=True)
class Need:
    """A brief, understood: readings per facet, activity, date, money and counts, each with its place in the text.

    `words` are the stems to search text with; `leftover` are the content words, as written, that nothing understood.
    `quantity` counts references wanted, `deal_value` is in whole units of `currency` (ISO 4217, empty when not named).
    """

    text: str
    readings: tuple[Reading, ...] = ()
    activity: str | None = None
    activity_span: Span | None = None
    activity_confidence: float = 0.0
    needed_by: date | None = None
    needed_by_span: Span | None = None
    deal_value: Decimal | None = None
    currency: str = ""
    money_span: Span | None = None
    quantity: int | None = None
    prospect: str | None = None
    words: tuple[str, ...] = field(default=())
    leftover: tuple[str, ...] = field(default=())

    def by_facet(self, *modes: Mode) -> dict[str, tuple[Reading, ...]]:
        """Group the readings by facet in reading order; only those of `modes` where any are given."""
        groups: dict[str, list[Reading]] = {}
        for reading in self.readings:
            if not modes or reading.mode in modes:
                groups.setdefault(reading.facet, []).append(reading)
        return {facet: tuple(readings) for facet, readings in groups.items()}

    @property
    def unsure(self) -> tuple[Reading, ...]:
        """Readings to show as chips to confirm."""
        return tuple(reading for reading in self.readings if not reading.is_sure)

    def with_(self, **changes: Any) -> "Need":
        """Give this need with some fields replaced, as corrections do; raises TypeError for an unknown field."""
        return replace(self, **changes)

    def rewritten(self, rewrite: Callable[[str], str]) -> "Need":
        """Give this need with names taken out of its text, and what was read still in its place.

        Words that the text no longer has are left out; `rewrite` must do to a beginning of the text what it does to
        the whole.
        """
        text = rewrite(self.text)

        def place(offset: int) -> int:
            return len(rewrite(self.text[:offset]))

        def moved(span: Span | None) -> Span | None:
            return None if span is None else Span(place(span.start), place(span.end))

        gone = set(stems(self.text)) - set(stems(text))
        return self.with_(
            text=text,
            readings=tuple(replace(each, start=place(each.start), end=place(each.end)) for each in self.readings),
            activity_span=moved(self.activity_span),
            needed_by_span=moved(self.needed_by_span),
            money_span=moved(self.money_span),
            prospect=None if self.prospect is None else rewrite(self.prospect),
            words=tuple(word for word in self.words if word not in gone),
            leftover=tuple(word for word in self.leftover if not gone.intersection(stems(word))),
        )

    def as_dict(self) -> dict[str, Any]:
        """Give the need as JSON values: dates in ISO form, money as a string, spans as pairs."""
        return {
            "text": self.text,
            "readings": [reading.as_dict() for reading in self.readings],
            "activity": self.activity,
            "activity_span": _pair(self.activity_span),
            "activity_confidence": self.activity_confidence,
            "needed_by": None if self.needed_by is None else self.needed_by.isoformat(),
            "needed_by_span": _pair(self.needed_by_span),
            "deal_value": None if self.deal_value is None else str(self.deal_value),
            "currency": self.currency,
            "money_span": _pair(self.money_span),
            "quantity": self.quantity,
            "prospect": self.prospect,
            "words": list(self.words),
            "leftover": list(self.leftover),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Rebuild what `as_dict` gave; absent keys take their defaults, a missing text raises KeyError."""
        value, day = data.get("deal_value"), data.get("needed_by")
        return cls(
            text=data["text"],
            readings=tuple(Reading.from_dict(each) for each in data.get("readings", ())),
            activity=data.get("activity"),
            activity_span=_span(data.get("activity_span")),
            activity_confidence=data.get("activity_confidence", 0.0),
            needed_by=None if day is None else date.fromisoformat(day),
            needed_by_span=_span(data.get("needed_by_span")),
            deal_value=None if value is None else Decimal(value),
            currency=data.get("currency", ""),
            money_span=_span(data.get("money_span")),
            quantity=data.get("quantity"),
            prospect=data.get("prospect"),
            words=tuple(data.get("words", ())),
            leftover=tuple(data.get("leftover", ())),
        )


def _pair(span: Span | None) -> list[int] | None:
    return None if span is None else [span.start, span.end]


def _span(pair: Any) -> Span | None:
    return None if pair is None else Span(*pair)
