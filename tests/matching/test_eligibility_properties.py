"""Why not, without a database: each rule's day is the first that trying day after day finds, and each says its own."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.eligibility import CAPS, HEALED_BY_TIME, SENTENCES, Question, explain_refusals, find_next_free, sentence
from matching.results import Refusal
from references.activities import BY_CODE
from references.availability import Circumstances, Range, latest_ask
from references.caps import Breach, OwnLimits, check_caps
from references.fatigue import Touch, score, total_load
from references.models import Contact
from references.policy import ProgramPolicy
from references.rules import NEVER_OVERRIDDEN

NOW = datetime(2026, 6, 15, 9, tzinfo=UTC)
POLICY = ProgramPolicy()
ALWAYS = ((date(2000, 1, 1), None),)
TRIED = ("call", "speaking", "review", "quote", "beta")


def day(offset: int) -> date:
    return NOW.date() + timedelta(days=offset)


def touch(activity: str, status: str, on: int, *, contact_id: int = 1, recorded: int | None = None) -> Touch:
    """A row recorded on its day, or now where it lies ahead; a hold ends in an hour."""
    moment = NOW + timedelta(days=min(on, 0) if recorded is None else recorded)
    expires_at = NOW + timedelta(hours=1) if status == "held" else None
    return Touch(contact_id, activity, status, day(on), moment, f"test:{contact_id}:{activity}:{on}", expires_at)


def ask(activity: str = "call", on: int = 0) -> Question:
    return Question(activity, day(on), NOW, POLICY)


def refuse(
    code: str, question: Question, circumstances: Circumstances, *, contact: Contact | None = None, **details: str
) -> Refusal:
    (refusal,) = explain_refusals(question, [code], contact or Contact(status="active"), circumstances, details)
    return refusal


def first_day(question: Question, passes: Callable[[date], bool], *, within: int = 800) -> date | None:
    """The first day from the one asked about on which a rule passes, by trying each."""
    days = (question.on + timedelta(days=ahead) for ahead in range(within))
    return next((each for each in days if passes(each)), None)


def broken_caps(question: Question, circumstances: Circumstances, on: date) -> set[str]:
    own = circumstances.own
    everyone = own + circumstances.colleagues
    asked_on = latest_ask(question.activity, on, NOW)
    breaches = check_caps(
        own, everyone, question.activity, on, NOW, POLICY.caps, circumstances.own_limits, asked_on=asked_on
    )
    return {breach.code for breach in breaches}


def is_rested(question: Question, circumstances: Circumstances, on: date) -> bool:
    total = total_load(circumstances.own, circumstances.colleagues, on, POLICY.fatigue, known_at=NOW)
    return score(total, circumstances.sensitivity, POLICY.fatigue) < POLICY.fatigue.stop


def is_open(closed: tuple[Range, ...], on: date) -> bool:
    return not any(start <= on and (end is None or on <= end) for start, end in closed)


def touches(contact_id: int) -> st.SearchStrategy[Touch]:
    return st.builds(
        touch,
        st.sampled_from(["call", "speaking", "review", "quote", "site_visit"]),
        st.sampled_from(["completed", "completed", "planned", "declined", "no_answer", "cancelled", "asked"]),
        st.integers(-200, 60),
        contact_id=st.just(contact_id),
        recorded=st.integers(-40, 0),
    )


RANGES = st.builds(
    lambda start, length: (day(start), None if length is None else day(start + length)),
    st.integers(-30, 60),
    st.one_of(st.integers(0, 30), st.integers(0, 30), st.none()),
)
CIRCUMSTANCES = st.builds(
    lambda own, colleagues, sensitivity, most, blackouts, consents: Circumstances(
        own=tuple(own),
        colleagues=tuple(colleagues),
        sensitivity=sensitivity,
        own_limits=OwnLimits(most, frozenset(TRIED)),
        blackouts=tuple(blackouts),
        consents=tuple(consents),
    ),
    st.lists(touches(1), max_size=6),
    st.lists(touches(2), max_size=4),
    st.sampled_from(["normal", "sensitive", "ambassador"]),
    st.sampled_from([None, 1]),
    st.lists(RANGES, max_size=3),
    st.lists(RANGES, max_size=3),
)


@settings(max_examples=60)
@given(CIRCUMSTANCES, st.sampled_from(TRIED), st.integers(0, 70))
def test_cap_stands_until_the_first_day_that_passes_it(circumstances: Circumstances, activity: str, on: int) -> None:
    """Caps on what happens by the day of it, caps on asking by the last day on which the ask may go out."""
    question = ask(activity, on)
    for code in sorted(broken_caps(question, circumstances, question.on)):
        passes = first_day(question, lambda each, code=code: code not in broken_caps(question, circumstances, each))  # type: ignore[misc]
        assert refuse(code, question, circumstances).until == passes


@settings(max_examples=60)
@given(CIRCUMSTANCES, st.integers(0, 60))
def test_ranges_and_fatigue_stand_until_the_first_day_outside_them(circumstances: Circumstances, on: int) -> None:
    question = ask(on=on)
    closed = first_day(question, lambda each: is_open(circumstances.blackouts, each))
    assert [refuse(code, question, circumstances).until for code in ("blackout", "renewal")] == [closed, closed]
    if not is_rested(question, circumstances, question.on):
        rested = first_day(question, lambda each: is_rested(question, circumstances, each))
        assert refuse("fatigue", question, circumstances).until == rested
    if is_open(circumstances.consents or (), question.on):
        given_again = first_day(question, lambda each: not is_open(circumstances.consents or (), each))
        assert refuse("no_consent", question, circumstances).until == given_again


def passes_all(question: Question, circumstances: Circumstances, on: date) -> bool:
    return (
        on >= day(BY_CODE[question.activity].lead_days)
        and not broken_caps(question, circumstances, on)
        and is_rested(question, circumstances, on)
        and is_open(circumstances.blackouts, on)
        and not is_open(circumstances.consents or (), on)
    )


@settings(max_examples=40)
@given(CIRCUMSTANCES, st.sampled_from(TRIED), st.integers(0, 70))
def test_next_free_day_is_the_first_on_which_every_rule_passes(
    circumstances: Circumstances, activity: str, on: int
) -> None:
    question = ask(activity, on)
    expected = first_day(question, lambda each: passes_all(question, circumstances, each), within=731)
    assert find_next_free(question, ["rest"], circumstances) == expected


@pytest.mark.parametrize("code", sorted(set(SENTENCES) | {"must_have", "unwanted"}))
def test_only_what_time_heals_has_a_free_day(code: str) -> None:
    """One lasting rule among several is enough to keep the door shut."""
    free = Circumstances(consents=ALWAYS)
    expected = day(3) if code in HEALED_BY_TIME else None
    assert find_next_free(ask(), [code], free) == find_next_free(ask(), ["rest", code], free) == expected


def test_caps_heal_by_time_but_for_an_open_ask_and_what_was_not_agreed() -> None:
    assert {"not_agreed", "ask_outstanding"} == CAPS - HEALED_BY_TIME


@pytest.mark.parametrize(
    "code", ["opted_out", "not_referenceable", "not_active", "escalation", "red_health", "conflict", "not_agreed"]
)
def test_what_time_does_not_heal_names_no_day(code: str) -> None:
    """Not even where a blackout, a pause or a consent to come would name one."""
    waiting = Circumstances(blackouts=((day(0), day(9)),), consents=((day(20), None),))
    paused = Contact(status="paused", paused_until=day(40))
    assert refuse(code, ask(), waiting, contact=paused).until is None


def test_pause_stands_until_its_own_end() -> None:
    paused = Contact(status="paused", paused_until=day(40))
    assert refuse("paused", ask(), Circumstances(consents=ALWAYS), contact=paused).until == day(40)


def test_too_short_a_notice_is_told_with_the_day_asked_about() -> None:
    """`Question.on` is never before the notice has passed: the search moves it."""
    assert refuse("lead_time", ask("speaking", 60), Circumstances(consents=ALWAYS)).until == day(60)


def test_consent_to_come_counts_from_the_earliest_and_only_after_the_day() -> None:
    spans = ((day(-30), day(-1)), (day(50), None), (day(20), day(30)))
    assert refuse("no_consent", ask(), Circumstances(consents=spans)).until == day(20)
    assert refuse("no_consent", ask(), Circumstances(consents=())).until is None
    assert refuse("no_consent", ask(), Circumstances(consents=None)).until is None


def test_blackouts_that_touch_or_overlap_are_one() -> None:
    closed = ((day(6), day(9)), (day(0), day(5)), (day(2), day(3)), (day(11), day(12)))
    assert refuse("blackout", ask(), Circumstances(blackouts=closed, consents=ALWAYS)).until == day(10)
    assert refuse("blackout", ask(on=12), Circumstances(blackouts=closed, consents=ALWAYS)).until == day(13)
    endless = (*closed, (day(10), date.max))
    assert refuse("blackout", ask(), Circumstances(blackouts=endless, consents=ALWAYS)).until is None


def test_rest_is_looked_for_two_years_ahead() -> None:
    """As far as the next free day looks."""
    tired = Circumstances(
        own=tuple(touch("site_visit", "planned", each) for each in range(700, 860, 10)), consents=None
    )
    rested = first_day(ask(on=100), lambda each: is_rested(ask(), tired, each), within=2000)
    assert rested is not None
    on = (rested - day(730)).days
    assert refuse("fatigue", ask(on=on), tired).until == rested
    assert refuse("fatigue", ask(on=on - 1), tired).until is None


@pytest.mark.parametrize("sensitivity", ["normal", "sensitive", "ambassador"])
def test_live_holds_tire_until_what_they_are_for_has_faded(sensitivity: str) -> None:
    """However soon they end: the day they are for is to come, as far as anybody knows now."""
    held = tuple(touch("site_visit", "held", each) for each in (10, 11, 12, 13))
    circumstances = Circumstances(own=held, sensitivity=sensitivity, consents=None)
    rested = first_day(ask(on=14), lambda each: is_rested(ask(), circumstances, each))
    assert rested is not None
    assert rested > day(15)
    assert refuse("fatigue", ask(on=14), circumstances).until == rested


def test_asks_are_counted_as_of_the_day_the_ask_may_go_out() -> None:
    """A review needs five days' notice; on the fifth from now, the ask before the last thirty days is out."""
    asks = tuple(touch("beta", "cancelled", 40, recorded=each) for each in (-29, -10, -5))
    refusal = refuse("asks_per_month", ask("review", 10), Circumstances(own=asks, consents=ALWAYS))
    assert refusal.sentence == "Was asked 2 times in 30 days (limit 2)."


def test_every_rule_speaks_in_the_order_given_with_words_of_the_brief_first() -> None:
    circumstances = Circumstances(own=(touch("call", "completed", -10),), consents=ALWAYS)
    codes = ["rest", "must_have", "opted_out"]
    details = {"must_have": "The brief insists on Spain."}
    assert explain_refusals(ask(), codes, Contact(), circumstances, details) == (
        Refusal("rest", "Rests 30 days between engagements.", day(21), True),
        Refusal("must_have", "The brief insists on Spain.", None, True),
        Refusal("opted_out", "Asked not to be contacted.", None, False),
    )
    assert refuse("rest", ask(), circumstances, rest="Met on Monday.").sentence == "Met on Monday."


@pytest.mark.parametrize("code", sorted(SENTENCES))
def test_what_is_promised_is_never_overridden(code: str) -> None:
    assert refuse(code, ask(), Circumstances(consents=ALWAYS)).may_override == (code not in NEVER_OVERRIDDEN)


NUMBERS = {"count": 2, "limit": 3, "days": 30}


@pytest.mark.parametrize(
    ("code", "numbers", "expected"),
    [
        ("not_active", None, "Not in the active pool yet (nominated)."),
        ("no_consent", None, "No consent on that day for: Speaking."),
        ("not_agreed", NUMBERS, "Has not agreed to: Speaking."),
        ("paused", None, "Paused for now."),
        ("lead_time", None, "Speaking needs 60 days' notice."),
        ("per_quarter", NUMBERS, "Already used 2 times in 30 days (limit 3)."),
        ("per_quarter", None, "Already used ? times in ? days (limit ?)."),
    ],
)
def test_sentence_tells_its_numbers_or_that_they_are_not_known(
    code: str, numbers: dict[str, int | str] | None, expected: str
) -> None:
    breach = Breach(code, None, numbers) if numbers else None
    assert sentence(code, ask("speaking"), Contact(status="nominated"), breach) == expected


def test_pause_with_an_end_says_it() -> None:
    paused = Contact(status="paused", paused_until=date(2026, 7, 3))
    assert sentence("paused", ask(), paused, None) == "Paused until 3 Jul 2026."


def test_unknown_rule_is_an_error() -> None:
    with pytest.raises(KeyError, match="whim"):
        refuse("whim", ask(), Circumstances(consents=ALWAYS))
