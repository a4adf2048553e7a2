"""Every page keeps to the same promises: log-in, roles, a strict content policy, and headings."""

from collections.abc import Iterator

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.test import Client
from django.urls import URLPattern, URLResolver, reverse
from django.utils import timezone

from advocacy.models import (
    AdopterProgram,
    AdopterSeat,
    Ask,
    AskCampaign,
    Badge,
    FraudFlag,
    GiftRule,
    Level,
    ReviewSite,
    Reward,
)
from advocacy.services.assignments import assign_ask
from advocacy.services.handovers import hand_over
from advocacy.services.referrals import LeadData, refer
from delivery.jobs import run_job, start_job
from delivery.models import Job, OutboxMessage, WebhookDelivery
from delivery.webhook_services import create_webhook
from delivery.webhooks import emit
from matching.models import ProofUse, UnmetDemand
from matching.services.searches import save_search
from references.importing.uploads import store_upload
from references.models import (
    CaseStudy,
    Consent,
    Contact,
    DuplicatePair,
    Embed,
    Handout,
    Lead,
    SynonymProposal,
    Tag,
    TagSorting,
    Testimonial,
)
from references.services.consent_asks import ask_consent
from references.services.files import save_file
from references.services.merging import merge_rows
from references.services.policies import save_policy
from references.services.sharing import HandoutData, add_to_basket, make_handout
from references.spreadsheets import TableFormat
from references.tables.exporting import open_export
from references.tables.jobs import start_export
from references.tables.table import find_table
from surveys.import_jobs import JOB_KIND
from surveys.models import Benchmark, Campaign, Invitation
from tests.advocacy.recovery_plays import make_play, make_template
from tests.factories import (
    make_contact,
    make_customer,
    make_engagement,
    make_nomination,
    make_proof_point,
    make_slot,
    make_tag,
)
from tests.matching.factories import make_banker, schedule, submit, the_match
from tests.references.uploads import picture, upload
from tests.web.conftest import LogIn, Page, read_page
from users.models import User
from users.services import create_api_key
from web.urls import urlpatterns

PUBLIC = {
    "login",
    "logout",
    "welcome",
    "theme",
    "portal-link",
    "portal",
    "portal-meeting",
    "portal-act",
    "portal-unsubscribe",
    "calendar-feed",
}
WALL = {"wall", "wall-count", "wall-contact", "wall-thanks", "wall-picture", "wall-piece", "embed", "embed-script"}
PUBLIC |= {*WALL, "calendar-feed"}
PUBLIC |= {"shared-handout", "shared-handout-pdf"}
MANAGERS = {
    "import", "import-preview", "import-discard", "jobs", "job", "job-cancel", "job-report", "vocabulary",
    "duplicates", "duplicates-search", "duplicate", "duplicate-decide", "merges", "merge-undo",
    "proposals", "synonym-proposal", "tag", "tag-merge", "operations", "operations-try-again", "operations-send",
    "operations-resend", "mails", "mail", "mail-html", "mail-trial", "policy", "policy-versions",
    "policy-version", "disclosures", "export-program", "contact-export", "contact-erase", "request-propose",
    "home", "figure-people", "unmet-demand-assign", "unmet-demand-mail",
}  # fmt: skip
EDITORS = {
    "webhooks", "webhook", "webhook-add", "webhook-edit", "webhook-delete", "webhook-replay",
    "content-piece", "content-give", "content-recall", "content-move", "content-apply", "content-number-add",
    "content-number", "content-use-add", "content-use-end",
    "contact-edit", "contact-status", "consent-add", "engagement-add", "consent-revoke", "customer-add",
    "consent-supersede",
    "customer-edit", "contact-add", "case-study-add", "case-study-edit", "testimonial-add", "testimonial-edit",
    "slot-add", "slot-edit", "slot-hold", "slot-source", "slot-release", "slot-cancel", "slot-deliver",
    "disclose", "touch-withdraw",
    "embeds", "embed-add", "embed-page", "embed-edit", "embed-end", "wall-numbers", "leads", "leads-csv",
    "lead-hand-over", "lead-delete",
    "advocacy-starter", "ask-add", "ask-edit", "review-sites", "review-site-add", "review-site-edit", "ask-person",
    "ask-campaigns", "ask-campaign", "ask-campaign-add", "ask-campaign-edit", "ask-campaign-start",
    "ask-campaign-close",
}  # fmt: skip
POSTS = {
    "advocacy-starter", "ask-put", "ask-campaign-start", "ask-campaign-close", "assignment-move", "assignments-move",
    "basket-add", "basket-remove", "handout-share", "search-save", "search-change", "search-look",
    "webhook-replay",
    "wall-count", "embed-end", "lead-hand-over", "lead-delete",
    "content-move", "content-apply", "content-use-add", "content-use-end",
    "export-program",
    "logout", "theme", "disclose", "proposals", "job-cancel", "import-discard", "find-confirm", "synonym-proposal",
    "operations-try-again", "operations-send", "mail-trial", "nomination-discard",
    "request-copy", "request-submit", "request-reopen", "request-comment", "request-watch", "request-outcome",
    "request-meanwhile", "proof-use", "proof-enough",
    "queue-decide", "match-approve", "match-reject", "match-accept", "match-decline",
    "match-take-back", "match-schedule", "match-how", "match-contact",
    "unmet-demand-end", "unmet-demand-assign", "unmet-demand-retry", "unmet-demand-mail",
    "slot-hold", "slot-source", "slot-release", "slot-deliver", "calendar-link", "file-add", "file-remove",
    "consent-renew", "consent-ask-take-back",
}  # fmt: skip

PUBLIC |= {"survey-widget", "survey-widget-script"}
EDITORS |= {
    "survey-add", "survey-edit", "survey-audience", "survey-start", "survey-close", "survey-reopen", "survey-mail",
    "survey-mail-html", "survey-import", "survey-import-preview", "survey-import-discard", "survey-job",
    "survey-job-cancel", "survey-resend", "survey-responses-topic", "survey-people", "survey-ask-rest",
}  # fmt: skip
POSTS |= {
    "survey-close", "survey-import-discard", "survey-job-cancel", "survey-resend", "survey-responses-topic",
    "survey-phone", "survey-ask-rest",
}  # fmt: skip
EDITORS |= {
    "adopter-add", "adopter-edit", "adopter-move", "adopter-candidates", "adopter-invite", "adopter-seat-move",
    "adopter-seat-feedback",
}  # fmt: skip
POSTS |= {"duplicates-search", "duplicate-decide", "merge-undo"}
POSTS |= {"adopter-move", "adopter-invite", "adopter-seat-move", "adopter-seat-feedback"}
PUBLIC |= {"refer", "refer-lead"}
MANAGERS |= {
    "points-worth", "points-shares", "points-adjust", "points-redeem", "level-add", "level-edit", "level-remove",
    "badge-add", "badge-edit", "reward-add", "reward-edit", "gift-rules", "gift-rule-add", "gift-rule-edit",
    "gift-rule-remove", "redemptions-move",
}  # fmt: skip
POSTS |= {"level-remove", "gift-rule-remove", "redemptions-move"}
MANAGERS |= {"fraud-flags", "fraud-flag-decide", "referral-settle"}
EDITORS |= {
    "referral-add", "referral-link", "referral-move", "referral-owner", "referral-contact", "referral-forget",
    "segments-quiet-play", "moment-move", "moment-ask",
}  # fmt: skip
POSTS |= {
    "fraud-flag-decide", "referral-move", "referral-settle", "referral-owner", "referral-contact", "referral-forget",
    "segments-quiet-play", "moment-hand-over", "moment-move", "moment-ask",
}  # fmt: skip
MANAGERS |= {"recovery-templates", "recovery-template", "recovery-template-add", "recovery-starters"}
EDITORS |= {"recovery-open", "nps-benchmark-add", "nps-benchmark-edit", "nps-benchmark-delete"}
POSTS |= {
    "recovery-starters", "recovery-step", "recovery-move", "recovery-change", "recovery-comment",
    "nps-benchmark-delete",
}  # fmt: skip


POSTS |= {"new-words-plan", "sorting-act", "find-drop"}
MANAGERS |= {"new-words", "word-uses", "new-words-plan", "sorting", "sorting-act"}


def patterns(given: list[URLPattern | URLResolver]) -> Iterator[URLPattern]:
    for each in given:
        if isinstance(each, URLResolver):
            yield from patterns(each.url_patterns)
        else:
            yield each


FILES = {"embed-script", "wall-picture", "leads-csv", "export-now", "export-file", "survey-widget-script"}
OWN_POLICY = {"mail-html", "survey-mail-html", "embed", "survey-widget"}
NAMES = sorted(str(each.name) for each in patterns(urlpatterns))


@pytest.fixture
def addresses(promoter: Contact, manager: User, rep: User, settings: object, tmp_path: object) -> dict[str, str]:
    """An address that exists for every name."""
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]
    scheduled = schedule(rep, manager, chosen=[make_banker("Ada Voss").pk])
    make_banker("Owen Marsh")
    waiting = the_match(submit(rep))
    story = CaseStudy.objects.all()[0]
    ids: dict[str, object] = {
        "request_id": waiting.request_id,
        "match_id": waiting.pk,
        "demand_id": UnmetDemand.objects.get(request=submit(rep, brief="Nobody has this.", activity="speaking")).pk,
        "contact_id": promoter.pk,
        "customer_id": promoter.customer_id,
        "consent_id": Consent.objects.filter(contact=promoter)[0].pk,
        "tag_id": Tag.objects.filter(facet="industry")[0].pk,
        "slot_id": make_slot("Payments Forum").pk,
        "engagement_id": make_engagement(promoter, source="page:1").pk,
        "nomination_id": make_nomination(promoter, by=manager, status="draft").pk,
        "job_id": start_job(kind="sleep", title="A job", parameters={}, requested_by=manager).pk,
        "proposal_id": SynonymProposal.objects.create(tag=make_tag("role", "Treasury"), text="cash", folded="cash").pk,
        "sorting_id": TagSorting.objects.create(verb="ignore", plan=[["title:x", "X", 0]], by=manager).pk,
        "message_id": OutboxMessage.objects.create(kind="mail", key="mail:x", delivered_at=timezone.now()).pk,
        "embed_id": Embed.objects.create(name="Home page").pk,
        "lead_id": Lead.objects.create(name="Jo", email="jo@visitor.example", agreed_at=timezone.now()).pk,
        "handout_id": made_handout(manager, story).pk,
        "search_id": save_search(user=manager, name="All", noun="testimonial", query="").pk,
        "letter": "trial",
        "ask_id": ask_consent(contact=promoter, activity="review", by=manager).pk,
        "table": "customers",
        "format_name": "csv",
        "noun": "customer",
        "owner_id": promoter.customer_id,
        "file_id": save_file(owner=promoter.customer, kind="logo", upload=upload("logo.png", picture())).pk,
        "act": "accept",
        "webhook_id": (delivery := make_delivery(manager)).subscription_id,
        "delivery_id": delivery.pk,
        "start": create_api_key(user=manager, name="CRM", scopes=["pool:read"])[0].token_key,
        "use_id": ProofUse.objects.create(user=manager, deal="Northmill", creation_key="contract").pk,
        "version": save_policy(values={"hold_hours": 24}, by=manager).version,
        "point_id": make_proof_point(story.customer, case_study=story).pk,
        "token": store_upload(_file()).token,
        "level_id": Level.objects.create(name="Champion", from_points=500).pk,
        "badge_id": Badge.objects.create(name="First step", rule="first_act").pk,
        "reward_id": Reward.objects.create(name="Lunch", kind="lunch", cost=300).pk,
        "rule_id": GiftRule.objects.create(needs_employer=True).pk,
        "offer_id": (offer := Ask.objects.create(name="Quote us", activity="quote", rung=2, text="A sentence?")).pk,
        "site_id": ReviewSite.objects.create(name="Ratewell", url="https://ratewell.example/").pk,
        "ask_campaign_id": AskCampaign.objects.create(name="Spring", ask=offer, creation_key="contract").pk,
        "pair_id": made_pair(promoter),
        "merge_id": made_merge(manager),
        "assignment_id": assign_ask(contact=promoter, ask=offer, creation_key="contract", by=manager).pk,
    }
    surveyed = made_survey(manager, promoter)
    ids |= made_referral(promoter, rep, manager)
    ids |= made_seat(promoter)
    ids |= made_play(rep)
    found = {}
    for pattern in patterns(urlpatterns):
        names = pattern.pattern.converters
        values = {name: ids[name] for name in names if name in ids}
        if "story_id" in names:
            is_quote = pattern.name == "testimonial-edit"
            values["story_id"] = (Testimonial if is_quote else CaseStudy).objects.all()[0].pk
        if pattern.name in {"export-job", "export-file"}:
            values["job_id"] = made_export(manager).pk
        if "kind" in names:
            values["kind"] = "case_study"
        if str(pattern.name).startswith("survey"):
            values |= {name: value for name, value in surveyed.items() if name in names}
        if pattern.name in {"match-preparation", "match-calendar"}:
            values |= {"request_id": scheduled.request_id, "match_id": scheduled.pk}
        if pattern.name == "wall-piece":
            values = {"noun": "testimonial", "piece_id": Testimonial.objects.all()[0].pk}
        found[str(pattern.name)] = reverse(f"web:{pattern.name}", kwargs=values)
    found["tag-merge"] += f"?into={make_tag('industry', 'Insurance').pk}"
    return found


def made_pair(promoter: Contact) -> int:
    """A likely duplicate of somebody."""
    twin = make_contact(promoter.customer, "Twin of theirs")
    return DuplicatePair.objects.create(kind="contact", first=promoter.pk, second=twin.pk, score=80).pk


def made_merge(manager: User) -> int:
    """Two customers that were merged."""
    kept, gone = make_customer(), make_customer()
    return merge_rows(kind="customer", kept=kept.pk, gone=gone.pk, by=manager).pk


def made_play(owner: User) -> dict[str, object]:
    """A recovery play of somebody of a salesperson's, a template, and a benchmark."""
    play = make_play(make_contact(make_customer(account_owner=owner)))
    return {
        "play_id": play.pk,
        "step_id": play.steps.all()[0].pk,
        "template_id": make_template().pk,
        "benchmark_id": Benchmark.objects.create(name="Rival", kind="competitor", nps=10, on=timezone.localdate()).pk,
    }


def make_delivery(owner: User) -> WebhookDelivery:
    """One event that a webhook of `owner` waits for."""
    create_webhook(owner=owner, name="Website", url="https://hooks.example/in", events=["slot.held"])
    emit("slot.held", subject="slot:1", data={"id": 1})
    return WebhookDelivery.objects.latest("pk")


def made_handout(user: User, story: CaseStudy) -> Handout:
    """A hand-out of one story, which lies in the basket again."""
    item = add_to_basket(user=user, noun="case_study", pk=story.pk)
    said: HandoutData = {"title": "For you", "intro": "", "channel": "sales", "is_blinded": False}
    handout = make_handout(user=user, data=said, order=[item.pk])
    add_to_basket(user=user, noun="case_study", pk=story.pk)
    return handout


def made_referral(person: Contact, rep: User, manager: User) -> dict[str, object]:
    """A referral and a moment that a salesperson sees and may not work on, and a sign to look at."""
    theirs = make_contact(make_customer(account_owner=rep))
    lead = LeadData(name="Otto", company="Osterholm")
    row = refer(referrer=theirs, lead=lead, creation_key="contract", owner=manager)
    flag = FraudFlag.objects.create(contact=theirs, code="many_a_day", source="contract")
    handover = hand_over(nomination=make_nomination(person, by=rep), by=rep)
    return {"referral_id": row.pk, "handover_id": handover.pk, "flag_id": flag.pk}


def made_seat(person: Contact) -> dict[str, object]:
    """A program that recruits, and somebody's seat in it."""
    today = timezone.localdate()
    row = AdopterProgram.objects.create(
        name="Ledger 5", seats=3, agreement="Be kind.", starts_on=today, ends_on=today, status="recruiting",
        creation_key="contract",
    )  # fmt: skip
    return {"adopter_id": row.pk, "seat_id": AdopterSeat.objects.create(program=row, contact=person).pk}


def made_export(user: User) -> Job:
    """An export whose file waits for the user."""
    table = find_table("customers", user)
    assert table is not None
    job = start_export(open_export(table=table, user=user, query=QueryDict()), kind=TableFormat.CSV)
    run_job({"job": job.pk})
    return job


def made_survey(user: User, contact: Contact) -> dict[str, object]:
    """A survey that has begun, somebody to be called for it, and an import of answers."""
    row = Campaign.objects.create(name="Spring", status="running", creation_key="contract")
    invitation = Invitation.objects.create(campaign=row, contact=contact, status="sent")
    answers = SimpleUploadedFile("answers.csv", b"NPS score,Why\n9,Fast\n3,Slow\n")
    job = start_job(kind=JOB_KIND, title="Import", parameters={}, requested_by=user)
    return {
        "survey_id": row.pk,
        "invitation_id": invitation.pk,
        "widget_token": row.widget_token,
        "token": store_upload(answers).token,
        "job_id": job.pk,
    }


def _file() -> SimpleUploadedFile:
    return SimpleUploadedFile("pool.csv", b"customer,promoter,title\nFjordbank,Nora Lindqvist,CFO\n")


def ask(client: Client, name: str, address: str) -> int:
    response = client.post(address) if name in POSTS else client.get(address)
    list(response)  # a file is closed once it is read
    return response.status_code


def test_pages_are_all_known_to_these_tests() -> None:
    assert set(NAMES) >= (MANAGERS | EDITORS | PUBLIC | POSTS)


def test_pages_send_the_anonymous_to_log_in(addresses: dict[str, str]) -> None:
    for name in set(NAMES) - PUBLIC:
        response = Client().post(addresses[name]) if name in POSTS else Client().get(addresses[name])
        assert (response.status_code, response.headers.get("Location", "").split("?")[0]) == (302, "/login/"), name


def test_pages_of_managers_are_closed_to_others(
    addresses: dict[str, str], rep: User, marketer: User, log_in: LogIn
) -> None:
    for user in (rep, marketer):
        client = log_in(user)
        assert {name: ask(client, name, addresses[name]) for name in MANAGERS} == dict.fromkeys(MANAGERS, 403)


def test_forms_are_closed_to_a_salesperson_without_the_account(
    addresses: dict[str, str], rep: User, log_in: LogIn
) -> None:
    client = log_in(rep)
    assert {name: ask(client, name, addresses[name]) for name in EDITORS} == dict.fromkeys(EDITORS, 403)


def test_pages_open_for_a_manager(addresses: dict[str, str], manager: User, log_in: LogIn) -> None:
    client = log_in(manager)
    pages = set(NAMES) - PUBLIC - POSTS
    assert {name: ask(client, name, addresses[name]) for name in pages} == dict.fromkeys(pages, 200)


def test_pages_carry_nothing_inline(addresses: dict[str, str], manager: User, rep: User, log_in: LogIn) -> None:
    for user in (manager, rep):
        client = log_in(user)
        for name in set(NAMES) - POSTS - {"job-report", "file", *FILES, *OWN_POLICY}:  # a mail carries its style
            response = client.get(addresses[name], {"q": "bank CFO"} if name == "find" else {})
            assert "default-src 'self'" in response["Content-Security-Policy"]
            assert "unsafe" not in response["Content-Security-Policy"]
            require_nothing_inline(read_page(response.content.decode()), name)


def require_nothing_inline(page: Page, name: str) -> None:
    for tag, attributes in page.elements:
        assert tag != "style", name
        assert "style" not in attributes, (name, tag, attributes)
        assert not [each for each in attributes if each.startswith(("on", "hx-on"))], (
            name,
            attributes,
        )
        assert tag != "script" or attributes.get("src") or attributes.get("type") == "application/ld+json", name


def test_pages_have_one_first_heading_and_a_title(addresses: dict[str, str], manager: User, log_in: LogIn) -> None:
    client = log_in(manager)
    pages = {
        name: addresses[name]
        for name in set(NAMES) - PUBLIC - POSTS - {"job-report", "find-tags", "match-calendar", "file", *FILES}
    }
    for name, address in {**pages, "not found": "/no/such/page/"}.items():
        page = read_page(client.get(address).content.decode())
        assert len(page.all("h1")) == 1, name
        assert page.all("html")[0]["lang"], name
        assert "RefProgram" in page.text


def test_missing_rows_are_not_found(manager: User, log_in: LogIn) -> None:
    client = log_in(manager)
    gone = [
        reverse("web:profile", args=[0]),
        reverse("web:customer", args=[0]),
        reverse("web:story", args=["quote", 0]),
    ]
    assert [client.get(address).status_code for address in gone] == [404] * 3
