"""Lists take the same number of queries however long they are."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from delivery.jobs import start_job
from delivery.models import OutboxMessage, WebhookDelivery
from delivery.webhook_services import create_webhook
from delivery.webhooks import emit
from references.models import CaseStudy, Contact, DuplicatePair, Embed, Lead
from references.services.content import save_case_study
from references.services.library import add_use
from references.services.merging import merge_rows
from references.services.policies import save_policy
from references.services.sharing import HandoutData, add_to_basket, make_handout
from references.services.wall import count_event, place_of
from tests.factories import (
    make_case_study,
    make_consent,
    make_contact,
    make_customer,
    make_disclosure,
    make_engagement,
    make_nomination,
    make_proof_point,
    make_slot,
    make_tag,
    make_testimonial,
)
from tests.matching.factories import make_banker, submit
from tests.web.conftest import LogIn
from users.models import User
from users.services import create_api_key, rotate_api_key


def count_queries(client: Client, address: str) -> int:
    client.get(address)  # the pool index refreshes first
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def add_promoter(number: int) -> Contact:
    customer = make_customer(tags=[make_tag("product", f"Product {number}")])
    contact = make_contact(customer, title="CFO", consents=["call", "quote"])
    make_engagement(contact, on=timezone.localdate() - timedelta(days=200))
    make_testimonial(contact, "A quote about banking")
    make_case_study(customer, "A story about banking")
    make_consent(customer, "case_study")
    make_proof_point(customer)
    return contact


def fill_baskets(contact: Contact) -> None:
    for user in User.objects.all():
        add_to_basket(user=user, noun="contact", pk=contact.pk, activity="call")
        add_to_basket(user=user, noun="testimonial", pk=contact.testimonial_set.get().pk)
        add_to_basket(user=user, noun="case_study", pk=contact.customer.casestudy_set.get().pk)
        add_to_basket(user=user, noun="proof_point", pk=contact.customer.proof_points.get().pk)


def add_handouts(number: int) -> None:
    fill_baskets(add_promoter(number))
    said: HandoutData = {"title": f"Hand-out {number}", "intro": "", "channel": "sales", "is_blinded": False}
    for user in User.objects.all():
        make_handout(user=user, data=said, order=list(user.basket.values_list("pk", flat=True)))


def add_request(number: int) -> object:
    """A request that waits for a manager, of somebody whom the salesperson of the cast sees."""
    make_banker(f"Banker {number}")
    rep = User.objects.get(email="rep@example.test")
    return submit(rep, deal=f"Deal {number}")


def add_unmet(number: int) -> object:
    return submit(User.objects.get(email="rep@example.test"), deal=f"Deal {number}", brief="Nobody has this.")


def add_slot(number: int) -> object:
    """A slot of this month with a speaker of whom everything is known."""
    speaker = add_promoter(1_000 + number)
    make_consent(speaker, "speaking")
    tags = [make_tag("product", f"Slot product {number}")]
    return make_slot(f"Event {number}", tags=tags, starts_at=timezone.now(), status="confirmed", speaker=speaker)


def add_lead(number: int) -> object:
    embed = Embed.objects.create(name=f"Embed {number}")
    return Lead.objects.create(
        name="Jo", email="jo@visitor.example", agreed_at=timezone.now(), embed=embed, creation_key=str(number)
    )


def add_webhook(number: int) -> WebhookDelivery:
    """A webhook of the manager of the cast, told of one thing more than the one before."""
    owner = User.objects.get(email="manager@example.test")
    create_webhook(owner=owner, name=f"Site {number}", url="https://hooks.example/in", events=["slot.held"])
    emit("slot.held", subject="slot:1", data={"id": 1})
    return WebhookDelivery.objects.latest("pk")


def add_key(number: int) -> object:
    owner = User.objects.get(email="manager@example.test")
    old, _secret = create_api_key(user=owner, name=f"CRM {number}", scopes=["pool:read"])
    return rotate_api_key(key=old, keep=timedelta(days=1))


def add_pair(number: int) -> object:
    one = add_promoter(number)
    twin = make_contact(one.customer, f"Twin {number}")
    return DuplicatePair.objects.create(kind="contact", first=one.pk, second=twin.pk, score=80)


def add_merge(number: int) -> object:
    one = add_promoter(number)
    twin = make_contact(one.customer, f"Twin {number}")
    return merge_rows(kind="contact", kept=one.pk, gone=twin.pk, by=None)


LISTS: dict[str, tuple[str, Callable[[int], object]]] = {
    "find": ("/?q=banking", add_promoter),
    "stories": ("/?q=banking&tab=stories", add_promoter),
    "not_now": ("/?q=banking&tab=not-now", add_promoter),
    "pool": ("/pool/", add_promoter),
    "stories-quotes": ("/stories/", add_promoter),
    "stories-written": ("/stories/?noun=case_study&industry=banking", add_promoter),
    "stories-numbers": ("/stories/?noun=proof_point", add_promoter),
    "speakers": ("/speakers/?activity=call", add_promoter),
    "basket": ("/basket/", lambda n: fill_baskets(add_promoter(n))),
    "handouts": ("/handouts/", add_handouts),
    "cards": ("/pool/?look=cards", add_promoter),
    "customers": ("/customers/", add_promoter),
    "content": ("/content/", add_promoter),
    "requests": ("/requests/?whose=all", add_request),
    "requests_found": ("/jump/?q=deal", add_request),
    "queue": ("/requests/queue/", add_request),
    "home": ("/home/", lambda n: (add_request(n), add_unmet(n), add_promoter(n))),
    "figure_people": ("/home/people/", add_promoter),
    "unmet": ("/demand/", add_unmet),
    "segments": ("/demand/segments/", add_unmet),
    "by_hand": ("/requests/queue/?show=by-hand", add_unmet),
    "jump": ("/jump/?q=story", add_promoter),
    "nominations": ("/nominations/", lambda n: make_nomination(add_promoter(n), by=User.objects.all()[0])),
    "disclosures": ("/setup/disclosures/", lambda n: make_disclosure(add_promoter(n), user=User.objects.all()[0])),
    "jobs": ("/setup/jobs/", lambda n: start_job(kind="sleep", title=f"Job {n}", parameters={})),
    "operations": ("/setup/operations/", lambda n: OutboxMessage.objects.create(kind="mail", key=f"mail:{n}")),
    "slots": ("/slots/?tab=confirmed", add_slot),
    "slot_calendar": ("/slots/calendar/", add_slot),
    "wall": ("/wall/", add_promoter),
    "embeds": ("/setup/wall/", lambda n: count_event(event="view", place=place_of(Embed.objects.create(name=f"E{n}")))),
    "leads": ("/setup/wall/leads/", add_lead),
    "wall_numbers": (
        "/setup/wall/numbers/",
        lambda n: count_event(event="view", place="", noun="testimonial", piece_id=n),
    ),
    "vocabulary": (
        "/setup/vocabulary/?show=industry",
        lambda n: make_tag(name=f"Word {n}", synonyms=[f"word {n}"]),
    ),
    "proposals": ("/setup/vocabulary/?show=new", lambda n: make_tag("industry", f"New {n}", status="proposed")),
    "new-words": ("/setup/vocabulary/new/", lambda n: make_tag("industry", f"New {n}", status="proposed")),
    "word-uses": (
        "/setup/vocabulary/new/uses/?word=title:weaver",
        lambda n: make_contact(make_customer(f"Firm {n}"), title="Weaver"),
    ),
    "duplicates": ("/duplicates/?kind=contact", add_pair),
    "merges": ("/duplicates/merges/", add_merge),
    "policy-versions": ("/setup/policy/versions/", lambda n: save_policy(values={"hold_hours": n})),
}


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("role", ["manager", "rep"])
def test_lists_take_a_constant_number_of_queries(
    name: str, role: str, rep: User, request: pytest.FixtureRequest, log_in: LogIn
) -> None:
    address, add = LISTS[name]
    user: User = request.getfixturevalue(role)
    if role == "rep" and name in {
        "home",
        "figure_people",
        "jobs",
        "disclosures",
        "operations",
        "vocabulary",
        "proposals",
        "new-words",
        "word-uses",
        "duplicates",
        "merges",
        "policy-versions",
        "embeds",
        "leads",
        "wall_numbers",
    }:
        pytest.skip("not for salespeople")
    client = log_in(user)
    make_tag("industry", "Banking")
    add(1)
    with_one = count_queries(client, address)
    add(2)
    add(3)
    assert count_queries(client, address) == with_one


def test_profile_takes_a_constant_number_of_queries(promoter: Contact, manager: User, log_in: LogIn) -> None:
    client, address = log_in(manager), reverse("web:profile", args=[promoter.pk])
    with_one = count_queries(client, address)
    for days in (90, 120, 200):
        make_engagement(promoter, "webinar", on=timezone.localdate() - timedelta(days=days))
        make_testimonial(promoter, f"Said {days} days ago")
        make_consent(promoter, "webinar")
    assert count_queries(client, address) == with_one


def test_customer_takes_a_constant_number_of_queries(promoter: Contact, manager: User, log_in: LogIn) -> None:
    client, address = log_in(manager), reverse("web:customer", args=[promoter.customer_id])
    with_one = count_queries(client, address)
    for _ in range(3):
        make_testimonial(make_contact(promoter.customer), "Another")
        make_case_study(promoter.customer)
    assert count_queries(client, address) == with_one


def test_piece_of_content_takes_a_constant_number_of_queries(promoter: Contact, manager: User, log_in: LogIn) -> None:
    story = CaseStudy.objects.get()
    client, address = log_in(manager), reverse("web:content-piece", args=["case_study", story.pk])
    add_use(piece=story, place="Page 0", by=manager)
    save_case_study(case_study=story, customer=story.customer, data={"results": "Better 0"}, by=manager)
    with_one = count_queries(client, address)
    for number in (1, 2, 3):
        add_use(piece=story, place=f"Page {number}", by=manager)
        save_case_study(case_study=story, customer=story.customer, data={"results": f"Better {number}"}, by=manager)
        make_proof_point(story.customer, case_study=story)
    assert count_queries(client, address) == with_one


@pytest.mark.parametrize(("address", "add"), [("/setup/webhooks/", add_webhook), ("/settings/keys/", add_key)])
def test_list_of_what_programs_do_takes_a_constant_number_of_queries(
    address: str, add: Callable[[int], object], manager: User, log_in: LogIn
) -> None:
    add(0)
    with_one = count_queries(log_in(manager), address)
    for number in (1, 2, 3):
        add(number)
    assert count_queries(log_in(manager), address) == with_one


def test_log_of_a_webhook_takes_a_constant_number_of_queries(manager: User, log_in: LogIn) -> None:
    address = reverse("web:webhook", args=[add_webhook(0).subscription_id])
    with_one = count_queries(log_in(manager), address)
    for _number in range(3):
        emit("slot.held", subject="slot:1", data={"id": 1})
    assert count_queries(log_in(manager), address) == with_one
