"""What a letter is made from: read from the rows when it is delivered, blinded for whom it goes to, or invented.

None instead of facts says that nothing is to be sent any more.
"""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from delivery.links import absolute_url, issue_link, link_path
from delivery.models import SignedLink
from delivery.outbox import Payload
from matching.enums import SAID_YES, ApprovalStatus, MatchStatus
from matching.models import Approval, Match, Request
from matching.permissions import may_decide
from matching.purposes import APPROVAL, approval_subject, ids_in
from matching.showing import ShownMatch, show_match
from references.activities import BY_CODE
from references.models import Contact, SpeakingSlot
from references.speech import language_of
from users.models import User


def _utc() -> ZoneInfo:
    return ZoneInfo("UTC")


@dataclass(frozen=True, slots=True)
class Facts:
    """What letters say. `who` and `customer` are how the receiver may call the promoter; times are aware."""

    to: str
    name: str
    language: str = "en"
    zone: ZoneInfo = field(default_factory=_utc)
    program: str = ""
    requester: str = ""
    company: str = ""
    deal: str = ""
    deal_value: str = ""
    prospects: tuple[str, ...] = ()
    activity: str = "call"
    minutes: int = 30
    questions: str = ""
    why: str = ""
    on: date | None = None
    answer_by: datetime | None = None
    due_by: datetime | None = None
    who: str = ""
    customer: str = ""
    reasons: tuple[str, ...] = ()
    status: str = ""
    news: str = ""
    starts_at: datetime | None = None
    meeting: str = ""
    version: int = 1
    match_id: int = 0
    result: str = ""
    url: str = ""
    portal_url: str = ""
    slot: SpeakingSlot | None = None

    @property
    def first_name(self) -> str:
        return self.name.split(" ")[0]

    @property
    def is_live(self) -> bool:
        """Whether people meet for it."""
        return BY_CODE[self.activity].live


def of_match(payload: Payload) -> Facts | None:
    """A letter to the promoter of a match; None for somebody who has opted out, or has no address."""
    return _to_promoter(_read_match(payload))


def invited(payload: Payload) -> Facts | None:
    """The invitation and its reminder, while the answer is waited for and the link is open."""
    match = _read_match(payload)
    link = SignedLink.objects.filter(pk=payload["link"], revoked_at=None).first()
    if match.status != MatchStatus.INVITED or link is None:
        return None
    return _to_promoter(match, url=absolute_url(link_path(link)))


def accepted(payload: Payload) -> Facts | None:
    """A letter to a promoter whose yes still stands."""
    match = _read_match(payload)
    return _to_promoter(match) if match.status in SAID_YES else None


def met_at(payload: Payload) -> Facts | None:
    """A letter about a meeting at a time, while it stands at that time: to a user where named, else to the promoter."""
    match = _read_match(payload)
    if match.status != MatchStatus.SCHEDULED or match.scheduled_at != datetime.fromisoformat(payload["at"]):
        return None
    return to_user(payload) if "user" in payload else _to_promoter(match)


def asked_how_it_was(payload: Payload) -> Facts | None:
    """The question how it went, unless this side has said so."""
    match = _read_match(payload)
    given = set(match.feedback.values_list("side", flat=True))
    if "user" in payload:
        return None if "requester" in given else to_user(payload)
    link = SignedLink.objects.filter(pk=payload["link"], revoked_at=None).first()
    if "promoter" in given or link is None:
        return None
    return _to_promoter(match, url=absolute_url(link_path(link)))


def ended(payload: Payload) -> Facts | None:
    """A letter to a promoter who helped, once the deal has ended."""
    match = _read_match(payload)
    outcome = getattr(match.request, "outcome", None)
    return None if outcome is None else _to_promoter(match, result=outcome.result)


def of_person(payload: Payload) -> Facts | None:
    """A letter with the link to a promoter's own page: to whom it leads by now, since people are merged."""
    link = SignedLink.objects.filter(pk=payload["link"], revoked_at=None).first()
    if link is None or link.expires_at <= timezone.now():
        return None
    contact = Contact.objects.select_related("customer").filter(pk=ids_in(link.subject)[0]).first()
    if contact is None or not contact.email:
        return None
    return Facts(
        to=contact.email,
        name=contact.name,
        language=language_of(contact),
        zone=_zone(contact.time_zone),
        program=settings.PROGRAM_NAME,
        answer_by=link.expires_at,
        url=absolute_url(link_path(link)),
    )


def to_user(payload: Payload) -> Facts | None:
    """A letter about a match to somebody who logs in, as far as they may see the promoter."""
    user = _read_user(payload)
    match = _read_match(payload)
    if user is None:
        return None
    page = absolute_url(f"/requests/{match.request_id}/#match-{match.pk}")
    return _about(show_match(user, match), user, url=page)


def of_request(payload: Payload) -> Facts | None:
    """A letter about a request to somebody who logs in; `news` says what about, `match` who."""
    user = _read_user(payload)
    if user is None:
        return None
    page = absolute_url(f"/requests/{payload['request']}/")
    if "match" in payload:
        match = _read_match(payload)
        if match.request.speaking_slot_id is not None:
            page = absolute_url(f"/slots/{match.request.speaking_slot_id}/")
        return _with_news(_about(show_match(user, match), user, url=page), payload)
    request = Request.objects.select_related("owner").get(pk=payload["request"])
    deal: dict[str, Any] = {**_deal(request), "why": request.needs_manager or request.why}
    facts = Facts(to=user.email, name=user.name or user.email, zone=_zone(user.time_zone), url=page, **deal)
    return _with_news(facts, payload)


def of_slot(payload: Payload) -> Facts | None:
    """A letter about a speaking slot to somebody who looks after it."""
    user = _read_user(payload)
    slot = SpeakingSlot.objects.get(pk=payload["slot"])
    if user is None:
        return None
    return Facts(
        to=user.email,
        name=user.name or user.email,
        zone=_zone(user.time_zone),
        program=settings.PROGRAM_NAME,
        deal=slot.event,
        activity=slot.activity,
        starts_at=slot.starts_at,
        meeting=slot.place,
        url=absolute_url(f"/slots/{slot.pk}/"),
    )


def to_approve(payload: Payload) -> Facts | None:
    """The question to an approver, while it is theirs to decide; the link in it opens one confirmation page."""
    user = _read_user(payload)
    approval = Approval.objects.select_related("match__request__owner", "match__contact__customer").get(
        pk=payload["approval"]
    )
    is_waiting = Approval.objects.pending().filter(pk=approval.pk, status=ApprovalStatus.PENDING).exists()
    if user is None or not is_waiting or not may_decide(user, approval):
        return None
    subject = approval_subject(approval.pk, user.pk)
    is_open = {"revoked_at": None, "expires_at__gt": timezone.now()}
    link = SignedLink.objects.filter(purpose=APPROVAL, subject=subject, **is_open).last()
    if link is None:
        link = issue_link(purpose=APPROVAL, subject=subject, lifetime=timedelta(days=14))
    shown = show_match(user, approval.match)
    return _about(
        shown, user, url=absolute_url(link_path(link)), due_by=approval.due_at, why=shown.approval(approval.pk).why,
        portal_url=absolute_url(f"/requests/{approval.match.request_id}/"),
    )  # fmt: skip


def _read_match(payload: Payload) -> Match:
    rows = Match.objects.select_related("request__owner", "request__speaking_slot", "contact__customer")
    return rows.get(pk=payload["match"])


def _read_user(payload: Payload) -> User | None:
    return User.objects.filter(pk=payload["user"], is_active=True).first()


def _to_promoter(match: Match, **more: str) -> Facts | None:
    contact = match.contact
    if not contact.email or contact.has_opted_out:
        return None
    shared = _shared(match)
    return Facts(
        to=contact.email,
        name=contact.name,
        language=language_of(contact),
        zone=_zone(contact.time_zone),
        **{**shared, **more},
    )


def _about(shown: ShownMatch, user: User, **more: object) -> Facts:
    """A match as `user` may see it: the person's name only after their yes, or for managers and the account owner."""
    shared: dict[str, Any] = {
        **_shared(shown.match),
        "who": shown.who,
        "customer": shown.customer,
        "meeting": shown.meeting,
        "reasons": tuple(f"{term.label}: {term.words}" for term in shown.terms if term.words),
        "due_by": None,
    }
    return Facts(
        to=user.email,
        name=user.name or user.email,
        zone=_zone(user.time_zone),
        **{**shared, **more},
    )


def _shared(match: Match) -> dict[str, Any]:
    return {
        **_deal(match.request),
        "activity": match.activity,
        "minutes": match.minutes,
        "on": match.on,
        "answer_by": match.answer_due_at,
        "status": match.status,
        "starts_at": match.scheduled_at,
        "meeting": match.meeting,
        "version": match.version,
        "match_id": match.pk,
    }


def _deal(request: Request) -> dict[str, Any]:
    value = "" if request.deal_value is None else f"{request.deal_value:,.0f} {request.currency}"
    return {
        "program": settings.PROGRAM_NAME,
        "requester": request.owner.name or request.owner.email,
        "deal": request.deal,
        "deal_value": value,
        "prospects": tuple(request.prospects),
        "activity": request.activity,
        "questions": request.questions,
        "why": request.why,
        "slot": request.speaking_slot,
    }


def _with_news(facts: Facts, payload: Payload) -> Facts:
    return replace(facts, news=payload.get("news", ""))


def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name or "UTC")


SAMPLE = Facts(
    to="nora.lindqvist@customer.example",
    name="Nora Lindqvist",
    program="Larkspur",
    requester="Sam Fieldgate",
    deal="Harbor Bank, core banking",
    deal_value=f"{Decimal(250_000):,} EUR",
    prospects=("Harbor Bank",),
    activity="call",
    questions="How long did the first country take?\nWho had to be convinced, and by what?",
    why="They decide between us and staying where they are.",
    on=date(2030, 5, 14),
    answer_by=datetime(2030, 5, 10, 15, tzinfo=UTC),
    due_by=datetime(2030, 5, 8, 15, tzinfo=UTC),
    who="Head of Risk · Banking · Nordics · 10,000+",
    customer="Fjordbank",
    reasons=("Industry: Banking: exact", "Product: Ledger: exact"),
    status="accepted",
    news="declined",
    starts_at=datetime(2030, 5, 14, 8, 30, tzinfo=UTC),
    meeting="https://meet.example/harbor",
    match_id=12,
    result="won",
    url="https://references.example/p/…/",
    portal_url="https://references.example/requests/7/",
)
