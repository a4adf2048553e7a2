"""The pages of the score: numbers of everybody, hidden where few answered; words and names by rule."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from advocacy.models import RecoveryPlay
from references.models import Contact
from references.services.consents import revoke_consent
from surveys.models import Benchmark, Campaign, Response
from tests.advocacy.recovery_plays import make_play, make_template
from tests.factories import make_consent, make_contact, make_customer, make_tag
from tests.surveys.rows import make_campaign, make_responses
from tests.web.conftest import LogIn, read_page
from tests.web.test_query_counts import count_queries
from users.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign() -> Campaign:
    return make_campaign("Spring")


def body(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def make_benchmark(name: str = "Rivalsoft", nps: int = 10, **fields: object) -> Benchmark:
    given = {"kind": "competitor", "on": date(2026, 1, 1), **fields}
    return Benchmark.objects.create(name=name, nps=nps, **given)


def test_score_is_told_with_its_interval_and_the_answers_behind_it(
    campaign: Campaign, manager: User, log_in: LogIn
) -> None:
    make_responses(campaign, [10] * 50 + [8] * 30 + [3] * 20)
    text = body(log_in(manager), "/nps/")
    assert '<strong class="number">+30</strong>' in text
    assert "great" in text
    assert "With 95 % confidence" in text
    assert "/surveys/responses/?score=10" in text
    assert "Indicative" not in text


def test_few_answers_show_no_score(campaign: Campaign, manager: User, log_in: LogIn) -> None:
    make_responses(campaign, [10] * 9)
    text = body(log_in(manager), "/nps/")
    assert "9 answers: too few to tell." in text
    assert "+100" not in text
    assert "/surveys/responses/?score=10" not in text


def test_fewer_than_thirty_answers_are_called_indicative(campaign: Campaign, manager: User, log_in: LogIn) -> None:
    make_responses(campaign, [10] * 15)
    assert "Indicative: fewer than 30" in body(log_in(manager), "/nps/")


def test_page_without_answers_says_what_to_do(manager: User, log_in: LogIn) -> None:
    assert "No answers yet" in body(log_in(manager), "/nps/")
    assert "Nobody answered like that" in body(log_in(manager), "/nps/?channel=phone")


def test_filters_narrow_every_number(campaign: Campaign, manager: User, log_in: LogIn) -> None:
    make_responses(campaign, [10] * 20, channel="phone")
    make_responses(make_campaign("Autumn"), [0] * 20)
    client = log_in(manager)
    assert "+100" in body(client, f"/nps/?campaign={campaign.pk}")
    assert "+100" in body(client, "/nps/?channel=phone")
    assert "−100" in body(client, "/nps/?on_after=2026-03-02&channel=email")
    assert "Nobody answered like that" in body(client, "/nps/?on_before=2026-03-01")


@pytest.mark.parametrize("query", ["campaign=x", "product=999", "on_after=never", "by=nothing", "unit=day", "page=x"])
def test_addresses_changed_by_hand_do_no_harm(query: str, campaign: Campaign, manager: User, log_in: LogIn) -> None:
    make_responses(campaign, [10] * 20)
    body(log_in(manager), f"/nps/?{query}")


def test_segments_link_to_the_answers_they_count(campaign: Campaign, manager: User, log_in: LogIn) -> None:
    make_responses(campaign, [10] * 40, attributes={"plan": "Gold"})
    make_responses(campaign, [2] * 40, attributes={"plan": "Basic"})
    make_responses(campaign, [2] * 3, attributes={"plan": "Tiny"})
    client = log_in(manager)
    text = body(client, "/nps/?by=plan")
    assert "/surveys/responses/?segment=plan%3DGold" in text
    assert "surely higher" in text
    assert "1 with fewer than ten answers (3) is not shown." in text
    assert "Tiny" not in text
    listed = client.get("/surveys/responses/?segment=plan%3DGold")
    assert listed.context["listing"].total == 40


def test_trend_marks_a_change_that_chance_does_not_explain(campaign: Campaign, manager: User, log_in: LogIn) -> None:
    make_responses(campaign, [10] * 60, answered_on=date(2026, 1, 10))
    make_responses(campaign, [2] * 60, answered_on=date(2026, 2, 10))
    client = log_in(manager)
    text = body(client, "/nps/")
    assert "▼" in text
    assert "on_after=2026-02-01&amp;on_before=2026-02-28" in text
    assert "2026-Q1" in body(client, "/nps/?unit=quarter")


def test_comments_are_of_ones_own_customers_and_without_names(
    campaign: Campaign, rep: User, marketer: User, log_in: LogIn
) -> None:
    person = make_contact(make_customer("Fjordbank", is_named=False), "Nora Lindqvist")
    make_responses(campaign, [9], contact=person, comment="Nora here: splendid.")
    make_responses(campaign, [2], comment="Dreadful import.")
    assert "Dreadful" not in body(log_in(rep), "/nps/")
    told = body(log_in(marketer), "/nps/")
    assert "splendid" in told
    assert "Nora" not in told
    assert "Fjordbank" not in told
    found = body(log_in(marketer), "/nps/?search=import")
    assert "Dreadful" in found
    assert "splendid" not in found


def test_benchmark_stands_on_the_gauge_and_is_compared(campaign: Campaign, manager: User, log_in: LogIn) -> None:
    make_responses(campaign, [10] * 90 + [3] * 10)
    make_benchmark(nps=10)
    make_benchmark(nps=60, on=date(2025, 1, 1))
    page = body(log_in(manager), "/nps/")
    assert "we are above it" in page
    assert page.count("Rivalsoft") == 2  # on the gauge, and in the table; its older score in neither


def test_benchmarks_are_kept_by_managers_and_marketers(manager: User, marketer: User, rep: User, log_in: LogIn) -> None:
    data = {"name": "Market", "kind": "market", "nps": "-12.5", "on": "2026-02-01", "origin": "A report, page 3"}
    assert log_in(marketer).post(reverse("web:nps-benchmark-add"), data).status_code == 302
    row = Benchmark.objects.get()
    assert "−12.5" in body(log_in(rep), "/nps/benchmarks/")
    assert log_in(rep).post(reverse("web:nps-benchmark-edit", args=[row.pk]), data).status_code == 403
    assert log_in(rep).post(reverse("web:nps-benchmark-delete", args=[row.pk])).status_code == 403
    twice = log_in(manager).post(reverse("web:nps-benchmark-add"), data)
    assert twice.status_code == 422
    changed = {**data, "nps": "101"}
    assert log_in(manager).post(reverse("web:nps-benchmark-edit", args=[row.pk]), changed).status_code == 422
    log_in(manager).post(reverse("web:nps-benchmark-delete", args=[row.pk]))
    assert not Benchmark.objects.exists()


def add_answers(number: int) -> None:
    """Twenty answers of a month and a segment of their own, with a comment of somebody known."""
    tag = make_tag("industry", f"Industry {number}")
    person = make_contact(make_customer(tags=[tag]), tags=[make_tag("role", f"Role {number}")])
    make_consent(person, "quote")
    when = date(2026, number, 3)
    make_responses(make_campaign(), [9] * 20, contact=person, comment=f"Good {number}", answered_on=when)
    make_benchmark(f"Rival {number}", number)


@pytest.mark.parametrize("address", ["/nps/", "/nps/personas/", "/nps/benchmarks/"])
def test_pages_of_scores_take_a_constant_number_of_queries(address: str, manager: User, log_in: LogIn) -> None:
    client = log_in(manager)
    add_answers(1)
    with_one = count_queries(client, address)
    add_answers(2)
    add_answers(3)
    assert count_queries(client, address) == with_one


def test_list_at_risk_takes_a_constant_number_of_queries(manager: User, log_in: LogIn) -> None:
    client = log_in(manager)

    def add() -> None:
        make_play(make_contact(nps_score=3, nps_on=timezone.localdate(), loyalty="detractor"))

    add()
    with_one = count_queries(client, "/nps/at-risk/")
    add()
    add()
    assert count_queries(client, "/nps/at-risk/") == with_one


def at_risk(owner: User | None, name: str = "Nora Lindqvist") -> Contact:
    customer = make_customer(account_owner=owner, renewal_date=timezone.localdate() + timedelta(days=20))
    return make_contact(customer, name, nps_score=3, nps_on=timezone.localdate(), loyalty="detractor")


def test_those_at_risk_are_listed_for_their_owner_and_managers(
    rep: User, outsider: User, manager: User, marketer: User, log_in: LogIn
) -> None:
    at_risk(rep)
    for user in (rep, manager):
        text = body(log_in(user), "/nps/at-risk/")
        assert "Nora Lindqvist" in text
        assert "Answered 3" in text
        assert "Renews on" in text
    for user in (outsider, marketer):
        assert "Nora" not in body(log_in(user), "/nps/at-risk/")


def test_those_at_risk_are_filtered(rep: User, manager: User, log_in: LogIn) -> None:
    make_play(at_risk(rep))
    at_risk(None, "Ola Nordmann")
    client = log_in(manager)
    assert "Ola" not in body(client, "/nps/at-risk/?play=open")
    assert "Nora" not in body(client, "/nps/at-risk/?play=none")
    assert "Ola" not in body(client, f"/nps/at-risk/?owner={rep.pk}")
    assert "Ola" not in body(client, "/nps/at-risk/?search=nora")
    assert "Nobody is like that" in body(client, "/nps/at-risk/?reason=fell")


def test_one_click_opens_the_play_of_their_class(rep: User, log_in: LogIn) -> None:
    template = make_template("Call by the account owner", opens_for="detractor")
    person = at_risk(rep)
    address = reverse("web:recovery-open", args=[person.pk])
    response = log_in(rep).post(address, {"quick": "true"}, headers={"HX-Request": "true"})
    assert "Call by the account owner" in response.content.decode()
    play = RecoveryPlay.objects.get()
    assert (play.template, play.contact, play.score, play.owner) == (template, person, 3, rep)
    log_in(rep).post(address, {"quick": "true"})
    assert RecoveryPlay.objects.count() == 1


def test_persona_speaks_in_words_that_consent_allows(campaign: Campaign, rep: User, log_in: LogIn) -> None:
    role = make_tag("role", "Finance")
    customer = make_customer("Fjordbank")
    quiet = make_contact(customer, "Ola Nordmann", seniority="c_level", tags=[role])
    open_to_it = make_contact(customer, "Nora Lindqvist", seniority="c_level", tags=[role])
    consent = make_consent(open_to_it, "quote")
    make_responses(campaign, [9] * 10, contact=quiet, comment="Not for others.")
    make_responses(campaign, [10], contact=open_to_it, comment="Nora says: superb at Fjordbank.")
    text = body(log_in(rep), "/nps/personas/")
    assert "Finance" in text
    assert "superb" in text
    for hidden in ("Not for others", "Nora", "Fjordbank"):
        assert hidden not in text
    assert "/pool/?f=role%3A" in text
    assert len(read_page(text).all("h1")) == 1
    revoke_consent(consent=consent, why="Not any more.")
    assert "superb" not in body(log_in(rep), "/nps/personas/")


def test_profile_tells_how_loyalty_went(rep: User, manager: User, log_in: LogIn) -> None:
    person = at_risk(rep)
    for number, (score, loyalty) in enumerate([(9, "promoter"), (3, "detractor")]):
        on = timezone.localdate() - timedelta(days=100 - number * 100)
        person.loyalty_records.create(on=on, score=score, loyalty=loyalty, source=f"s{number}")
    client = log_in(manager)
    address = reverse("web:profile", args=[person.pk])
    with_two = count_queries(client, address)
    text = body(client, address)
    assert 'class="loyalty-steps"' in text
    assert reverse("web:recovery-open", args=[person.pk]) in text
    for number in range(5):
        person.loyalty_records.create(on=timezone.localdate(), score=8, loyalty="passive", source=f"t{number}")
    play = make_play(person)
    assert reverse("web:recovery-play", args=[play.pk]) in body(client, address)
    assert count_queries(client, address) == with_two


def test_response_rate_is_told_where_invitations_can_be_counted(
    campaign: Campaign, manager: User, log_in: LogIn
) -> None:
    make_responses(campaign, [10] * 20)
    for number in range(4):
        status = "answered" if number < 3 else "no_answer"
        campaign.invitations.create(contact=make_contact(name=f"Person {number}"), status=status)
    client = log_in(manager)
    assert "75 % of those invited answered (3 of 4)" in body(client, "/nps/")
    assert "of those invited" not in body(client, "/nps/?channel=email")
    assert Response.objects.count() == 20
