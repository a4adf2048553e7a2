"""The find page's state, in and out of the query string."""

from datetime import date

from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from web.find.state import FindState, mark_of
from web.pool.state import PoolState
from web.querying import ANY_KEY, group_keys, toggle

KEYS = st.lists(
    st.tuples(st.sampled_from(["industry", "region"]), st.from_regex(r"[a-z][a-z-]{0,8}", fullmatch=True)).map(
        ":".join
    ),
    unique=True,
    max_size=3,
).map(tuple)


def read(url: str) -> FindState:
    return FindState.from_query(QueryDict(url.partition("?")[2]))


@given(
    text=st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=40).map(str.strip),
    activity=st.sampled_from(["", "call", "speaking"]),
    on=st.none() | st.dates(),
    added=KEYS,
    must=KEYS,
    chosen=KEYS,
    limit=st.integers(1, 100),
)
def test_state_survives_its_own_address(
    text: str, activity: str, on: date | None, added: tuple[str, ...], must: tuple[str, ...],
    chosen: tuple[str, ...], limit: int,
) -> None:  # fmt: skip
    state = FindState(text=text, activity=activity, on=on, added=added, must=must, chosen=chosen, limit=limit)
    assert read(state.url(limit=limit)) == state


@given(text=st.text(st.characters(codec="utf-8"), max_size=20) | st.just(f"f={ANY_KEY}&f={ANY_KEY}"), chosen=KEYS)
def test_a_pages_addresses_are_those_of_each_value(text: str, chosen: tuple[str, ...]) -> None:
    state, pool = (
        FindState(text=text, chosen=chosen, tab="stories"),
        PoolState(text=text, chosen=chosen, sort="fatigue"),
    )
    for key in (*chosen, "industry:banking", "region:a b&c=d", "band:é"):
        assert state.toggler()(key) == state.url_toggling(key)
        assert pool.toggler()(key) == pool.url_toggling(key)


def test_state_leaves_out_what_it_cannot_understand() -> None:
    assert read("/?activity=dance&on=2026-02-31&add=nonsense&add=:x&tab=other&limit=-3&q=+hi+") == FindState(text="hi")


def test_state_caps_the_limit() -> None:
    assert read("/?limit=99999").limit == 100


def test_corrections_fall_away_with_another_text() -> None:
    state = FindState(text="a bank", must=("industry:banking",), chosen=("region:norway",))
    changed = state.url().replace("q=a+bank", "q=a+hospital")
    assert read(changed) == FindState(text="a hospital")


def test_corrections_of_an_address_without_a_mark_are_kept() -> None:
    assert read("/?q=a+bank&must=industry:banking").must == ("industry:banking",)


def test_correcting_a_key_moves_it_between_the_lists() -> None:
    state = FindState(text="x", added=("industry:banking",), must=("region:norway",))
    moved = read(state.url_with("industry:banking", "excluded"))
    assert (moved.added, moved.must, moved.excluded) == ((), ("region:norway",), ("industry:banking",))
    assert read(moved.url_with("industry:banking", None)).excluded == ()


def test_another_question_starts_at_the_first_ten() -> None:
    state = FindState(text="x", limit=50)
    assert read(state.url_toggling("region:norway")).limit == 10
    assert read(state.url(tab="stories")).limit == 50


def test_mark_depends_on_the_text_alone() -> None:
    assert mark_of("a bank") == mark_of("a bank") != mark_of("a bank.")


def test_toggle_adds_and_removes() -> None:
    assert toggle((), "a:b") == ("a:b",)
    assert toggle(("a:b", "c:d"), "a:b") == ("c:d",)


def test_keys_are_grouped_by_facet() -> None:
    assert group_keys(["a:b", "c:d", "a:e:f"]) == {"a": ("b", "e:f"), "c": ("d",)}
