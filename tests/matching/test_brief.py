"""Briefs of many industries are read: tags, modes, activity, dates, words; and no text breaks the reader."""

import json
import os
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.brief import read_brief
from matching.need import Need, Reading
from references.lexicon import Lexicon
from references.starter import build_starter_vocabulary
from references.vocabulary import Vocabulary, VocabularyTag

TODAY = date(2026, 11, 18)  # a Wednesday
PRODUCTS = (
    ("product", "Go", ("golang",)),
    ("product", "Box", ()),
    ("product", "Rex", ()),
    ("product", "C++", ()),
    ("product", "Azure IoT Hub", ("IoT Hub",)),
    ("product", "Kubernetes", ("k8s",)),
    ("product", "Salesforce", ()),
    ("competitor", "Oracle", ()),
    ("product", "2019", ()),
    ("product", "Imported by mistake with a name far too long to be one", ()),
)


def _vocabulary() -> Vocabulary:
    starter = build_starter_vocabulary().tags
    own = tuple(
        VocabularyTag(10_000 + number, facet, f"own-{number}", name, (), synonyms)
        for number, (facet, name, synonyms) in enumerate(PRODUCTS)
    )
    return Vocabulary(starter + own)


VOCABULARY = _vocabulary()
LEXICON = Lexicon(VOCABULARY)
BRIEFS = Path(os.environ.get("REFPROGRAM_DATA", "../shared/data")) / "briefs.json"


def _read(text: str) -> Need:
    return read_brief(text, LEXICON, today=TODAY)


def _names(need: Need, mode: str = "nice", *, sure: bool = True) -> set[str]:
    return {each.name for each in need.readings if each.mode == mode and (each.is_sure or not sure)}


def _reading(text: str, name: str) -> Reading:
    return next(each for each in _read(text).readings if each.name == name)


@pytest.mark.parametrize(
    "text,names",
    [
        ("An insurer in Switzerland", {"Insurance", "Switzerland"}),
        ("Insurers from Zürich or Zurich", {"Insurance", "Zurich"}),
        ("a high-street lender from Scotland", {"Lending & Credit", "Scotland"}),
        ("dentists in Texas", {"Dental", "Texas"}),
        ("Portland, OR", {"Portland", "Oregon"}),
        ("the US and the UK", {"United States", "United Kingdom"}),
        ("tell us about it, in or out", set()),
        ("a CFO of a hospital", {"Finance & accounting", "C-level", "Hospitals & Health Systems"}),
        ("head of risk", {"Risk & compliance", "Director"}),
        ("health care company", {"Healthcare"}),
        ("ride hailing or ride-hailing", {"Ride Hailing & Taxis"}),
        ("detection of fraud at a telco", {"Fraud detection", "Telecommunications"}),
        ("detecting fraud", {"Fraud detection"}),
        ("migrating to the cloud", {"Cloud migration"}),
        ("a charity with a food bank", {"Nonprofit", "Food Banks & Community Services"}),
        ("wind people", {"Wind Power"}),
        ("the answer is blowing in the wind", set()),
        ("shops for wind or solar parks", {"Wind Power", "Solar Power"}),
        ("Spanish retailers", {"Spain", "Retail"}),
        ("Spanish-speaking retailers", {"Spanish", "Retail"}),
        ("someone who speaks German", {"German"}),
        ("a call in French, please", {"French"}),
        ("customers in German cities", {"Germany"}),
        ("Spanish or Portuguese", {"Spain", "Portugal"}),
        ("French or German speakers", {"French", "German"}),
        ("French or German banks", {"France", "Germany", "Banking"}),
        ("asset managers", {"Asset & Fund Management"}),
        ("salesforce and a sales team", {"Salesforce", "Sales & business development"}),
        ("500 employees", {"201–1,000 employees"}),
        ("more than 10,000 staff", {"More than 10,000 employees"}),
        ("a job centre or a city council", {"Employment & Social Services", "Local Government"}),
        ("a polytechnic using e-signature", {"Vocational & Technical Education", "E-signature"}),
        ("a factory of packing machines", {"Industrial Machinery"}),
        ("hospital-equipment maker in Ohio", {"Medical Devices", "Ohio"}),
        ("consulting engineers from Leeds", {"Engineering & Technical Services", "Leeds"}),
        ("a sugar mill, or starch", {"Food Processing"}),
        ("the company culture of a yoghurt maker", {"Dairy Products"}),
        ("a lift service in Durban", {"Building Services & Trades", "Durban"}),
        ("peak season at a hotel", {"Hotels & Lodging"}),
        ("the maintenance director of a ferry", {"Manufacturing & production", "Director", "Cruise Lines"}),
        ("cloud security at a brewery", {"Network & cloud security", "Breweries, Wineries & Distilleries"}),
    ],
)
def test_tags_are_read(text: str, names: set[str]) -> None:
    assert _names(_read(text)) == names


@pytest.mark.parametrize(
    "text,names",
    [
        ("We run Go and golang", {"Go"}),
        ("let's go now, box it", set()),
        ("they chose Box for files", {"Box"}),
        ("k8s on azure iot hub", {"Kubernetes", "Azure IoT Hub"}),
        ("C++ on salesforce", {"C++", "Salesforce"}),
        ("rex and the year 2019", set()),
    ],
)
def test_products_with_everyday_names_need_their_case(text: str, names: set[str]) -> None:
    assert _names(_read(text)) == names


def test_everyday_product_name_at_the_start_of_a_sentence_is_unsure() -> None:
    assert _reading("Go is what they want", "Go").confidence < 0.5


@pytest.mark.parametrize(
    "text,excluded,wished",
    [
        ("not a bank", {"Banking"}, set()),
        ("not a bank, insurer or lender, ideally a retailer", {"Banking", "Insurance", "Lending & Credit"}, {"Retail"}),
        ("other than retail, we'd like a hospital", {"Retail"}, {"Hospitals & Health Systems"}),
        ("not a bank but a museum", {"Banking"}, {"Museums & Galleries"}),
        ("not only insurers but also pharma", set(), {"Insurance", "Pharmaceuticals"}),
        ("no interest in cinemas, thanks", {"Film & TV Production"}, set()),
        ("can no longer run the hospital", set(), {"Hospitals & Health Systems"}),
        ("a brewery, nothing in dairy", {"Dairy Products"}, {"Breweries, Wineries & Distilleries"}),
        ("non-financial companies", {"Financial Services"}, set()),
        ("they don't want another airline", {"Airlines"}, set()),
        ("must not be in Poland", {"Poland"}, set()),
        ("a charity that has no IT staff", set(), {"Nonprofit"}),
        ("not sure if insurers count", set(), {"Insurance"}),
        ("we are not able to sign; find a law firm", set(), {"Legal Services"}),
        ("not Oracle, please. Airlines.", {"Oracle"}, {"Airlines"}),
        ("a museum; retailers are not relevant", {"Retail"}, {"Museums & Galleries"}),
    ],
)
def test_exclusion_stays_in_its_clause(text: str, excluded: set[str], wished: set[str]) -> None:
    need = _read(text)
    assert _names(need, "not") == excluded
    assert _names(need) == wished


def test_exclusion_of_a_compound_is_to_be_confirmed() -> None:
    need = _read("not a London bank")
    assert _names(need, "not", sure=False) == {"London", "Banking"}
    assert _names(need, "not") == set()


def test_contradiction_about_one_tag_is_to_be_confirmed() -> None:
    reading = _reading("A bank in Norway asks; not another bank", "Banking")
    assert (reading.mode, reading.is_sure) == ("not", False)


@pytest.mark.parametrize(
    "text,required,wished",
    [
        ("It must be a bank in Germany, ideally in Spain", {"Banking", "Germany"}, {"Spain"}),
        ("Only universities please, Spain would be a bonus", {"Higher Education"}, {"Spain"}),
        ("Banks only. Insurers too", {"Banking"}, {"Insurance"}),
        ("insists on a UK reference, preferably telecom", {"United Kingdom"}, {"Telecommunications"}),
        ("the person has to be a VP", {"Vice president"}, set()),
        ("The airline must release software faster", set(), {"Airlines"}),
        ("Banks only if we can", set(), {"Banking"}),
        ("only two weeks left for the airline", set(), {"Airlines"}),
        ("a retailer is a must", {"Retail"}, set()),
        ("an airline, on-premises essential", {"Hybrid & multi-cloud"}, {"Airlines"}),
        ("must speak Spanish or Portuguese", {"Spanish", "Portuguese"}, set()),
        ("Spanish banks. Portuguese essential", {"Portuguese"}, {"Spain", "Banking"}),
        ("Any hotel, French is a must", {"French"}, {"Hotels & Lodging"}),
    ],
)
def test_requirement_stays_in_its_clause(text: str, required: set[str], wished: set[str]) -> None:
    need = _read(text)
    assert _names(need, "must") == required
    assert _names(need) == wished
    assert all(each.stress == 2.0 for each in need.readings if each.mode == "must")


def test_stress_marks_what_follows() -> None:
    assert _reading("a call, especially someone in Mexico", "Mexico").stress == 2.0
    assert _reading("Rail first, otherwise airlines", "Rail").stress == 2.0
    assert _reading("Rail first, otherwise airlines", "Airlines").stress == 1.0


@pytest.mark.parametrize("text", ["A farm in Brazil asks; growers in any country", "Brazil calling. Growers anywhere."])
def test_open_region_makes_a_named_one_unsure(text: str) -> None:
    assert not _reading(text, "Brazil").is_sure


def test_openness_within_a_place_leaves_the_place() -> None:
    need = _read("The prospect sells in Chile, but the reference may sit anywhere in South America.")
    assert _names(need) == {"South America"}


@pytest.mark.parametrize(
    "text,tag",
    [("We have enough fashion references.", "Apparel & Fashion"), ("They already have bank stories", "Banking")],
)
def test_what_there_is_enough_of_is_no_wish(text: str, tag: str) -> None:
    reading = _reading(text, tag)
    assert (reading.mode, reading.is_sure) == ("not", False)


def test_enough_of_something_excludes_what_a_no_behind_it_says() -> None:
    assert _names(_read("We have enough of those, so no airlines."), "not") == {"Airlines"}


def test_hospitality_is_no_hospital_and_an_agent_no_act() -> None:
    assert _names(_read("Hospitality chain with a loyalty problem")) == {"Hospitality & Travel"}
    assert "Construction & project controls" not in _names(_read("Site manager to site manager"))


@pytest.mark.parametrize(
    "text,name,method",
    [
        ("a helathcare company", "Healthcare", "typo"),
        ("clients in Amsterdm", "Amsterdam", "typo"),
        ("kubernets users", "Kubernetes", "typo"),
        ("insurers", "Insurance", "inflection"),
        ("Insurance", "Insurance", "name"),
        ("insurer", "Insurance", "synonym"),
        ("300-person firm", "201–1,000 employees", "pattern"),
    ],
)
def test_method_says_how_it_was_read(text: str, name: str, method: str) -> None:
    reading = _reading(text, name)
    assert reading.method == method
    assert reading.is_sure == (method != "typo")


@pytest.mark.parametrize("text", ["charming persuasive people", "they plumb and rehearse", "the stable is planned"])
def test_everyday_words_are_not_mended(text: str) -> None:
    assert _read(text).readings == ()


def test_everything_at_once() -> None:
    text = "Two references from insurers in Spain by Friday for a $410k deal, not a broker. Prospect: Acme Ltd."
    need = _read(text)
    assert need.needed_by == date(2026, 11, 20)
    assert (need.deal_value, need.currency) == (Decimal(410_000), "USD")
    assert need.quantity == 2
    assert need.prospect == "Acme Ltd"
    assert need.activity == "call"
    assert need.money_span is not None
    assert text[slice(*need.money_span)] == "$410k"
    assert {"insur", "spain"} <= set(need.words)
    assert not {"broker", "friday", "410k", "two"} & set(need.words)


def test_leftover_holds_what_nobody_understood() -> None:
    assert _read("We need an insurer that knows flumboxing, please").leftover == ("knows", "flumboxing")


def test_given_activity_wins() -> None:
    need = read_brief("a call", LEXICON, today=TODAY, activity="video")
    assert (need.activity, need.activity_span, need.activity_confidence) == ("video", None, 1.0)


def test_given_activity_keeps_the_words_that_ask_for_it() -> None:
    need = read_brief("They want a call soon", LEXICON, today=TODAY, activity="call")
    assert need.activity_span is not None
    assert need.text[slice(*need.activity_span)] == "call"
    assert need.activity_confidence == 1.0


def test_activity_and_date_are_told_with_their_words_and_how_sure_they_are() -> None:
    need = _read("By Friday we want a customer call on fraud, with a bank")
    assert (need.activity, need.activity_confidence) == ("call", 0.9)
    assert need.activity_span is not None
    assert need.needed_by_span is not None
    assert need.text[slice(*need.activity_span)] == "customer call"
    assert need.text[slice(*need.needed_by_span)] == "By Friday"
    assert "call" not in need.words, "who asks for a call does not search for stories of calls"


def test_brief_that_names_nothing_leaves_all_open() -> None:
    need = _read("Something with flumboxing")
    assert (need.activity, need.activity_span, need.activity_confidence) == (None, None, 0.0)
    assert (need.deal_value, need.currency, need.needed_by, need.quantity) == (None, "", None, None)


@pytest.mark.parametrize(
    ("text", "words", "leftover"),
    [
        ("flumboxing by a call, in museums", ("flumbox", "museum"), ("flumboxing",)),
        ("museums, and a customer call, on flumboxing", ("museum", "flumbox"), ("flumboxing",)),
        ("a phone maker by phone", ("phone", "maker"), ()),
    ],
)
def test_words_are_those_that_do_not_ask(text: str, words: tuple[str, ...], leftover: tuple[str, ...]) -> None:
    need = _read(text)
    assert need.words == words
    assert need.leftover == leftover


@pytest.mark.parametrize(
    ("text", "prospect"),
    [
        ("Our prospect Acme Bank wants a call", "Acme Bank"),
        ("the prospect, is McAdam. A call", "McAdam"),
        ("account: “Acme”", "Acme"),
        ("Our prospect is Rival Inc. They want a call", "Rival Inc"),
        ("My prospect Booking.com is in a hurry", "Booking.com"),
        ("Our prospect J. P. Stone & Sons", "J. P. Stone"),
        ("Our prospect St. Mary's Hospital. Friday will do", "St. Mary's Hospital"),
        ("Account name: 'Acme Ltd.', a call", "Acme Ltd"),
        ("Opportunity = Rival Inc; a call", "Rival Inc"),
        ("our prospect wants a call", None),
    ],
)
def test_prospect_is_read_where_it_is_labeled_or_called_so(text: str, prospect: str | None) -> None:
    assert _read(text).prospect == prospect


@pytest.mark.parametrize(
    ("text", "activity"),
    [("a phone maker", None), ("a call with a phone maker", "call"), ("a phone maker for a webinar", "webinar")],
)
def test_words_of_a_name_of_several_ask_for_nothing(text: str, activity: str | None) -> None:
    assert _read(text).activity == activity


def test_in_capitals_throughout_short_names_are_to_be_confirmed() -> None:
    assert not _reading("WE SAW IT GO WELL WITH FRIENDS", "Information technology").is_sure
    assert _reading("someone from IT", "Information technology").is_sure


@pytest.mark.parametrize(
    ("text", "told", "mode", "stress"),
    [
        ("a helathcare firm, best of all Healthcare", "Healthcare", "nice", 1.0),
        ("Healthcare, or helathcare", "Healthcare", "nice", 1.0),
        ("Banks. Especially banks.", "banks", "nice", 2.0),
        ("Banks would do, but it must be a bank. A bank.", "bank", "must", 2.0),
        ("banks, banks and banks", "banks", "nice", 1.0),
    ],
)
def test_of_several_mentions_the_strictest_then_the_surest_is_told(
    text: str, told: str, mode: str, stress: float
) -> None:
    (reading,) = _read(text).readings
    assert (text[reading.start : reading.end], reading.mode, reading.stress) == (told, mode, stress)
    assert reading.is_sure


def test_numbers_and_single_letters_are_no_words_but_two_letters_are() -> None:
    need = _read("42 museums, x of zq in 2019")
    assert need.words == ("museum", "zq")
    assert need.leftover == ("zq",)


def test_addresses_are_not_read() -> None:
    assert _read("write to jane@bank.com or https://insurance.example/pharma").readings == ()


def test_need_survives_json() -> None:
    need = _read("Not a bank. A call by Friday, $5m deal, insurers in Spain")
    assert Need.from_dict(json.loads(json.dumps(need.as_dict()))) == need


@pytest.mark.skipif(not BRIEFS.exists(), reason="the briefs are not here")
def test_real_briefs_are_read_with_places_in_the_text() -> None:
    for brief in json.loads(BRIEFS.read_text()):
        need = _read(brief["text"])
        assert need.readings, brief["id"]
        _check_places(need)


def _check_places(need: Need) -> None:
    for reading in need.readings:
        assert 0 <= reading.start < reading.end <= len(need.text)
        assert need.text[reading.start : reading.end].strip()
        assert 0 < reading.confidence <= 1
    for span in (need.activity_span, need.needed_by_span, need.money_span):
        assert span is None or 0 <= span.start < span.end <= len(need.text)


PHRASES = st.sampled_from(
    "not a |only |must be |banks|insurers |, |. |or |and |in Spain|CFO |$4m |by Friday |any country |no |first |Go "
    "|wind |people |other than |ideally |two references |10,000+ employees |US |, OR |non-|health|care |ﬁ|İ|ß|\n".split(
        "|"
    )
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(PHRASES, st.text(max_size=12)), max_size=25).map("".join))
def test_any_text_is_read_alike_twice(text: str) -> None:
    need = _read(text)
    _check_places(need)
    assert need == _read(text)
    assert len({each.tag_id for each in need.readings}) == len(need.readings)
    assert Need.from_dict(json.loads(json.dumps(need.as_dict()))) == need


@settings(max_examples=15, deadline=None)
@given(st.randoms(use_true_random=False), st.lists(PHRASES, min_size=3, max_size=20).map("".join))
def test_order_of_the_vocabulary_is_irrelevant(random: "object", text: str) -> None:
    small = [tag for tag in VOCABULARY.tags if tag.facet in ("product", "size", "seniority")] + list(
        VOCABULARY.tags[:60]
    )
    straight = Lexicon(Vocabulary(tuple(small)))
    random.shuffle(small)  # type: ignore[attr-defined]
    assert read_brief(text, Lexicon(Vocabulary(tuple(small))), today=TODAY) == read_brief(text, straight, today=TODAY)
