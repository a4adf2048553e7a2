"""The pages of unmet demand: who sees what, what each act does, and that lists filter and group."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from delivery.models import OutboxMessage
from matching.models import UnmetDemand
from tests.factories import make_consent, make_contact, make_customer
from tests.matching.factories import banking, make_banker, submit
from tests.web.conftest import LogIn, read_page
from users.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def demand(rep: User, manager: User) -> UnmetDemand:
    """A banker was wanted; Nina, who has given no consent, comes nearest."""
    make_banker("Nina Near", consents=[], title="Head of Risk", email="nina@near.test", phone="+47 555 0100")
    return UnmetDemand.objects.get(request=submit(rep, deal="Harbor", deal_value=40_000, currency="EUR"))


def url(name: str, demand: UnmetDemand) -> str:
    return reverse(f"web:{name}", args=[demand.pk])


def test_demand_shows_managers_who_is_near_and_the_one_act(demand: UnmetDemand, manager: User, log_in: LogIn) -> None:
    make_contact(make_customer(tags=[banking()]), "Kim Known", status="known")
    html = log_in(manager).get(url("unmet-demand", demand)).content.decode()
    text = read_page(html).text
    assert "Nina Near" in text
    assert "No consent on that day for: Reference call." in text
    person = demand.task.candidates.get().contact_id
    assert f'href="/pool/{person}/consent/"' in html
    assert "Kim Known" in text
    assert "Nominate" in text
    assert "40,000 EUR" in text


def test_demand_is_blinded_for_its_requester(demand: UnmetDemand, rep: User, log_in: LogIn) -> None:
    make_contact(make_customer(tags=[banking()]), "Kim Known", status="known")
    text = read_page(log_in(rep).get(url("unmet-demand", demand)).content.decode()).text
    assert "Head of Risk" in text
    assert "Nina Near" not in text
    assert "Kim Known" not in text
    assert "Try the request again" in text
    assert "Whose task" not in text


def test_note_of_a_task_names_nobody_whom_its_reader_may_not_know(
    demand: UnmetDemand, rep: User, manager: User, log_in: LogIn
) -> None:
    note = "Nina Near says no: +47 555 0100, nina@near.test"
    log_in(manager).post(url("unmet-demand-end", demand), {"act": "dismiss", "note": note})
    told = {}
    for user in (rep, manager):
        told[user] = read_page(log_in(user).get(url("unmet-demand", demand)).content.decode()).text
        assert "555 0100" not in told[user]
        assert "nina@" not in told[user]
    assert told[rep].count("… says no: …, …") == 2
    assert told[manager].count("Nina Near says no: …, …") == 2


def test_demand_of_others_is_not_found(
    demand: UnmetDemand, rep: User, outsider: User, manager: User, log_in: LogIn
) -> None:
    client = log_in(outsider)
    for name in ("unmet-demand-retry", "unmet-demand-end"):
        assert client.post(url(name, demand)).status_code == 404
    assert client.get(url("unmet-demand", demand)).status_code == 404
    assert "Harbor" not in client.get("/demand/").content.decode()
    log_in(manager).post(url("unmet-demand-assign", demand), {"assignee": outsider.pk})
    assert client.get(url("unmet-demand", demand)).status_code == 200  # given to them
    assert client.post(url("unmet-demand-retry", demand)).status_code == 403


def test_retry_puts_somebody_forward_and_leads_to_the_request(demand: UnmetDemand, rep: User, log_in: LogIn) -> None:
    client = log_in(rep)
    response = client.post(url("unmet-demand-retry", demand), follow=True)
    assert "Still nobody who fits may be asked." in response.content.decode()
    make_consent(demand.task.candidates.get().contact, "call")
    assert "One of the nearest can be asked now." in client.get(url("unmet-demand", demand)).content.decode()
    response = client.post(url("unmet-demand-retry", demand))
    assert response["Location"] == f"/requests/{demand.request_id}/"
    assert "Met after all" in client.get(url("unmet-demand", demand)).content.decode()


def test_retry_on_a_day_is_promised(demand: UnmetDemand, manager: User, log_in: LogIn) -> None:
    client, day = log_in(manager), timezone.localdate() + timedelta(days=9)
    client.post(url("unmet-demand-retry", demand), {"on": day.isoformat()})
    message = OutboxMessage.objects.get(kind="demand.retry")
    assert timezone.localdate(message.due) == day
    past = client.post(url("unmet-demand-retry", demand), {"on": "2020-01-01"}, follow=True)
    assert "Give a day to come." in past.content.decode()


def test_somebody_resting_is_asked_again_when_free(rep: User, manager: User, log_in: LogIn) -> None:
    banker = make_banker("Rosa Resting")
    submit(rep, deal="First", chosen=[banker.pk])
    demand = UnmetDemand.objects.get(request=submit(rep, deal="Second"))
    html = log_in(manager).get(url("unmet-demand", demand)).content.decode()
    free = demand.task.candidates.get().free_from
    assert free is not None
    assert f'<input type="hidden" name="on" value="{free.isoformat()}">' in html


def test_task_is_given_done_and_dismissed_with_a_note(
    demand: UnmetDemand, manager: User, rep: User, log_in: LogIn
) -> None:
    client = log_in(manager)
    client.post(url("unmet-demand-assign", demand), {"assignee": rep.pk})
    demand.task.refresh_from_db()
    assert demand.task.assignee == rep
    client.post(url("unmet-demand-assign", demand), {"assignee": "0"})
    without = client.post(url("unmet-demand-end", demand), {"act": "dismiss"}, follow=True).content.decode()
    assert "Say why nobody will be recruited" in without
    client.post(url("unmet-demand-end", demand), {"act": "nonsense"})
    demand.task.refresh_from_db()
    assert (demand.task.status, demand.task.assignee) == ("open", rep)
    log_in(rep).post(url("unmet-demand-end", demand), {"act": "dismiss", "note": "One deal is not a segment."})
    demand.task.refresh_from_db()
    assert (demand.task.status, demand.task.note) == ("dismissed", "One deal is not a segment.")
    again = client.post(url("unmet-demand-end", demand), {"act": "done"}, follow=True).content.decode()
    assert "cannot become" in again


def test_task_is_not_ended_by_whoever_it_is_not_given_to(demand: UnmetDemand, rep: User, log_in: LogIn) -> None:
    assert log_in(rep).post(url("unmet-demand-end", demand), {"act": "done"}).status_code == 403


def test_one_of_the_nearest_is_mailed_their_own_page_and_nobody_else(
    demand: UnmetDemand, manager: User, log_in: LogIn
) -> None:
    client, near = log_in(manager), demand.task.candidates.get().contact
    stranger = make_contact(email="stranger@customer.test")
    assert client.post(url("unmet-demand-mail", demand), {"contact": stranger.pk}).status_code == 404
    client.post(url("unmet-demand-mail", demand), {"contact": near.pk})
    message = OutboxMessage.objects.get(payload__letter="promoter_hub")
    assert message.payload["contact"] == near.pk


def test_list_is_filtered_and_grouped(demand: UnmetDemand, rep: User, manager: User, log_in: LogIn) -> None:
    submit(rep, deal="Marina", deal_value=2_500, currency="EUR")
    submit(rep, deal="Stage", activity="speaking", needed_by=None, deal_value=900, currency="USD")
    client = log_in(manager)

    def listed(**query: str) -> set[str]:
        text = read_page(client.get("/demand/", query).content.decode()).text
        return {name for name in ("Harbor", "Marina", "Stage") if name in text}

    assert listed() == {"Harbor", "Marina", "Stage"}
    assert listed(activity="speaking") == {"Stage"}
    assert listed(min_value="3000") == {"Harbor"}
    assert listed(met="true") == set()
    assert listed(since=(timezone.localdate() + timedelta(days=1)).isoformat()) == set()
    assert listed(label=demand.label) == {"Harbor", "Marina"}
    text = read_page(client.get("/demand/segments/").content.decode()).text
    assert "2 segments" in text
    assert "42,500 EUR" in text
    assert "1 segment" in read_page(client.get("/demand/segments/?activity=speaking&sort=times").content.decode()).text


def test_list_orders_by_value_both_ways(demand: UnmetDemand, rep: User, manager: User, log_in: LogIn) -> None:
    submit(rep, deal="Marina", deal_value=2_500, currency="EUR")
    client = log_in(manager)
    for ordering, first, second in (("deal_value", "Marina", "Harbor"), ("-deal_value", "Harbor", "Marina")):
        text = read_page(client.get(f"/demand/?ordering={ordering}").content.decode()).text
        assert text.index(first) < text.index(second)
