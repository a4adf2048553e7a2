"""Chains of referrals: trees by example, and no circle that could ever trap a reader."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from advocacy.chains import Link, build_forest

D = Decimal


def test_tree_with_depth_and_value_below() -> None:
    forest = build_forest(
        [
            Link(1, "a", "b", D(100), "EUR"),
            Link(2, "b", "c", D(40), "EUR"),
            Link(3, "b", "d", D(7), "USD"),
            Link(4, "a", "e"),
            Link(5, "x", "y"),
        ]
    )
    assert [(each.node, each.depth, each.parent, each.children, each.below) for each in forest.branches] == [
        ("a", 0, None, 2, 4),
        ("b", 1, "a", 2, 2),
        ("c", 2, "b", 0, 0),
        ("d", 2, "b", 0, 0),
        ("e", 1, "a", 0, 0),
        ("x", 0, None, 1, 1),
        ("y", 1, "x", 0, 0),
    ]
    assert forest.branches[0].value_below == (("EUR", D(140)), ("USD", D(7)))
    assert forest.branches[1].value_below == (("EUR", D(40)), ("USD", D(7)))
    assert forest.branches[1].link == 1
    assert forest.depth == 2


def test_first_to_bring_somebody_counts() -> None:
    forest = build_forest([Link(2, "b", "c"), Link(1, "a", "c")])
    assert [(each.node, each.parent) for each in forest.branches] == [("a", None), ("c", "a"), ("b", None)]
    assert forest.repeated == (2,)


def test_circles_are_cut_at_the_link_that_closes_them() -> None:
    forest = build_forest([Link(1, "a", "b"), Link(2, "b", "c"), Link(3, "c", "a"), Link(4, "d", "d")])
    assert forest.circular == (3, 4)
    assert [(each.node, each.depth) for each in forest.branches] == [("a", 0), ("b", 1), ("c", 2), ("d", 0)]


def test_long_chain_and_none_at_all() -> None:
    forest = build_forest([Link(number, str(number), str(number + 1), D(1), "EUR") for number in range(1500)])
    assert forest.depth == 1500
    assert forest.branches[0].value_below == (("EUR", D(1500)),)
    assert build_forest([]).depth == 0


links = st.lists(
    st.builds(
        Link, st.integers(1, 99), st.sampled_from("abcdef"), st.sampled_from("abcdef"), st.integers(0, 9).map(D),
        st.sampled_from(["EUR", "USD"]),
    ),
    max_size=20,
    unique_by=lambda each: each.id,
)  # fmt: skip


@given(links)
def test_every_link_is_in_a_tree_or_named_and_values_add_up(rows: list[Link]) -> None:
    forest = build_forest(rows)
    in_trees = [each.link for each in forest.branches if each.link is not None]
    assert sorted([*in_trees, *forest.repeated, *forest.circular]) == sorted(row.id for row in rows)
    assert {each.node for each in forest.branches} == {end for row in rows for end in (row.referrer, row.referred)}
    assert len({each.node for each in forest.branches}) == len(forest.branches)
    tops = [each for each in forest.branches if each.depth == 0]
    assert sum(each.below for each in tops) == len(in_trees)
    values = {row.id: row.value for row in rows}
    below = sum(amount for each in tops for _currency, amount in each.value_below)
    assert below == sum(values[link] or 0 for link in in_trees)
    depths = {each.node: each.depth for each in forest.branches}
    assert all(each.parent is None or depths[each.parent] == each.depth - 1 for each in forest.branches)
