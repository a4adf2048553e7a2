"""Stories and quotes for a brief: only what consent allows, best first, nameless where names are withheld."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from matching.results import ContentHit, SearchResult
from matching.search import Corrections, search_references
from references.models import CaseStudy, Consent, Contact, Tag, Testimonial
from references.pool.writing import pool_write
from tests.factories import (
    make_case_study,
    make_consent,
    make_contact,
    make_customer,
    make_policy,
    make_tag,
    make_testimonial,
)
from users.models import User

pytestmark = pytest.mark.django_db


def day(ahead: int) -> date:
    return timezone.now().date() + timedelta(days=ahead)


def search(user: User, text: str = "", **asked: Any) -> SearchResult:
    corrections = Corrections(added=("industry:banking",), excluded=asked.pop("excluded", ()))
    return search_references(user=user, text=text, corrections=corrections, **asked)


def found(user: User, text: str = "", **asked: Any) -> list[ContentHit]:
    """The content hits, of which as many are counted as are shown."""
    result = search(user, text, **asked)
    assert result.total_content == len(result.content)
    return list(result.content)


@pytest.fixture
def banking(db: None) -> Tag:
    return make_tag("industry", "Banking")


@pytest.fixture
def speaker(banking: Tag) -> Contact:
    """Someone at a bank who consented to nothing."""
    customer = make_customer("Hushbank Group", tags=[banking], domain="hush-online.example")
    return make_contact(customer, "Wilma Whisper", title="CISO at Hushbank")


def quote_by(speaker: Contact) -> Testimonial:
    return make_testimonial(
        speaker, "Wilma says: Hushbank saved weeks, see hush-online.example.", url="https://x.test/1"
    )


def story_of(speaker: Contact) -> CaseStudy:
    return make_case_study(
        speaker.customer,
        "How Hushbank did it",
        contact=speaker,
        results="Whisper: twice as fast.",
        url="https://x.test/2",
    )


def both(speaker: Contact) -> None:
    quote_by(speaker)
    story_of(speaker)


def revoke(consent: Consent) -> None:
    with pool_write() as touched:
        Consent.objects.filter(pk=consent.pk).update(revoked_at=timezone.now())
        touched.add(consent.customer_id)


def supersede(consent: Consent, **fields: Any) -> None:
    """Record a later consent in place of this one."""
    later = make_consent(consent.contact or consent.customer, consent.activity, **fields)
    with pool_write() as touched:
        Consent.objects.filter(pk=consent.pk).update(superseded_by=later)
        touched.add(consent.customer_id)


GIVEN: list[tuple[dict[str, Any], bool]] = [
    ({}, True),
    ({"valid_until": 0}, True),
    ({"valid_until": -1}, False),
    ({"valid_from": 0}, True),
    ({"valid_from": 1}, False),
    ({"channel": "web"}, True),
]


@pytest.mark.parametrize(("given", "is_usable"), GIVEN)
@pytest.mark.parametrize("of", ["person", "customer"])
@pytest.mark.parametrize(("make", "activity"), [(quote_by, "quote"), (story_of, "case_study")])
def test_consent_in_force_shows_content(
    make: Callable[[Contact], Any], activity: str, of: str, given: dict[str, Any], is_usable: bool,
    speaker: Contact, rep: User,
) -> None:  # fmt: skip
    row = make(speaker)
    fields = {name: day(value) if isinstance(value, int) else value for name, value in given.items()}
    make_consent(speaker if of == "person" else speaker.customer, activity, **fields)
    expected = [(activity, row.pk)] if is_usable else []
    assert [(hit.kind, hit.content_id) for hit in found(rep)] == expected


def test_consent_comes_and_goes_and_the_next_search_knows(speaker: Contact, rep: User) -> None:
    quote_by(speaker)
    assert found(rep) == []
    consent = make_consent(speaker, "quote")
    assert [hit.kind for hit in found(rep)] == ["quote"]
    revoke(consent)
    assert found(rep) == []
    again = make_consent(speaker, "quote")
    assert len(found(rep)) == 1
    supersede(again, valid_until=day(-1), valid_from=day(-9))
    assert found(rep) == []


@pytest.mark.parametrize(
    "spoil",
    [
        lambda speaker: make_consent(speaker, "video"),
        lambda speaker: make_consent(make_contact(speaker.customer), "quote"),
        lambda speaker: make_consent(make_contact(), "quote"),
    ],
    ids=["another kind", "a colleague's", "a stranger's"],
)
def test_consent_to_something_else_does_not_count(spoil: Callable[[Contact], Any], speaker: Contact, rep: User) -> None:
    quote_by(speaker)
    spoil(speaker)
    assert found(rep) == []


@pytest.mark.parametrize(
    ("status", "is_usable"),
    [
        ("draft", False),
        ("with_customer", False),
        ("approved", True),
        ("published", True),
        ("expired", False),
        ("recalled", False),
    ],
)
def test_content_is_usable_once_approved(status: str, is_usable: bool, speaker: Contact, rep: User) -> None:
    make_consent(speaker, "quote")
    make_testimonial(speaker, status=status)
    assert len(found(rep)) == is_usable


def test_opting_out_takes_a_persons_words_along(banking: Tag, rep: User) -> None:
    """Even where the customer as a whole consents; and what cannot be shown is not counted."""
    customer = make_customer(tags=[banking])
    make_consent(customer, "quote")
    gone, stays = make_contact(customer, has_opted_out=True), make_contact(customer)
    make_testimonial(gone, "Never again.")
    assert found(rep) == []
    make_testimonial(stays, "Still here.")
    assert [hit.excerpt for hit in found(rep)] == ["Still here."]


def test_customer_that_is_not_referenceable_gives_nothing(banking: Tag, manager: User) -> None:
    customer = make_customer(tags=[banking], is_referenceable=False)
    make_consent(customer, "case_study")
    make_case_study(customer)
    assert found(manager) == []


def test_best_comes_first_one_per_customer(banking: Tag, rep: User) -> None:
    insurance = make_tag("industry", "Insurance")
    titles = {}
    for name, tags in {"Both": [banking, insurance], "One": [banking], "None": [insurance]}.items():
        customer = make_customer(name, tags=tags)
        make_consent(customer, "case_study")
        titles[name] = make_case_study(customer, f"Story of {name}", results="billing" if name == "Both" else "")
        make_case_study(customer, f"Another of {name}")
    result = search(rep, "billing")
    assert [hit.title for hit in result.content] == ["Story of Both", "Story of One"]
    assert [hit.fit for hit in result.content] == sorted((hit.fit for hit in result.content), reverse=True)
    assert result.total_content == 4, "those below the floor are not counted, those of one customer are"
    assert [hit.title for hit in search(rep, "billing", limit=1).content] == ["Story of Both"]
    first = result.content[0]
    assert first.words == "Banking: exact · mentions billing"
    assert (first.content_id, first.customer_name) == (titles["Both"].pk, "Both")


def test_tag_of_the_story_counts_beside_its_customers(banking: Tag, rep: User) -> None:
    story = make_case_study(make_customer("Grocer"), tags=[banking])
    make_consent(story.customer, "case_study")
    assert [hit.content_id for hit in found(rep)] == [story.pk]


def test_excluded_tags_and_chosen_facets_narrow_content(banking: Tag, rep: User) -> None:
    spain, france = make_tag("region", "Spain"), make_tag("region", "France")
    for name, region in {"Madrid": spain, "Paris": france}.items():
        customer = make_customer(name, tags=[banking, region])
        make_consent(customer, "case_study")
        make_case_study(customer, name)
    assert [hit.title for hit in found(rep, excluded=("region:spain",))] == ["Paris"]
    assert [hit.title for hit in found(rep, chosen={"region": ["spain"]})] == ["Madrid"]
    assert len(found(rep, chosen={"region": ["spain", "france"]})) == 2
    assert found(rep, chosen={"region": ["atlantis"]}) == []
    assert len(found(rep, chosen={"size": ["1-50"]})) == 2, "columns of people do not bear on content"


def test_attributed_content_carries_its_names(speaker: Contact, rep: User) -> None:
    quote = quote_by(speaker)
    make_consent(speaker, "quote", channel="web", valid_until=day(30))
    (hit,) = found(rep)
    assert hit.customer_name == "Hushbank Group"
    assert hit.said_by == "Wilma Whisper, CISO at Hushbank"
    assert (hit.excerpt, hit.url) == (quote.text, quote.url)
    assert hit.rights == ("web · world",)
    assert hit.usable_until == day(30)


def test_rights_name_their_regions_and_never_end_where_one_does_not(speaker: Contact, rep: User) -> None:
    quote_by(speaker)
    make_consent(speaker, "quote", region=make_tag("region", "Spain"), valid_until=day(30))
    make_consent(speaker.customer, "quote")
    (hit,) = found(rep)
    assert set(hit.rights) == {"any · spain", "any · world"}
    assert hit.usable_until is None


NAMES = ("Hushbank", "hush-online", "Wilma", "Whisper", "x.test")


def assert_nameless(user: User, speaker: Contact) -> None:
    for text in ("", "weeks", "twice as fast"):
        result = search(user, text)
        (hit,) = result.content
        assert hit.customer_name is None
        assert not [name for name in NAMES if name.lower() in repr(hit).lower()]
        assert hit.excerpt


@pytest.mark.parametrize("role", ["rep", "marketer", "manager"])
def test_anonymous_consent_withholds_names_from_everybody(
    role: str, speaker: Contact, request: pytest.FixtureRequest
) -> None:
    both(speaker)
    for activity in ("quote", "case_study"):
        make_consent(speaker, activity)
        make_consent(speaker.customer, activity, is_attributed=False)
    assert_nameless(request.getfixturevalue(role), speaker)


@pytest.mark.parametrize("role", ["rep", "marketer", "manager"])
def test_customer_that_may_not_be_named_stays_nameless(role: str, banking: Tag, request: pytest.FixtureRequest) -> None:
    customer = make_customer("Hushbank Group", tags=[banking], domain="hush-online.example", is_named=False)
    speaker = make_contact(customer, "Wilma Whisper", title="CISO at Hushbank", consents=["quote", "case_study"])
    both(speaker)
    assert_nameless(request.getfixturevalue(role), speaker)


def test_policy_withholds_customers_from_those_who_do_not_run_the_program(
    speaker: Contact, rep: User, marketer: User, manager: User
) -> None:
    both(speaker)
    for activity in ("quote", "case_study"):
        make_consent(speaker, activity)
    make_policy({"show_customer_name": False})
    for user in (rep, marketer):
        assert_nameless(user, speaker)
    assert search(manager).content[0].customer_name == "Hushbank Group"


def test_long_text_is_cut_between_words(speaker: Contact, rep: User) -> None:
    make_consent(speaker, "quote")
    make_testimonial(speaker, "word " * 100)
    (hit,) = found(rep)
    assert len(hit.excerpt) <= 282
    assert hit.excerpt.endswith("word …")


@pytest.mark.parametrize(
    ("fields", "excerpt"),
    [
        ({"challenge": "c", "solution_text": "s", "results": "r"}, "r"),
        ({"challenge": "c", "solution_text": "s"}, "s"),
        ({"challenge": "c"}, "c"),
        ({}, ""),
    ],
)
def test_story_shows_its_outcome_first(fields: dict[str, Any], excerpt: str, speaker: Contact, rep: User) -> None:
    make_consent(speaker.customer, "case_study")
    make_case_study(speaker.customer, **fields)
    (hit,) = found(rep)
    assert (hit.excerpt, hit.said_by) == (excerpt, "")
