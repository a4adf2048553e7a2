"""The page of new words: by use, narrowed, looked at before anything changes, done and undone."""

import pytest
from django.test import Client
from django.urls import reverse

from delivery.models import Job
from references.enums import TagStatus
from references.models import Tag, TagSorting
from tests.factories import make_customer, make_tag
from tests.web.conftest import LogIn, read_page
from users.models import User


@pytest.fixture
def client(manager: User, log_in: LogIn) -> Client:
    return log_in(manager)


def test_words_are_mapped_after_a_look_and_given_back(client: Client) -> None:
    banking = make_tag("industry", "Banking")
    new = make_tag("industry", "Banking services", status="proposed")
    customer = make_customer(tags=[new])
    page = read_page(client.get(reverse("web:new-words")).content.decode())
    assert "90 %" in page.text
    where = client.post(reverse("web:new-words-plan"), {"act": "map", "word": [f"tag:{new.pk}"]})["Location"]
    assert "Nothing has changed yet" in client.get(where).content.decode()
    assert list(customer.tags.all()) == [new]
    client.post(f"{where}act/", {"act": "start"})
    assert list(customer.tags.all()) == [banking]
    assert (
        reverse("web:sorting", args=[TagSorting.objects.get().pk])
        in client.get(reverse("web:new-words")).content.decode()
    )
    client.post(f"{where}act/", {"act": "undo"})
    assert list(customer.tags.all()) == [new]
    assert "Undone" in client.get(where).content.decode()


def test_all_sure_ones_at_once(client: Client) -> None:
    make_tag("industry", "Banking")
    for name in ("Banking services", "Weaving"):
        make_tag("industry", name, status="proposed")
    where = client.post(reverse("web:new-words-plan"), {"act": "map:sure"})["Location"]
    client.post(f"{where}act/", {"act": "start"})
    assert dict(Tag.objects.exclude(name="Banking").values_list("name", "status")) == {
        "Banking services": TagStatus.MERGED,
        "Weaving": TagStatus.PROPOSED,
    }


def test_the_list_is_narrowed(client: Client) -> None:
    make_tag("industry", "Banking")
    make_tag("industry", "Banking services", status="proposed")
    make_tag("role", "Weaver", status="proposed")

    def shown(**query: str) -> str:
        return read_page(client.get(reverse("web:new-words"), query).content.decode()).text

    assert "Weaver" not in shown(facet="industry")
    assert "Weaver" not in shown(sure="90")
    assert "Banking services" not in shown(sure="0")
    assert "Banking services" not in shown(q="weav")
    assert "Weaver" in shown(q="WEAV")


def test_nothing_ticked_is_said(client: Client) -> None:
    answer = client.post(reverse("web:new-words-plan"), {"act": "map"}, follow=True)
    assert "Choose words first" in answer.content.decode()
    assert not TagSorting.objects.exists()


def test_not_for_salespeople(rep: User, log_in: LogIn) -> None:
    assert log_in(rep).get(reverse("web:new-words")).status_code == 403


def test_a_job_of_words_leads_to_what_it_changed(client: Client, manager: User) -> None:
    done = TagSorting.objects.create(verb="keep", plan=[], by=manager, status="done")
    job = Job.objects.create(kind="sort_words", title="30 words", status="succeeded", parameters={"sorting": done.pk})
    page = client.get(reverse("web:job", args=[job.pk])).content.decode()
    assert f'href="{reverse("web:sorting", args=[done.pk])}"' in page
    assert "See the promoters" not in page
    search = Job.objects.create(kind="duplicates", title="Likely duplicates", status="failed")
    page = client.get(reverse("web:job", args=[search.pk])).content.decode()
    assert reverse("web:duplicates") in page
    assert "another file" not in page
