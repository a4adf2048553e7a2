"""What the wall writes: embeds that can be trusted, counts that add up, leads that are wanted."""

from datetime import timedelta
from threading import Thread

import pytest
from django.conf import LazySettings
from django.db import connection
from django.utils import timezone

from delivery.models import WebhookDelivery, WebhookSubscription
from delivery.webhooks import event_type
from references.errors import DomainError
from references.models import Embed, Lead, PublicCount
from references.services.wall import (
    MOST_LEADS_AN_ADDRESS,
    MOST_LEADS_AN_HOUR,
    LeadData,
    count_event,
    delete_lead,
    end_embed,
    forget_old_leads,
    keep_lead,
    save_embed,
)
from tests.factories import make_tag
from users.models import User


def lead_data(**fields: str) -> LeadData:
    given = {"name": "Jo Vrabec", "email": "jo@visitor.example", "company": "", "message": "", "agreed_to": "Yes."}
    return LeadData(**{**given, **fields})  # type: ignore[typeddict-item]


def keep(key: str = "k1", **fields: str) -> Lead:
    return keep_lead(data=lead_data(**fields), embed=None, piece=("testimonial", 7), creation_key=key)


@pytest.mark.django_db
def test_embed_keeps_only_sites_and_filters_that_exist(manager: User) -> None:
    make_tag("product", "Ledger")
    embed = save_embed(
        embed=None,
        data={
            "name": "Home",
            "sites": [" https://www.example.com/ ", "http://localhost:8000", "https://*.example.org", ""],
            "filters": {"product": ["ledger"], "kind": ["quote", "case_study"], "language": "de"},
            "most": 500,
        },
        by=manager,
    )
    assert embed.sites == ["https://www.example.com", "http://localhost:8000", "https://*.example.org"]
    assert embed.filters == {"product": ["ledger"], "kind": ["quote", "case_study"], "language": "de"}
    assert embed.most == 24


@pytest.mark.django_db
@pytest.mark.parametrize(
    "site", ["example.com", "https://a.example; script-src *", "https://a.example/path", "javascript:x", "*"]
)
def test_embed_takes_no_site_that_could_widen_its_policy(site: str, manager: User) -> None:
    with pytest.raises(DomainError) as refused:
        save_embed(embed=None, data={"name": "Home", "sites": [site]}, by=manager)
    assert (refused.value.code, refused.value.field) == ("bad_site", "sites")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("data", "code"),
    [
        ({"filters": {"product": ["unknown"]}}, "unknown_tag"),
        ({"filters": {"kind": ["poem"]}}, "unknown_kind"),
        ({"piece_noun": "testimonial"}, "no_piece"),
        ({"piece_noun": "proof_point", "piece_id": 3}, "no_piece"),
        ({"name": ""}, "blank"),
    ],
)
def test_embed_refuses_what_it_could_not_show(data: dict[str, object], code: str, manager: User) -> None:
    with pytest.raises(DomainError) as refused:
        save_embed(embed=None, data={"name": "Home", **data}, by=manager)  # type: ignore[typeddict-item]
    assert refused.value.code == code
    assert not Embed.objects.exists()


@pytest.mark.django_db
def test_an_ended_embed_stays_ended(manager: User) -> None:
    embed = save_embed(embed=None, data={"name": "Home"}, by=manager)
    end_embed(embed=embed)
    embed.refresh_from_db()
    assert embed.ended_at is not None
    with pytest.raises(DomainError):
        save_embed(embed=embed, data={"name": "Again"}, by=manager)


@pytest.mark.django_db
def test_counts_of_a_day_and_place_are_one_row() -> None:
    for _ in range(3):
        count_event(event="view", place="")
    count_event(event="view", place="abc")
    count_event(event="click", place="", noun="testimonial", piece_id=4)
    rows = PublicCount.objects.order_by("pk").values_list("event", "place", "noun", "piece_id", "count")
    assert list(rows) == [("view", "", "", 0, 3), ("view", "abc", "", 0, 1), ("click", "", "testimonial", 4, 1)]


@pytest.mark.django_db(transaction=True)
def test_many_who_count_at_once_lose_nothing() -> None:
    def count_some() -> None:
        for _ in range(10):
            count_event(event="view", place="")
        connection.close()

    threads = [Thread(target=count_some) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert PublicCount.objects.get().count == 60


@pytest.mark.django_db
def test_a_lead_is_kept_once_counted_and_told_without_what_it_says(manager: User) -> None:
    WebhookSubscription.objects.create(name="CRM", url="https://crm.example/", events=["lead.created"], owner=manager)
    first, second = keep(message="How long did it take?"), keep(message="How long did it take?")
    assert first == second
    assert PublicCount.objects.get(event="lead").count == 1
    told = WebhookDelivery.objects.get()
    assert (told.data, told.subject) == ({"id": first.pk}, f"lead:{first.pk}")
    build = event_type("lead.created").build
    assert build is not None
    body = build(told.data)
    assert body is not None
    assert (body["email"], body["message"]) == ("jo@visitor.example", "How long did it take?")
    delete_lead(lead=first)
    assert build(told.data) is None


@pytest.mark.django_db
@pytest.mark.parametrize("field", ["message", "company", "name"])
def test_a_lead_full_of_links_is_not_kept(field: str) -> None:
    with pytest.raises(DomainError) as refused:
        keep(**{field: "http://a.example https://b.example www.c.example"})
    assert refused.value.code == "too_many_links"
    assert not Lead.objects.exists()
    assert not PublicCount.objects.exists()


@pytest.mark.django_db
def test_one_address_may_not_write_all_day() -> None:
    for number in range(MOST_LEADS_AN_ADDRESS):
        keep(f"k{number}")
    with pytest.raises(DomainError) as refused:
        keep("more", email="JO@visitor.example")
    assert refused.value.code == "too_many"
    keep("other", email="bo@visitor.example")
    Lead.objects.update(agreed_at=timezone.now() - timedelta(minutes=61))
    keep("more")


@pytest.mark.django_db
def test_a_flood_is_refused_whoever_sends_it() -> None:
    for number in range(MOST_LEADS_AN_HOUR):
        keep(f"k{number}", email=f"a{number}@visitor.example")
    with pytest.raises(DomainError) as refused:
        keep("more", email="fresh@visitor.example")
    assert refused.value.code == "too_many"
    assert Lead.objects.count() == MOST_LEADS_AN_HOUR


@pytest.mark.django_db
def test_old_leads_are_forgotten(settings: LazySettings) -> None:
    settings.LEAD_DAYS = 30
    old, young = keep("old"), keep("young")
    Lead.objects.filter(pk=old.pk).update(agreed_at=timezone.now() - timedelta(days=31))
    assert forget_old_leads() == 1
    assert list(Lead.objects.all()) == [young]
