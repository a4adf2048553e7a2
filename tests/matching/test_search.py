"""The whole answer to a brief: who, why, who not, and what anybody may see of it."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone
from django.utils.formats import date_format

from matching.results import SearchResult
from matching.search import Corrections, apply_corrections, plan_timing, search_references
from references.models import Contact, Tag
from references.pool.index import forget_snapshot
from tests.factories import (
    make_case_study,
    make_consent,
    make_contact,
    make_customer,
    make_engagement,
    make_policy,
    make_proof_point,
    make_tag,
    make_testimonial,
)
from tests.matching.pools import need_of, reading, snapshot_of, tag
from users.models import User

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 15)


def day(ahead: int) -> date:
    return timezone.now().date() + timedelta(days=ahead)


def search(user: User, text: str = "", *added: str, **asked: Any) -> SearchResult:
    corrections = Corrections(added=added, must=asked.pop("must", ()), excluded=asked.pop("excluded", ()))
    return search_references(user=user, text=text, corrections=corrections, **asked)


def ids(found: SearchResult) -> list[int]:
    return [each.card.contact_id for each in found.candidates]


def comparable(found: SearchResult) -> Any:
    """All of a result but the time it took."""
    return {name: getattr(found, name) for name in found.__slots__ if name != "elapsed_ms"}


@pytest.fixture
def banking(db: None) -> Tag:
    return make_tag("industry", "Banking", synonyms=["bank"])


# --- who, and in which order


def test_best_fit_comes_first_and_says_why(banking: Tag, rep: User) -> None:
    security = make_tag("role", "Security", synonyms=["CISO"])
    half = make_contact(make_customer("Half", tags=[banking]), consents=["call"])
    whole = make_contact(make_customer("Whole", tags=[banking]), tags=[security], consents=["call"])
    found = search(rep, "A bank's CISO for a call")
    assert ids(found) == [whole.pk, half.pk]
    assert [each.rank for each in found.candidates] == [1, 2]
    first = found.candidates[0]
    assert 100 >= first.fit > found.candidates[1].fit
    assert sum(term.points for term in first.terms) == pytest.approx(first.score)
    assert {term.label for term in first.terms} >= {"Industry", "Role", "Says yes", "Fatigue"}
    assert (first.next_free, found.activity) == (found.on, "call")
    assert (found.total_candidates, found.total_excluded, found.notice) == (2, 0, "")


def test_ties_go_to_the_lower_id_and_customers_come_once(banking: Tag, rep: User) -> None:
    first, second = make_customer(tags=[banking]), make_customer(tags=[banking])
    later = [make_contact(second, consents=["call"]) for _ in range(2)]
    earlier = [make_contact(first, consents=["call"]) for _ in range(2)]
    found = search(rep, "", "industry:banking")
    assert ids(found) == [later[0].pk, earlier[0].pk]
    assert found.total_candidates == 2, "totals count customers, as the list does"
    assert ids(search(rep, "", "industry:banking", limit=1)) == [later[0].pk]


def test_colleague_answers_where_the_best_is_resting(banking: Tag, rep: User) -> None:
    customer = make_customer(tags=[banking])
    tired, fresh = make_contact(customer, consents=["call"]), make_contact(customer, consents=["call"])
    make_engagement(tired, "call", on=day(-10))
    found = search(rep, "", "industry:banking")
    assert ids(found) == [fresh.pk]
    assert [each.card.contact_id for each in found.excluded] == [tired.pk]


def test_equal_questions_have_equal_answers_before_and_after_a_restart(banking: Tag, rep: User) -> None:
    """Also when the pool was refreshed write by write, and is then read anew in one piece."""
    spain = make_tag("region", "Spain", languages=[make_tag("language", "Spanish")])
    for place in range(6):
        customer = make_customer(tags=[banking, spain][: place % 2 + 1], notes="billing " * place)
        contact = make_contact(customer, consents=["call", "quote"])
        make_testimonial(contact, f"Saved {place} weeks of billing.")
        make_engagement(contact, "call", "completed" if place % 2 else "declined", day(-100 - place))
        search(rep)
    make_engagement(contact, "call", on=day(-9))
    asked = "A bank in Spain on billing"
    stepwise = search(rep, asked)
    assert len(stepwise.candidates) == 5
    assert comparable(search(rep, asked)) == comparable(stepwise)
    forget_snapshot()
    assert comparable(search(rep, asked)) == comparable(stepwise)


def test_whom_the_moment_bars_comes_before_whom_the_brief_does(banking: Tag, rep: User) -> None:
    spain = make_tag("region", "Spain")
    unwanted = make_contact(make_customer("A", tags=[banking, spain]), consents=["call"])
    resting = make_contact(make_customer("B", tags=[banking]), consents=["call"])
    make_engagement(resting, "call", on=day(-3))
    found = search(rep, "", "industry:banking", excluded=("region:spain",))
    assert [each.card.contact_id for each in found.excluded] == [resting.pk, unwanted.pk]
    assert found.excluded[0].score < found.excluded[1].score


def test_those_below_the_floor_are_no_excluded(banking: Tag, rep: User) -> None:
    make_contact(make_customer())
    found = search(rep, "", "industry:banking")
    assert (found.excluded, found.total_excluded) == ((), 0)


# --- what is asked


def test_demand_is_a_filter_and_is_eased_with_a_note_where_nobody_meets_it(banking: Tag, rep: User) -> None:
    make_tag("region", "Spain")
    contact = make_contact(make_customer(tags=[banking]), consents=["call"])
    found = search(rep, "", "industry:banking", must=("region:spain",))
    assert ids(found) == [contact.pk]
    assert found.notice == "Nobody who may be asked is known to be Spain, so that counts as a wish."
    unmet = next(term for term in found.candidates[0].terms if term.code == "region")
    assert (unmet.points, unmet.words) == (0.0, "Spain: nothing like it")


def test_demand_is_eased_where_those_who_meet_it_may_not_be_asked(banking: Tag, rep: User) -> None:
    spain = make_tag("region", "Spain")
    free = make_contact(make_customer(tags=[banking]), consents=["call"])
    resting = make_contact(make_customer(tags=[banking, spain]), consents=["call"])
    make_engagement(resting, "call", on=day(-3))
    found = search(rep, "", "industry:banking", must=("region:spain",))
    assert ids(found) == [free.pk]
    assert found.notice
    assert {each.code for each in found.excluded[0].refusals} == {"rest"}


def test_demand_is_not_eased_where_that_would_help_nobody(banking: Tag, rep: User) -> None:
    make_tag("region", "Spain")
    make_contact(make_customer(tags=[banking]))
    found = search(rep, "", "industry:banking", must=("region:spain",))
    assert (found.candidates, found.notice) == ((), "")
    assert {each.code for each in found.excluded[0].refusals} == {"no_consent", "must_have"}


def test_chosen_facets_narrow_people_and_are_counted_without_themselves(banking: Tag, rep: User) -> None:
    spain, france = make_tag("region", "Spain"), make_tag("region", "France")
    madrid = make_contact(make_customer(tags=[banking, spain], size_band="1-50"), consents=["call"])
    paris = make_contact(make_customer(tags=[banking, france], size_band="51-200"), consents=["call"])
    resting = make_contact(make_customer(tags=[banking, spain]), consents=["call"])
    make_engagement(resting, "call", on=day(-3))
    found = search(rep, "", "industry:banking", chosen={"region": ["spain"]})
    assert ids(found) == [madrid.pk]
    assert [each.card.contact_id for each in found.excluded] == [resting.pk]
    counts = {facet: {each.key: each.count for each in values} for facet, values in found.facets.items()}
    assert counts["region"] == {"spain": 1, "france": 1}, "whoever may not be asked is not counted"
    assert counts["size"] == {"1-50": 1}
    assert [each.key for each in found.facets["region"] if each.is_chosen] == ["spain"]
    both = search(rep, "", "industry:banking", chosen={"region": ["spain", "france"]})
    assert set(ids(both)) == {madrid.pk, paris.pk}


def test_prospect_on_an_exclusion_list_is_kept_apart(banking: Tag, rep: User) -> None:
    wary = make_contact(make_customer("Wary", tags=[banking], exclusions=["Rival & Co."]), consents=["call"])
    found = search(rep, "Prospect: RIVAL & CO\nThey run a bank.")
    assert found.candidates == ()
    assert [refusal.code for refusal in found.excluded[0].refusals] == ["conflict"]
    assert ids(search(rep, "Prospect: Friend & Co\nThey run a bank.")) == [wary.pk]


def test_date_and_activity_overrule_the_brief(banking: Tag, rep: User) -> None:
    make_contact(make_customer(tags=[banking]), consents=["call", "webinar"])
    found = search(rep, "A bank for a call")
    assert (found.activity, found.on) == ("call", day(3))
    found = search(rep, "A bank for a call", activity="webinar", on=day(90))
    assert (found.activity, found.on, len(found.candidates)) == ("webinar", day(90), 1)
    with pytest.raises(KeyError, match="juggling"):
        search(rep, "", activity="juggling")


def test_short_notice_is_rushed_with_a_note(banking: Tag, rep: User) -> None:
    contact = make_contact(make_customer(tags=[banking]), consents=["call"])
    found = search(rep, "", "industry:banking", on=day(1))
    assert (ids(found), found.on) == ([contact.pk], day(3))
    shown = date_format(day(3), "j M Y")
    assert found.notice == f"Reference call needs 3 days' notice: the earliest day is {shown}."


@pytest.mark.parametrize(
    ("activity", "ahead", "on", "is_too_soon"),
    [
        ("call", None, 3, False),
        ("call", 3, 3, False),
        ("call", 2, 3, False),
        ("call", 40, 40, False),
        ("survey", 0, 0, False),
        ("beta", 5, 10, False),
        ("webinar", 20, 21, True),
        ("webinar", 21, 21, False),
        ("speaking", 59, 60, True),
        ("speaking", None, 60, False),
    ],
)
def test_timing(activity: str, ahead: int | None, on: int, is_too_soon: bool) -> None:
    asked_for = None if ahead is None else TODAY + timedelta(days=ahead)
    timing = plan_timing(activity, asked_for, TODAY)
    assert timing.on == TODAY + timedelta(days=on)
    assert timing.is_too_soon is is_too_soon
    assert bool(timing.notice) is (ahead is not None and ahead < on)


BANK, SPAIN, FRANCE = tag(1, "banking"), tag(2, "spain", "region"), tag(3, "france", "region")
VOCABULARY = snapshot_of((BANK, SPAIN, FRANCE)).vocabulary


def corrected(**changes: tuple[str, ...]) -> dict[str, tuple[str, float, str, float]]:
    need = need_of(reading(BANK, confidence=0.5), reading(SPAIN, "not"))
    after = apply_corrections(need, Corrections(**changes), VOCABULARY)
    return {each.name: (each.mode, each.confidence, each.method, each.stress) for each in after.readings}


def test_corrections_add_drop_insist_and_exclude() -> None:
    read = {"Banking": ("nice", 0.5, "name", 1.0), "Spain": ("not", 1.0, "name", 1.0)}
    assert corrected() == read
    assert corrected(dropped=("region:spain",)) == {"Banking": read["Banking"]}
    assert corrected(added=("region:france",)) == read | {"France": ("nice", 1.0, "user", 1.0)}
    assert corrected(added=("industry:banking",)) == read | {"Banking": ("nice", 1.0, "user", 1.0)}
    assert corrected(must=("industry:banking",)) == read | {"Banking": ("must", 1.0, "user", 2.0)}
    assert corrected(must=("region:france",)) == read | {"France": ("must", 1.0, "user", 2.0)}
    assert corrected(excluded=("industry:banking",)) == read | {"Banking": ("not", 1.0, "user", 1.0)}
    assert corrected(must=("region:spain",)) == read | {"Spain": ("must", 1.0, "user", 2.0)}
    assert corrected(wished=("region:spain",)) == read | {"Spain": ("nice", 1.0, "user", 1.0)}
    assert corrected(added=("region:atlantis", "nonsense", ":"), dropped=("x:y",)) == read


def test_empty_pool_and_empty_brief(rep: User) -> None:
    found = search(rep, "")
    assert (found.candidates, found.excluded, found.content, found.facets) == ((), (), (), {})
    assert (found.total_candidates, found.total_excluded, found.total_content) == (0, 0, 0)
    assert found.need.readings == ()


# --- who sees what


PERSON = "Wilhelmina Xanthopoulos"
SECRETS = ("wilhelmina", "xanthopoulos", "w.x@secret.test", "555-0199")
CUSTOMER = ("quillfeather", "quill.example")


def make_secretive(banking: Tag, *, is_named: bool, is_free: bool, owner: User | None = None) -> Contact:
    """A promoter whose title, words, quote and story tell of them and of their customer."""
    customer = make_customer(
        "Quillfeather Bank", tags=[banking], domain="quill.example", is_named=is_named, account_owner=owner,
        notes="Quillfeather is fond of billing.",
    )  # fmt: skip
    contact = make_contact(
        customer, PERSON, title="CISO at Quillfeather, office of Wilhelmina", email="w.x@secret.test",
        phone="555-0199", notes="Wilhelmina likes billing; call 555-0199.", consents=["quote", "case_study"],
    )  # fmt: skip
    if is_free:
        make_consent(contact, "call")
    make_consent(customer, "quote", is_attributed=False)
    make_consent(customer, "case_study", is_attributed=False)
    make_testimonial(contact, "At Quillfeather we, says Wilhelmina, saved on billing: quill.example.")
    make_case_study(customer, "Quillfeather's billing", contact=contact, results="Xanthopoulos is glad of billing.")
    make_proof_point(customer, "Quillfeather billing", "2 days")
    return contact


def leaks(found: SearchResult, *names: str) -> list[str]:
    shown = repr([found.candidates, found.excluded, found.content, found.facets, found.notice]).lower()
    return [name for name in names if name in shown]


@pytest.mark.parametrize("is_free", [True, False])
@pytest.mark.parametrize("viewer", ["rep", "outsider", "marketer"])
def test_names_stay_hidden_from_those_who_ask(
    viewer: str, is_free: bool, banking: Tag, request: pytest.FixtureRequest
) -> None:
    contact = make_secretive(banking, is_named=False, is_free=is_free)
    found = search(request.getfixturevalue(viewer), "A bank on billing, a CISO")
    cards = [each.card for each in found.candidates] + [each.card for each in found.excluded]
    assert [card.contact_id for card in cards] == [contact.pk]
    assert len(found.content) == 1
    assert leaks(found, *SECRETS, *CUSTOMER) == []
    assert (cards[0].promoter_name, cards[0].customer_name) == (None, None)
    assert cards[0].headline.startswith("CISO")


@pytest.mark.parametrize("viewer", ["rep", "marketer"])
def test_customer_that_may_be_named_is_and_its_people_are_not(
    viewer: str, banking: Tag, request: pytest.FixtureRequest
) -> None:
    make_secretive(banking, is_named=True, is_free=True)
    found = search(request.getfixturevalue(viewer), "A bank on billing, a CISO")
    assert found.candidates[0].card.customer_name == "Quillfeather Bank"
    assert leaks(found, *SECRETS) == []
    make_policy({"show_customer_name": False})
    found = search(request.getfixturevalue(viewer), "A bank on billing, a CISO")
    assert leaks(found, *SECRETS, *CUSTOMER) == []


@pytest.mark.parametrize("viewer", ["rep", "marketer"])
@pytest.mark.parametrize("probe", ["Quillfeather", "quillfeather's billing", "Wilhelmina Xanthopoulos", "Xanthopoulos"])
def test_hidden_name_in_a_brief_is_answered_as_any_unknown_word(
    viewer: str, probe: str, banking: Tag, request: pytest.FixtureRequest
) -> None:
    """Else one could ask for a name and see by the answer whose card it is."""
    make_secretive(banking, is_named=False, is_free=True)
    user = request.getfixturevalue(viewer)
    asked = search(user, probe, "industry:banking")
    other = search(user, probe.replace(probe.split("'")[0], "Zyzzyva"), "industry:banking")
    assert comparable(asked) | {"need": None} == comparable(other) | {"need": None}


def test_manager_and_account_owner_see_names_but_no_contact_data(banking: Tag, manager: User, rep: User) -> None:
    contact = make_secretive(banking, is_named=False, is_free=True, owner=rep)
    for user in (manager, rep):
        found = search(user, "A bank on billing")
        card = found.candidates[0].card
        assert (card.contact_id, card.promoter_name) == (contact.pk, PERSON)
        assert (card.customer_name, card.title) == ("Quillfeather Bank", contact.title)
        assert leaks(found, *SECRETS[2:]) == []


@pytest.mark.parametrize("fields", [{"has_opted_out": True}, {"status": "known"}, {"status": "retired"}])
def test_those_who_are_no_promoters_are_not_even_excluded(fields: dict[str, Any], banking: Tag, rep: User) -> None:
    make_contact(make_customer(tags=[banking]), consents=["call"], **fields)
    found = search(rep, "", "industry:banking")
    assert (found.candidates, found.excluded, found.facets) == ((), (), {})


# --- cost


def test_number_of_queries_does_not_grow_with_the_pool(
    banking: Tag, rep: User, django_assert_max_num_queries: Any, django_assert_num_queries: Any
) -> None:
    def grow(count: int) -> None:
        for place in range(count):
            customer = make_customer(tags=[banking])
            contact = make_contact(customer, consents=["call", "quote"] if place % 2 else ["quote"])
            make_testimonial(contact)
            make_case_study(customer)
            make_consent(customer, "case_study")

    def count() -> int:
        search(rep, "", "industry:banking", limit=20)  # so that the pool is read
        with django_assert_max_num_queries(30) as queries:
            search(rep, "", "industry:banking", limit=20)
        return len(queries)

    grow(2)
    few = count()
    grow(12)
    assert count() == few
    with django_assert_num_queries(few):
        found = search(rep, "", "industry:banking", limit=20)
    assert (len(found.candidates), len(found.excluded), len(found.content)) == (7, 7, 14)


def test_lists_not_asked_for_are_counted_only(manager: User) -> None:
    bank = make_tag("industry", "Banking")
    make_contact(make_customer(tags=[bank]), consents=["call"])
    make_contact(make_customer(tags=[bank]))
    make_consent(quoted := make_contact(make_customer(tags=[bank])), "quote")
    make_testimonial(quoted)
    whole = search_references(user=manager, text="Banking")
    counted = search_references(user=manager, text="Banking", lists=["excluded"])
    assert counted.excluded == whole.excluded
    assert (counted.candidates, counted.content) == ((), ())
    assert counted.total_candidates == whole.total_candidates == 1
    assert counted.total_content == whole.total_content == 1


def test_nobody_is_listed_who_fits_in_nothing(rep: User) -> None:
    make_contact(make_customer(tags=[make_tag("industry", "Banking")]), consents=["call"])
    found = search_references(user=rep, text="asdf qwer zxcv")
    assert (found.candidates, found.total_candidates) == ((), 0)
    assert found.need.readings == ()
