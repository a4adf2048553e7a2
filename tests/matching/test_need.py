"""A need is grouped, corrected and carried through JSON."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

from matching.need import Need, Reading
from references.words import Span

BANK = Reading(1, "industry", "Banking", 0.95, 0, 4, "synonym")
SPAIN = Reading(2, "region", "Spain", 0.6, 8, 13, "typo", "must", 2.0)
NEED = Need(
    "Bank in Spain",
    (BANK, SPAIN),
    activity="call",
    activity_span=Span(0, 4),
    activity_confidence=0.6,
    needed_by=date(2027, 1, 1),
    deal_value=Decimal("1.50"),
    currency="EUR",
    quantity=2,
    words=("bank", "spain"),
)


def test_readings_are_grouped_by_facet() -> None:
    assert NEED.by_facet() == {"industry": (BANK,), "region": (SPAIN,)}
    assert NEED.by_facet("must") == {"region": (SPAIN,)}


def test_unsure_readings_are_to_be_confirmed() -> None:
    assert NEED.unsure == (SPAIN,)


def test_corrections_leave_the_rest() -> None:
    corrected = NEED.with_(readings=(BANK,), activity=None)
    assert (corrected.readings, corrected.activity, corrected.currency) == ((BANK,), None, "EUR")
    assert NEED.readings == (BANK, SPAIN)


def test_need_survives_json() -> None:
    assert Need.from_dict(json.loads(json.dumps(NEED.as_dict()))) == NEED
    assert Need.from_dict({"text": "x"}) == Need("x")


def test_spans_overlap_when_they_share_a_character() -> None:
    assert Span(0, 3).overlaps(Span(2, 5))
    assert not Span(0, 3).overlaps(Span(3, 5))


def test_rewritten_keeps_what_was_read_in_its_place_and_loses_the_words_of_a_name() -> None:
    text = "Bank like the one of Nora Lindqvist in Spain by March"
    need = NEED.with_(
        text=text,
        readings=(BANK, replace(SPAIN, start=39, end=44)),
        needed_by_span=Span(48, 53),
        prospect="Nora Lindqvist",
        words=("bank", "nora", "lindqvist", "spain"),
        leftover=("Nora", "Lindqvist", "like"),
    )
    without = need.rewritten(lambda words: words.replace("Nora Lindqvist", "…"))
    assert without.text == "Bank like the one of … in Spain by March"
    assert [without.text[each.start : each.end] for each in without.readings] == ["Bank", "Spain"]
    assert without.needed_by_span is not None
    assert without.text[slice(*without.needed_by_span)] == "March"
    assert (without.prospect, without.words, without.leftover) == ("…", ("bank", "spain"), ("like",))
    assert need.rewritten(str) == need
