"""The walk over every way out: what a consent covers is there while it holds, and at the next look it is not.

A new address fails the last test until somebody has judged it: walked here, or exempt for a reason.
"""

import io
import json
import re
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from delivery.models import WebhookDelivery, WebhookSubscription
from matching.purposes import CALENDAR_OF_PROGRAM, CALENDAR_OF_USER
from matching.services.answering import accept_match
from matching.services.calendar_links import renew_calendar_link
from matching.services.sourcing import hold_speaker
from references.handouts import read_shares
from references.models import (
    BasketItem,
    CaseStudy,
    Consent,
    Contact,
    Embed,
    Handout,
    ProofPoint,
    StoredFile,
    Tag,
    Testimonial,
)
from references.pool.writing import pool_write
from references.services import own_page
from references.services.consents import record_consent, revoke_consent
from references.services.files import save_file
from references.services.sharing import add_to_basket, make_handout
from references.services.wall import save_embed
from tests.factories import (
    make_case_study,
    make_consent,
    make_contact,
    make_customer,
    make_policy,
    make_proof_point,
    make_slot,
    make_tag,
    make_testimonial,
)
from tests.matching.factories import banking, make_banker
from tests.references.uploads import picture, upload
from users.models import User
from web.calendar.feeds import feed_path

pytestmark = pytest.mark.django_db(transaction=True)

QUOTE, STORY, NUMBER, SPEAKER = "Quaversham", "Stelliform", "Numerosity", "Tidekeeper"
"""Words that stand nowhere else: in the quote, the story, the number, and the speaker's job title."""
EITHER = "Lampwright"
"""A word of the quote and of the story, for exits that show the better of the two."""
NAMES = ("Vantreight", "Zephyrine")
"""Words of the person's name and of the customer's."""
BRIEF = "a lighthouse company"


@dataclass(frozen=True, slots=True)
class World:
    """One promoter with a story, a quote, a number and a file, and who looks at them."""

    contact: Contact
    story: CaseStudy
    quote: Testimonial
    number: ProofPoint
    file: StoredFile
    embed: Embed
    handout: Handout
    region: Tag
    reader: User

    @property
    def client(self) -> Client:
        """Somebody of sales, who keeps nothing of theirs and so sees only what may be used."""
        client = Client()
        client.force_login(self.reader)
        return client


Fetch = Callable[[World], str]


@dataclass(frozen=True, slots=True)
class Exit:
    """One way out: the address it walks, what it shows of the world, in which channel (any where empty)."""

    name: str
    shows: tuple[str, ...]
    fetch: Fetch
    channel: str = ""


def page(address: str, **query: str) -> Fetch:
    """A page, or an answer of the API, as a reader gets it; empty where it is not found."""
    return lambda world: _text(world.client.get(address, query))


def page_of(name: str, *args: Callable[[World], object], public: bool = False, **query: str) -> Fetch:
    """A page by the name of its address, about rows of the world."""

    def fetch(world: World) -> str:
        client = Client() if public else world.client
        return _text(client.get(reverse(name, args=[each(world) for each in args]), query))

    return fetch


def export(table: str, form: str) -> Fetch:
    return page_of("web:export-now", lambda _world: table, lambda _world: form)


def csv_of(address: str) -> Fetch:
    return lambda world: _text(world.client.get(address, headers={"accept": "text/csv"}))


def search(world: World) -> str:
    body = {"text": BRIEF, "activity": "speaking"}
    found = world.client.post("/api/v1/matches/search/", body, content_type="application/json").json()
    return json.dumps([found[name] for name in ("candidates", "content", "ladder")])  # not who is excluded, and why


def shared(world: World, ending: str = "") -> str:
    token = _share_of(world.handout)
    return _text(Client().get(f"{token}{ending}"))


def basket(world: World) -> str:
    return _text(world.client.get("/basket/"))


def picture_of(world: World) -> str:
    response = Client().get(reverse("web:wall-picture", args=[world.file.pk]))
    list(response)
    return QUOTE if response.status_code == 200 else ""


def file_of(world: World) -> str:
    response = world.client.get(reverse("web:file", args=[world.file.pk]))
    list(response)
    return QUOTE if response.status_code == 200 else ""


CONTENT = (QUOTE, STORY)
EXITS: tuple[Exit, ...] = (
    Exit("web:find", (SPEAKER,), page("/", q=f"{BRIEF}, a speaker", activity="speaking")),
    Exit("web:find", (EITHER,), page("/", q=BRIEF, tab="stories")),
    Exit("web:stories", (QUOTE,), page("/stories/")),
    Exit("web:stories", (STORY,), page("/stories/", noun="case_study")),
    Exit("web:stories", (NUMBER,), page("/stories/", noun="proof_point")),
    Exit("web:speakers", (SPEAKER,), page("/speakers/")),
    Exit("web:story", (QUOTE,), page_of("web:story", lambda _w: "testimonial", lambda w: w.quote.pk)),
    Exit("web:story", (STORY,), page_of("web:story", lambda _w: "case_study", lambda w: w.story.pk)),
    Exit("web:customer", (*CONTENT, NUMBER), page_of("web:customer", lambda w: w.contact.customer_id)),
    Exit("web:profile", CONTENT, page_of("web:profile", lambda w: w.contact.pk)),
    Exit("api:v1:promoter-detail", (), page_of("api:v1:promoter-detail", lambda w: w.contact.pk)),
    Exit("api:v1:customer-detail", (), page_of("api:v1:customer-detail", lambda w: w.contact.customer_id)),
    Exit("web:jump", (STORY,), page("/jump/", q=STORY[:7])),
    Exit("web:basket", (*CONTENT, SPEAKER), basket),
    Exit("web:shared-handout", (*CONTENT, SPEAKER), shared, "sales"),
    Exit("web:shared-handout-pdf", (*CONTENT, SPEAKER), lambda world: shared(world, "handout.pdf"), "sales"),
    Exit("web:handout", CONTENT, page_of("web:handout", lambda w: w.handout.pk), "sales"),
    Exit("web:file", (QUOTE,), file_of),
    Exit("web:export-now", (QUOTE,), export("testimonials", "csv")),
    Exit("web:export-now", (QUOTE,), export("testimonials", "json")),
    Exit("web:export-now", (QUOTE,), export("testimonials", "xlsx")),
    Exit("web:export-now", (STORY,), export("case-studies", "csv")),
    Exit("web:export-now", (NUMBER,), export("proof-points", "csv")),
    Exit("api:v1:export-testimonials", (QUOTE,), page("/api/v1/exports/testimonials/")),
    Exit("api:v1:export-case-studies", (STORY,), page("/api/v1/exports/case-studies/")),
    Exit("api:v1:export-proof-points", (NUMBER,), page("/api/v1/exports/proof-points/")),
    Exit("api:v1:testimonial-list", (QUOTE,), page("/api/v1/testimonials/")),
    Exit("api:v1:testimonial-list", (QUOTE,), csv_of("/api/v1/testimonials/")),
    Exit("api:v1:testimonial-detail", (QUOTE,), page_of("api:v1:testimonial-detail", lambda w: w.quote.pk)),
    Exit("api:v1:case-study-list", (STORY,), page("/api/v1/case-studies/")),
    Exit("api:v1:case-study-detail", (STORY,), page_of("api:v1:case-study-detail", lambda w: w.story.pk)),
    Exit("api:v1:proof-point-list", (NUMBER,), page("/api/v1/proof-points/")),
    Exit("api:v1:proof-point-detail", (NUMBER,), page_of("api:v1:proof-point-detail", lambda w: w.number.pk)),
    Exit("api:v1:speaker-list", (SPEAKER,), page("/api/v1/speakers/")),
    Exit("api:v1:speaker-detail", (SPEAKER,), page_of("api:v1:speaker-detail", lambda w: w.contact.pk)),
    Exit("api:v1:match-search", (SPEAKER, EITHER), search),
    Exit("web:wall", CONTENT, page_of("web:wall", public=True), "web"),
    Exit("web:wall-piece", (QUOTE,), page_of("web:wall-piece", lambda _w: "testimonial", lambda w: w.quote.pk,
                                             public=True), "web"),
    Exit("web:wall-piece", (STORY,), page_of("web:wall-piece", lambda _w: "case_study", lambda w: w.story.pk,
                                             public=True), "web"),
    Exit("web:wall-picture", (QUOTE,), picture_of, "web"),
    Exit("web:embed", CONTENT, page_of("web:embed", lambda w: w.embed.pk, public=True), "web"),
)  # fmt: skip
"""Every way out that shows content or offers somebody for an activity."""

LISTS = (("testimonials", QUOTE), ("case-studies", STORY), ("proof-points", NUMBER), ("speakers", SPEAKER))


def _text(response: Any) -> str:
    """The words of an answer, whatever it is made of."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if response.status_code in {404, 410}:
        return ""
    assert response.status_code == 200, (response.status_code, content[:300])
    kind = response["Content-Type"]
    if "spreadsheetml" in kind:
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            return "\n".join(str(book.read(name), "utf-8") for name in book.namelist() if name.endswith(".xml"))
    if kind == "application/pdf":
        return _pdf_words(content)
    return str(content, "utf-8-sig")


def _pdf_words(content: bytes) -> str:
    """The words of a PDF: each text read by the table of each of its fonts."""
    streams = [_unpack(each) for each in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", content, re.DOTALL)]
    tables = [
        {int(glyph, 16): chr(int(character, 16)) for glyph, character in re.findall(rb"<(\w{4})> <(\w{4})>\n", stream)}
        for stream in streams
        if b"beginbfchar" in stream
    ]
    words = []
    for stream in streams:
        for raw in re.findall(rb"\(((?:\\.|[^\\)])*)\) Tj", stream, re.DOTALL):
            text = re.sub(
                rb"\\(.)", lambda found: {b"r": b"\r", b"n": b"\n"}.get(found[1], found[1]), raw, flags=re.DOTALL
            )
            glyphs = [int.from_bytes(text[at : at + 2], "big") for at in range(0, len(text), 2)]
            words += ["".join(table.get(glyph, "?") for glyph in glyphs) for table in tables]
    return "\n".join(words)


def _plain(found: re.Match[bytes]) -> bytes:
    return {b"r": b"\r", b"n": b"\n"}.get(found[1], found[1])


def _unpack(stream: bytes) -> bytes:
    try:
        return zlib.decompress(stream)
    except zlib.error:
        return stream


def _share_of(handout: Handout) -> str:
    return read_shares([handout])[handout.pk].path


@pytest.fixture(autouse=True)
def folder(settings: LazySettings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def world(outsider: User, marketer: User) -> World:
    """Everything in place, picked and shared while it could be used; then every consent is gone again."""
    banking, region = make_tag("industry", "Lighthouses", synonyms=["lighthouse"]), make_tag("region", "Norway")
    customer = make_customer("Zephyrine Works", tags=[banking], domain="zephyrine.example")
    contact = make_contact(customer, "Quillon Vantreight", title=f"{SPEAKER} at Zephyrine", email="quillon@z.example")
    story = make_case_study(
        customer, f"{STORY} {EITHER}: Zephyrine and Quillon Vantreight", contact=contact, tags=[banking]
    )
    quote = make_testimonial(
        contact, f"{QUOTE} {EITHER} helps Zephyrine, says Vantreight.", tags=[banking], said_by_title=""
    )
    number = make_proof_point(customer, metric=NUMBER, case_study=story)
    file = save_file(owner=quote, kind="picture", upload=upload("photo.png", picture()))
    consents = give(World(contact, story, quote, number, file, Embed(), Handout(), region, outsider))
    for noun, pk in (("testimonial", quote.pk), ("case_study", story.pk)):
        add_to_basket(user=outsider, noun=noun, pk=pk)
    add_to_basket(user=outsider, noun="contact", pk=contact.pk, activity="speaking")
    order = list(BasketItem.objects.values_list("pk", flat=True))
    data: Any = {"title": "For Acme", "intro": "", "channel": "sales", "is_blinded": False}
    handout = make_handout(user=outsider, data=data, order=order, days=300)
    for noun, pk in (("testimonial", quote.pk), ("case_study", story.pk)):
        add_to_basket(user=outsider, noun=noun, pk=pk)
    add_to_basket(user=outsider, noun="contact", pk=contact.pk, activity="speaking")
    embed = save_embed(embed=None, data={"name": "Partner", "sites": ["https://partner.example"]}, by=marketer)
    with pool_write() as touched:
        Consent.objects.filter(pk__in=[each.pk for each in consents]).delete()
        touched.add(customer.pk)
    return World(contact, story, quote, number, file, embed, handout, region, outsider)


def give(world: World, **scope: Any) -> list[Consent]:
    """The person's consent to everything that is walked."""
    return [
        record_consent(contact=world.contact, activity=activity, **scope)
        for activity in ("quote", "case_study", "speaking")
    ]


def missing(world: World, *, exits: Iterable[Exit] = EXITS) -> list[str]:
    """The exits that do not show something they should."""
    return [
        f"{each.name}: {word}"
        for each in exits
        for text in [each.fetch(world)]
        for word in each.shows
        if word not in text
    ]


def leaks(world: World, words: Iterable[str] = (), *, exits: Iterable[Exit] = EXITS) -> list[str]:
    """The exits that show what they must not: their own words, or `words`."""
    searched = list(words)
    return [
        f"{each.name}: {word}"
        for each in exits
        for text in [each.fetch(world)]
        for word in searched or each.shows
        if word in text
    ]


@pytest.fixture
def move_clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Let it be so many days later."""

    def move(days: int) -> None:
        later = timezone.now() + timedelta(days=days)
        monkeypatch.setattr("django.utils.timezone.now", lambda: later)

    return move


def today() -> date:
    return timezone.localdate()


def test_nothing_shows_without_consent(world: World) -> None:
    assert leaks(world) == []


def test_everything_shows_while_consent_holds_and_nothing_once_it_lapsed(
    world: World, move_clock: Callable[[int], None]
) -> None:
    give(world, valid_until=today() + timedelta(days=200))  # a speaker is found for a day in two months and later
    assert missing(world) == []
    move_clock(100)
    assert missing(world) == []
    move_clock(101)
    assert leaks(world) == []  # nothing was written: the day alone has changed


def test_nothing_shows_before_consent_begins(world: World) -> None:
    give(world, valid_from=today() + timedelta(days=400))
    assert leaks(world) == []


def test_nothing_shows_from_the_moment_consent_is_revoked(world: World) -> None:
    consents = give(world)
    assert missing(world) == []
    for consent in consents:
        revoke_consent(consent=consent)
    assert leaks(world) == []


def test_what_the_whole_customer_allows_does_not_outlast_the_person_s_own_no(world: World) -> None:
    for activity in ("quote", "case_study", "speaking"):
        make_consent(world.contact.customer, activity)
    assert missing(world) == []
    for consent in give(world):
        revoke_consent(consent=consent)
    assert leaks(world) == []


def test_who_has_left_shows_nowhere(world: World) -> None:
    give(world)
    own_page.opt_out(contact=world.contact)
    assert leaks(world) == []


@pytest.mark.parametrize("channel", ["web", "sales", "print"])
def test_consent_for_a_channel_opens_that_one_alone(world: World, channel: str) -> None:
    give(world, channel=channel)
    closed = [each for each in EXITS if each.channel and each.channel != channel]
    opened = [each for each in EXITS if each.channel == channel]
    assert leaks(world, exits=closed) == []
    assert missing(world, exits=opened) == []
    for path, word in LISTS:
        asked = {each: page(f"/api/v1/{path}/", channel=each)(world) for each in ("web", "sales", "print", "press")}
        assert {each for each, text in asked.items() if word in text} == {channel}


def test_consent_for_a_region_opens_that_one_alone(world: World) -> None:
    make_tag("region", "France")
    give(world, region=world.region)
    for path, word in LISTS:
        inside, outside = (page(f"/api/v1/{path}/", used_in=slug)(world) for slug in ("norway", "france"))
        assert (word in inside, word in outside) == (True, False), path


def test_consent_without_the_name_shows_no_name_anywhere(world: World) -> None:
    give(world, is_attributed=False)
    naming = {"web:file", "web:wall-picture", "web:customer", "web:profile"}  # beside a name it would be told by it
    nameless = [each for each in EXITS if each.name not in naming]
    assert missing(world, exits=nameless) == []
    assert leaks(world, ["Vantreight", "Quillon"]) == []
    assert STORY not in page("/jump/", q="Vantrei")(world)  # nor does the name find it
    public = [each for each in EXITS if each.channel]
    assert leaks(world, NAMES, exits=public) == []
    for name in ("web:file", "web:wall-picture"):  # a file names people by itself
        assert leaks(world, exits=[each for each in EXITS if each.name == name]) == []


def test_consent_for_one_piece_opens_that_piece_alone(world: World) -> None:
    make_testimonial(world.contact, "Another one, Otherwhere.")
    record_consent(contact=world.contact, activity="quote", piece=world.quote)
    of_quote = [each for each in EXITS if each.shows == (QUOTE,)]
    assert missing(world, exits=of_quote) == []
    assert leaks(world, [STORY, NUMBER, "Otherwhere"]) == []
    assert leaks(world, exits=[each for each in EXITS if each.shows == (SPEAKER,)]) == []
    revoke_consent(consent=Consent.objects.get())
    assert leaks(world) == []


def test_webhooks_tell_what_changed_and_never_whose(world: World, manager: User) -> None:
    events = ["consent.given", "consent.revoked", "content.recalled"]
    WebhookSubscription.objects.create(name="CMS", url="https://cms.example/", events=events, owner=manager)
    for consent in give(world):
        revoke_consent(consent=consent)
    bodies = json.dumps(list(WebhookDelivery.objects.values("event", "subject", "data")))
    assert not [event for event in events if event not in bodies]
    assert not [word for word in (*NAMES, "Quillon", QUOTE, STORY) if word in bodies]


def test_a_speaker_who_takes_consent_back_leaves_the_slot_and_every_calendar(marketer: User, rep: User) -> None:
    make_policy({"approvals": [{"approvers": "none"}]})
    nora = make_banker("Nora Lindqvist", title=SPEAKER)
    consent = make_consent(nora, "speaking")
    slot = make_slot("Finance Forum", tags=[banking()], owner=marketer)
    accept_match(match=hold_speaker(slot=slot, contact=nora, by=marketer))
    feed = feed_path(renew_calendar_link(purpose=CALENDAR_OF_USER, whose=marketer))
    shared_feed = feed_path(renew_calendar_link(purpose=CALENDAR_OF_PROGRAM, whose=marketer))
    paths = (
        "/slots/", f"/slots/{slot.pk}/", "/slots/calendar/", "/api/v1/speaking-slots/",
        f"/api/v1/speaking-slots/{slot.pk}/", feed, shared_feed, "/api/v1/exports/speaking-slots/",
    )  # fmt: skip

    def seen() -> dict[str, list[str]]:
        client = Client()
        client.force_login(marketer)
        texts = {path: _text(client.get(path)).replace("\r\n ", "") for path in paths}
        return {path: [word for word in ("Lindqvist", SPEAKER) if word in text] for path, text in texts.items()}

    assert [path for path, words in seen().items() if words]
    revoke_consent(consent=consent)
    left = {path: words for path, words in seen().items() if words}
    assert left == {f"/slots/{slot.pk}/": [SPEAKER]}  # who was asked stays on record, without the name


KEPT = "for whoever keeps it, who must see it in order to renew, change or end it"
ACT = "changes something, and shows nothing"
OWN = "a person's own data, shown to themselves"
NONE = "shows no content and offers nobody for anything"
LEDGER = "what was asked and what happened, which stays on record; names as blinding allows"
POOL = "who is in the pool, which takes no consent; what may be used of them is asked by the exits that are walked"
PLAN = "an ask under way, by the search that is walked; a consent that is revoked ends it (tests/matching)"
ANSWERS = "words of answers to surveys, walked by the tests of that page"
SLOTS = "speakers of slots, walked by a test of their own"
EXEMPT: dict[str, tuple[str, ...]] = {
    KEPT: (
        "web:word-uses",
        "web:content", "web:content-piece", "web:content-number", "web:content-number-add", "web:case-study-add",
        "web:case-study-edit", "web:testimonial-add", "web:testimonial-edit", "web:consent", "web:consents",
        "web:consent-asks", "web:consent-add", "web:consent-ask", "web:consent-revoke", "web:consent-supersede",
        "api:v1:export-consents", "web:embeds", "web:embed-page", "web:embed-add", "web:embed-edit", "web:handouts",
        "web:handout-add", "web:handout-edit", "web:searches", "web:proof-uses", "web:export-file", "web:export-job",
        "web:export-program",
    ),
    ACT: (
        "api:v1:survey-campaign-start", "api:v1:survey-campaign-close", "api:v1:survey-campaign-reopen",
        "api:v1:survey-campaign-invite", "api:v1:survey-response-topics", "api:v1:ask-assignment-note",
        "api:v1:ask-assignment-postpone", "api:v1:ask-assignment-confirm", "api:v1:ask-assignment-send-back",
        "api:v1:ask-assignment-withdraw", "api:v1:ask-campaign-start", "api:v1:ask-campaign-close",
        "api:v1:redemption-approve", "api:v1:redemption-reject", "api:v1:redemption-fulfil",
        "api:v1:redemption-cancel", "api:v1:referral-qualify", "api:v1:referral-win", "api:v1:referral-lose",
        "api:v1:referral-disqualify", "api:v1:referral-settle", "api:v1:recovery-play-move",
        "api:v1:recovery-play-step", "api:v1:moment-move", "api:v1:moment-ask", "api:v1:adopter-seat-move",
        "web:adopter-invite", "web:adopter-move", "web:adopter-seat-move", "web:adopter-seat-feedback",
        "web:referral-add", "web:referral-link", "web:referral-move", "web:referral-settle", "web:referral-owner",
        "web:referral-forget", "web:referral-contact", "web:fraud-flag-decide", "web:segments-quiet-play",
        "web:moment-hand-over", "web:moment-move", "web:moment-ask",
        "web:recovery-open", "web:recovery-step", "web:recovery-move", "web:recovery-change", "web:recovery-comment",
        "web:survey-start", "web:survey-close", "web:survey-reopen", "web:survey-resend", "web:survey-responses-topic",
        "web:survey-phone", "web:survey-ask-rest",
        "web:content-apply", "web:content-give", "web:content-move", "web:content-recall", "web:content-use-add",
        "web:content-use-end", "web:consent-renew", "web:consent-ask-take-back", "web:file-add", "web:file-remove",
        "web:embed-end", "web:basket-add", "web:basket-remove", "web:handout-share", "web:search-change",
        "web:search-look", "web:search-save", "web:proof-use", "web:proof-enough", "web:find-confirm",
        "web:find-drop", "web:sorting-act",
        "web:lead-delete", "web:lead-hand-over", "web:wall-count", "web:calendar-link", "web:slot-add",
        "web:slot-cancel", "web:slot-deliver", "web:slot-edit", "web:slot-hold", "web:slot-release", "web:slot-source",
        "api:v1:speaking-slot-cancel", "api:v1:speaking-slot-deliver", "api:v1:speaking-slot-hold",
        "api:v1:speaking-slot-release", "api:v1:speaking-slot-source", "web:disclose", "web:outside-use",
        "web:touch-withdraw", "web:engagement-add", "web:contact-add", "web:contact-edit", "web:contact-erase",
        "web:points-worth", "web:points-shares", "web:points-adjust", "web:points-redeem", "web:level-add",
        "web:level-edit", "web:level-remove", "web:badge-add", "web:badge-edit", "web:reward-add", "web:reward-edit",
        "web:gift-rules", "web:gift-rule-add", "web:gift-rule-edit", "web:gift-rule-remove", "web:redemptions-move",
        "web:ask-put", "web:assignment-move", "web:assignments-move", "web:ask-campaign-start",
        "web:ask-campaign-close", "web:contact-status", "web:customer-add", "web:customer-edit",
        "api:v1:promoter-contact-data",
    ),
    OWN: (
        "web:refer", "web:refer-lead",
        "web:portal", "web:portal-act", "web:portal-link", "web:portal-meeting", "web:portal-unsubscribe",
        "web:contact-export",
    ),
    SLOTS: (
        "web:slots", "web:slot", "web:slot-calendar", "web:calendar-feed", "api:v1:speaking-slot-list",
        "api:v1:speaking-slot-detail", "api:v1:export-speaking-slots",
    ),
    POOL: (
        "web:adopter-candidates",
        "web:segments", "web:segments-quiet", "web:segments-owners",
        "web:points", "web:points-person", "web:points-leaderboard", "web:levels", "web:badges", "web:rewards",
        "web:redemptions",
        "web:ask-suggestions", "web:ask-person", "api:v1:ask-suggestions",
        "web:pool", "web:customers", "web:figure-people", "api:v1:customer-list", "api:v1:promoter-list",
        "api:v1:export-customers", "api:v1:export-promoters",
    ),
    PLAN: (
        *(f"api:v1:request-match{verb}" for verb in (
            "", "es", "-accept", "-approve", "-calendar", "-cancel", "-complete", "-contact-data", "-decline",
            "-feedback", "-no-show", "-reject", "-schedule", "-swap",
        )),
        "api:v1:approval-list", "api:v1:request-candidates", "api:v1:export-matches", "web:match-accept",
        "web:match-approve", "web:match-calendar", "web:match-contact", "web:match-decline", "web:match-how",
        "web:match-preparation", "web:match-reject", "web:match-schedule", "web:match-swap", "web:match-take-back",
        "web:queue-decide", "web:request", "web:request-cancel", "web:request-comment", "web:request-copy",
        "web:request-edit", "web:request-meanwhile", "web:request-new", "web:request-outcome", "web:request-propose",
        "web:request-queue", "web:request-reopen", "web:request-submit", "web:request-watch", "web:requests",
        "api:v1:request-cancel", "api:v1:request-comments", "api:v1:request-deal-outcome", "api:v1:request-detail",
        "api:v1:request-duplicate", "api:v1:request-list", "api:v1:request-outcome", "api:v1:request-reopen",
        "api:v1:request-submit", "api:v1:request-unwatch", "api:v1:request-watch", "api:v1:export-requests",
    ),
    LEDGER: (
        "web:adopters", "web:adopter-program", "web:adopter-seat",
        "web:nps", "web:nps-at-risk", "web:recovery", "web:recovery-play",
        "web:referrals", "web:referral", "web:referral-chains", "web:referral-values", "web:fraud-flags",
        "web:moments", "web:moment", "api:v1:export-referrals", "api:v1:export-assignments", "api:v1:export-points",
        "api:v1:export-redemptions", "api:v1:export-recovery-plays",
        "web:surveys", "web:survey", "web:survey-responses", "web:survey-invitations", "web:survey-interview",
        "web:survey-call", "api:v1:survey-invitation-list", "api:v1:survey-invitation-detail",
        "api:v1:survey-response-list", "api:v1:survey-response-detail", "api:v1:nps-at-risk",
        *(f"api:v1:{noun}-{view}" for view in ("list", "detail") for noun in (
            "ask-assignment", "points-account", "points-entry", "redemption", "referral", "recovery-play", "moment",
            "adopter-seat",
        )),
        "api:v1:referral-chains", "api:v1:leaderboard", "api:v1:quiet-advocates", "api:v1:customer-segments",
        "api:v1:engagement-detail", "api:v1:engagement-list", "api:v1:engagement-withdraw", "api:v1:export-engagements",
        "api:v1:disclosure-detail", "api:v1:disclosure-list", "api:v1:export-disclosures", "web:disclosures",
        "api:v1:nomination-approve", "api:v1:nomination-decline", "api:v1:nomination-detail", "api:v1:nomination-list",
        "api:v1:nomination-start", "api:v1:nomination-submit", "api:v1:export-nominations", "web:nomination",
        "web:nomination-add", "web:nomination-discard", "web:nomination-edit", "web:nominations",
        "api:v1:unmet-demand-detail", "api:v1:unmet-demand-list", "api:v1:export-unmet-demand", "web:unmet-demand",
        "web:unmet-demand-assign", "web:unmet-demand-end", "web:unmet-demand-mail", "web:unmet-demand-retry",
        "web:unmet-demands", "web:unmet-segments", "api:v1:recruiting-task-assign", "api:v1:recruiting-task-detail",
        "api:v1:recruiting-task-dismiss", "api:v1:recruiting-task-done", "api:v1:recruiting-task-list", "web:home",
        "api:v1:figures", "web:asks", "web:assignments", "web:assignment", "web:ask-campaigns", "web:ask-campaign",
    ),
    ANSWERS: ("web:nps-personas",),
    NONE: (
        "web:adopter-add", "web:adopter-edit",
        "web:nps-benchmarks", "web:nps-benchmark-add", "web:nps-benchmark-edit", "web:nps-benchmark-delete",
        "web:recovery-templates", "web:recovery-template", "web:recovery-template-add", "web:recovery-starters",
        "api:v1:survey-campaign-list", "api:v1:survey-campaign-detail", "api:v1:survey-campaign-audience",
        *(f"api:v1:{noun}-{view}" for view in ("list", "detail") for noun in (
            "ask", "review-site", "ask-campaign", "level", "badge", "reward", "adopter-program",
        )),
        "api:v1:ask-campaign-preview", "api:v1:referral-contact-data",
        "api:v1:benchmark-list", "api:v1:benchmark-detail", "api:v1:nps", "api:v1:nps-trend", "api:v1:nps-segments",
        "web:survey-add", "web:survey-edit", "web:survey-audience", "web:survey-mail", "web:survey-mail-html",
        "web:survey-import", "web:survey-import-preview", "web:survey-import-discard", "web:survey-job",
        "web:survey-job-cancel", "web:survey-people", "web:survey-widget", "web:survey-widget-script",
        "web:advocacy-starter", "web:ask-add", "web:ask-edit", "web:review-sites", "web:review-site-add",
        "web:review-site-edit", "web:ask-campaign-add", "web:ask-campaign-edit", "api:v1:docs", "api:v1:schema",
        "api:v1:not-found", "api:v1:removals", "api:v1:policy-current",
        "api:v1:policy-detail", "api:v1:policy-list", "api:v1:policy-preview", "api:v1:tag-detail", "api:v1:tag-list",
        "api:v1:webhook-detail", "api:v1:webhook-list", "api:v1:webhook-log", "api:v1:webhook-pause",
        "api:v1:webhook-replay", "api:v1:webhook-replay-failed", "api:v1:webhook-resume",
        "api:v1:webhook-rotate-secret", "api:v1:webhook-test", "api:v1:export-leads", "health", "health-worker",
        "web:api-key-add", "web:api-key-end", "web:api-key-replace", "web:api-keys", "web:embed-script", "web:export",
        "web:exports", "web:find-tags", "web:import", "web:import-discard", "web:import-preview", "web:job",
        "web:job-cancel", "web:job-report", "web:jobs", "web:leads", "web:leads-csv", "web:login", "web:logout",
        "web:mail", "web:mail-html", "web:mail-trial", "web:mails", "web:operations", "web:operations-resend",
        "web:operations-send", "web:operations-try-again", "web:policy", "web:policy-version", "web:policy-versions",
        "api:v1:duplicate-detail", "api:v1:duplicate-list",
        "web:duplicate", "web:duplicate-decide", "web:duplicates", "web:duplicates-search", "web:merge-undo",
        "web:merges", "web:new-words", "web:new-words-plan", "web:sorting",
        "web:proposals", "web:settings", "web:synonym-proposal", "web:tag", "web:tag-merge", "web:theme",
        "web:vocabulary", "web:wall-contact", "web:wall-numbers", "web:wall-thanks", "web:webhook", "web:webhook-add",
        "web:webhook-delete", "web:webhook-edit", "web:webhook-replay", "web:webhooks", "web:welcome",
    ),
}  # fmt: skip
"""Why an address is not walked."""


def test_every_address_is_walked_or_exempt_for_a_reason() -> None:
    walked = {each.name for each in EXITS}
    exempt = [name for names in EXEMPT.values() for name in names]
    found = set(_addresses(get_resolver()))
    assert sorted(found - walked - set(exempt)) == [], "judge these: walk them, or exempt them for a reason"
    assert sorted((walked | set(exempt)) - found) == []
    assert len(exempt) == len(set(exempt))
    assert not walked & set(exempt)


def _addresses(resolver: URLResolver, space: str = "") -> Iterator[str]:
    """The names of all addresses but those of Django's admin, which is the administrators'."""
    for each in resolver.url_patterns:
        if isinstance(each, URLPattern):
            if each.name:
                yield f"{space}{each.name}"
        elif each.namespace != "admin":
            yield from _addresses(each, f"{space}{each.namespace}:" if each.namespace else space)
