"""Writes requests: made, edited, submitted, copied, cancelled, commented and watched."""

import re
import secrets
import textwrap
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, TypedDict
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from delivery.promises import enqueue
from matching.enums import LIVE, MatchStatus, RequestStatus, Urgency, Via
from matching.kinds import EXPIRE, FILL, LETTER_REQUEST_NEWS
from matching.lifecycle import REQUEST
from matching.models import Request, RequestComment
from matching.need import Need
from matching.search import DEFAULT_ACTIVITY, Corrections, understand
from matching.services.learning import learn_from_request
from matching.services.states import fulfil_if_done, lock_request, move_request, refresh_due, save_request
from matching.services.telling import tell_requester
from matching.services.withdrawing import withdraw_match
from references import activities
from references.errors import DomainError
from references.filtering import judge_day
from references.models import SpeakingSlot
from references.pool.writing import pool_write
from references.program import current_policy
from references.services.saving import assign, record_change, save_checked
from users.models import Team, User

MOST_PROSPECTS = 20
RUSH_DAYS = 30
GROUP_CALL = "group_call"


class RequestData(TypedDict, total=False):
    """The fields of a request that a form or a call may set; what is left out is read from the brief."""

    deal: str
    deal_id: str
    deal_stage: str
    deal_value: Decimal | None
    currency: str
    prospects: list[str]
    brief: str
    corrections: dict[str, list[str]]
    activity: str
    chosen: list[int]
    quantity: int
    needed_by: date | None
    urgency: str
    why: str
    questions: str


def create_request(
    *,
    owner: User,
    data: RequestData,
    via: str = Via.PAGE,
    by: User | None = None,
    creation_key: str = "",
    speaking_slot: SpeakingSlot | None = None,
) -> Request:
    """Make a draft, for a `speaking_slot` where given; the same `creation_key` again is the draft that is there.

    Raises DomainError: deal_required, date_over, far_date, several_prospects, too_many_prospects, negative_value,
    currency_required, wrong_currency, unknown_activity, or a field's own code.
    """
    key = creation_key or f"request:{uuid.uuid4().hex}"
    there = Request.objects.filter(creation_key=key).first()
    if there is not None:
        return there
    row = Request(owner=owner, via=via, creation_key=key, seed=secrets.randbits(48), speaking_slot=speaking_slot)
    _apply(row, data)
    try:
        with transaction.atomic():
            save_checked(row)
            record_change(subject=row, before="", after=row.status, by=by or owner)
            learn_from_request(brief=row.brief, corrections=row.corrections)
    except DomainError:
        there = Request.objects.filter(creation_key=key).first()  # the same call, twice at once
        if there is None:
            raise
        return there
    return row


@transaction.atomic
def edit_request(*, request: Request, data: RequestData, by: User, expected_version: int | None = None) -> Request:
    """Change a draft wholly; of an open request only what nobody is asked by yet: words, value, stage, how many more.

    Raises DomainError: changed_meanwhile, request_over, asked_already (field), and what `create_request` does.
    """
    row = lock_request(request.pk)
    require_version(row.version, expected_version)
    if not REQUEST.moves[row.status]:
        raise DomainError("request_over", _("This request is over and is not changed any more."))
    wanted, day, urgency = row.quantity, row.needed_by, row.urgency
    if row.status != RequestStatus.DRAFT:
        _require_free_to_change(row, data)
    _apply(row, data)
    if "corrections" in data:
        learn_from_request(brief=row.brief, corrections=row.corrections)
    if row.status != RequestStatus.DRAFT and row.urgency == Urgency.URGENT != urgency:
        _require_rush_left(row, by)
    row.version += 1
    row.asked_by = by
    save_checked(row)
    if row.status == RequestStatus.OPEN and row.quantity != wanted:
        fulfil_if_done(row)
        refresh_due(row)
    if row.status == RequestStatus.OPEN and row.quantity > wanted:
        promise_filling(row)
    if row.status != RequestStatus.DRAFT and row.needed_by != day:
        _promise_expiry(row)
    return row


def submit_request(
    *,
    request: Request,
    by: User,
    chosen: Iterable[int] = (),
    expected_version: int | None = None,
    fills: bool = True,
) -> Request:
    """Open a draft: from this moment its slots are filled, the people in `chosen` first, and its clock runs.

    Where none are given, those that the draft keeps come first. Without `fills` the caller puts somebody forward.

    The filling is promised in the same transaction; `filling.fill_request` may be called at once to see it done. Raises
    DomainError: move_not_allowed, rush_budget, changed_meanwhile.
    """
    now, policy = timezone.now(), current_policy()
    with transaction.atomic():
        row = lock_request(request.pk)
        require_version(row.version, expected_version)
        _check(row)
        if row.urgency == Urgency.URGENT:
            _require_rush_left(row, by)
        first = list(chosen) or row.chosen
        move_request(
            row, RequestStatus.OPEN, by=by, submitted_at=now, policy_version=policy.version, chosen=first, asked_by=by
        )
        refresh_due(row)
        if fills:
            promise_filling(row)
        _promise_expiry(row)
    return row


def _promise_expiry(request: Request) -> None:
    """Promise to end a request when the day it is needed by has passed, in the program's time zone."""
    if request.needed_by is not None:
        zone = ZoneInfo(current_policy().service.time_zone)
        ends = datetime.combine(request.needed_by + timedelta(days=1), time(), zone)
        key = f"{EXPIRE}:{request.pk}:{request.needed_by}"
        enqueue(kind=EXPIRE, key=key, payload={"request": request.pk}, due=ends)


def promise_filling(request: Request) -> None:
    """Promise that the empty slots of a locked request are filled."""
    enqueue(kind=FILL, key=f"{FILL}:{request.pk}:{request.version}", payload={"request": request.pk})


def reopen_request(*, request: Request, by: User | None, why: str = "") -> Request:
    """Try an unmet request again, with the pool as it is now. Raises DomainError(move_not_allowed)."""
    with transaction.atomic():
        row = lock_request(request.pk)
        move_request(row, RequestStatus.OPEN, by=by, why=why, ended_at=None, asked_by=by or row.asked_by)
        refresh_due(row)
        promise_filling(row)
    return row


def cancel_request(*, request: Request, by: User, why: str = "", expected_version: int | None = None) -> Request:
    """Call a request off: holds are released, whoever was asked is told, and so is whoever follows it, but `by`.

    Raises DomainError: move_not_allowed, changed_meanwhile.
    """
    with pool_write():
        row = lock_request(request.pk)
        require_version(row.version, expected_version)
        REQUEST.require_move(row.status, RequestStatus.CANCELLED)
        for match in row.matches.filter(status__in=LIVE).order_by("contact__customer_id", "contact_id"):
            match.request = row
            withdraw_match(match, by=by, why=why or _("The request was cancelled."))
        move_request(row, RequestStatus.CANCELLED, by=by, why=why)
        payload = {"request": row.pk, "news": "called_off"}
        tell_requester(row, LETTER_REQUEST_NEWS, occasion=f"called_off:{row.pk}", payload=payload, but=by)
    return row


def duplicate_request(*, request: Request, by: User, creation_key: str = "") -> Request:
    """Make a fresh draft of a request, owned by whoever copies it; matches and outcome stay behind."""
    data: RequestData = {
        "deal": request.deal,
        "deal_id": request.deal_id,
        "deal_stage": request.deal_stage,
        "deal_value": request.deal_value,
        "currency": request.currency,
        "prospects": list(request.prospects),
        "brief": request.brief,
        "corrections": dict(request.corrections),
        "activity": request.activity,
        "quantity": request.quantity,
        "needed_by": request.needed_by if request.needed_by and request.needed_by >= timezone.localdate() else None,
        "urgency": Urgency.NORMAL,
        "why": request.why,
        "questions": request.questions,
    }
    row = create_request(owner=by, data=data, creation_key=creation_key)
    Request.objects.filter(pk=row.pk, duplicate_of=None).update(duplicate_of=request.pk)
    row.duplicate_of = request
    return row


@transaction.atomic
def comment_request(*, request: Request, author: User, text: str, creation_key: str = "") -> RequestComment:
    """Say something about a request to everybody who sees it. Raises DomainError(comment_required)."""
    if not text.strip():
        raise DomainError("comment_required", _("Write something first."), "text")
    key = creation_key or f"comment:{uuid.uuid4().hex}"
    try:
        with transaction.atomic():
            row = RequestComment.objects.create(
                request=request, author=author, text=text.strip()[:4_000], creation_key=key
            )
    except IntegrityError:
        return RequestComment.objects.get(creation_key=key)
    save_request(lock_request(request.pk))
    return row


def watch_request(*, request: Request, user: User, is_watching: bool) -> None:
    """Let a user hear of a request, or no longer."""
    if is_watching:
        request.watchers.add(user)
    else:
        request.watchers.remove(user)


@transaction.atomic
def note_content_used(*, request: Request, title: str, kind: str, content_id: int, by: User) -> Request:
    """Note that a story served meanwhile: a call saved."""
    row = lock_request(request.pk)
    used = {"kind": kind, "id": content_id, "title": title[:200], "by": by.pk, "on": timezone.localdate().isoformat()}
    same = [each for each in row.content_used if (each["kind"], each["id"]) == (kind, content_id)]
    if not same:
        save_request(row, content_used=[*row.content_used, used])
    return row


def require_version(version: int, expected: int | None) -> None:
    """Raise DomainError(changed_meanwhile) where somebody has changed the row since it was read."""
    if expected is not None and expected != version:
        raise DomainError("changed_meanwhile", _("Somebody has changed this meanwhile. Look again, then decide."))


def need_of(request: Request) -> Need:
    """The brief of a request as it was understood when it was written."""
    return Need.from_dict({"text": request.brief, **request.need})


def _apply(row: Request, data: RequestData) -> None:
    """Set the fields, read the brief anew where it or its corrections changed, and fill in what it says."""
    assign(row, data, RequestData.__annotations__)
    if row.pk is None or {"brief", "corrections"} & data.keys():
        need = understand(row.brief, corrections=read_corrections(row.corrections))
        row.need = need.as_dict()
        if row.status == RequestStatus.DRAFT:  # what people are asked for stays, whatever the new words say
            _fill_from(row, need, data)
    row.deal = row.deal.strip()
    row.currency = row.currency.strip().upper()
    row.prospects = [name.strip() for name in row.prospects if name.strip()]
    _check(row)


def _fill_from(row: Request, need: Need, given: Mapping[str, Any]) -> None:
    """What the brief says counts where nobody said it beside the brief."""
    if not given.get("activity"):
        row.activity = need.activity or (row.activity if row.pk else DEFAULT_ACTIVITY)
    if "needed_by" not in given and need.needed_by and need.needed_by >= timezone.localdate():
        row.needed_by = need.needed_by
    if given.get("deal_value") is None and need.deal_value is not None:
        row.deal_value, row.currency = need.deal_value, need.currency or row.currency or "USD"
    if "quantity" not in given and need.quantity:
        row.quantity = min(need.quantity, 10)
    if not given.get("prospects") and need.prospect:
        row.prospects = [need.prospect]
    if not row.deal.strip():
        row.deal = need.prospect or title_of(row.brief)


def title_of(brief: str) -> str:
    """What a deal is called that nobody named: how its brief begins, up to the first pause, in whole words."""
    beginning = re.split(r"[,;:.!?\n]\s|\n", brief.strip(), maxsplit=1)[0]
    return textwrap.shorten(beginning, 60, placeholder=" …")


def read_corrections(values: Mapping[str, Iterable[str]]) -> Corrections:
    """Corrections as stored: {"added": ["facet:slug"], …}. Raises DomainError(unknown_correction)."""
    unknown = set(values) - set(asdict(Corrections()))
    if unknown:
        raise DomainError("unknown_correction", f"There is no correction '{min(unknown)}'.", "corrections")
    return Corrections(**{name: tuple(keys) for name, keys in values.items()})


def _check(row: Request) -> None:
    if not row.deal:
        raise DomainError("deal_required", _("Name the deal, or say in the brief what it is about."), "deal")
    if row.activity not in activities.BY_CODE:
        raise DomainError("unknown_activity", f"There is no activity '{row.activity}'.", "activity")
    if row.status == RequestStatus.DRAFT and row.needed_by is not None and row.needed_by < timezone.localdate():
        raise DomainError("date_over", _("That day is over already."), "needed_by")
    if row.needed_by is not None and judge_day(row.needed_by) == "far_date":
        raise DomainError("far_date", _("That day is too far ahead."), "needed_by")
    if len(row.prospects) > MOST_PROSPECTS:
        raise DomainError("too_many_prospects", _("At most twenty prospects share one call."), "prospects")
    if len(row.prospects) > 1 and row.activity != GROUP_CALL:
        raise DomainError("several_prospects", _("Several prospects share one hour in a group call only."), "prospects")
    if row.deal_value is not None and row.deal_value < 0:
        raise DomainError("negative_value", _("A deal is worth nothing at least."), "deal_value")
    if row.deal_value is not None and not row.currency:
        raise DomainError("currency_required", _("Money needs its currency, such as USD."), "currency")
    if row.currency and (len(row.currency) != 3 or not row.currency.isalpha()):
        raise DomainError("wrong_currency", _("A currency has three letters, such as USD."), "currency")


def _require_free_to_change(row: Request, data: RequestData) -> None:
    """Once people are held or asked, what they are asked for stays; more of the same may be wanted."""
    for name in ("activity", "prospects", "needed_by"):
        if name in data and data[name] != getattr(row, name) and row.matches.filter(status__in=LIVE).exists():
            raise DomainError(
                "asked_already", _("People are held or asked for this already: cancel, and copy it."), name
            )
    standing = row.matches.filter(status__in=[*LIVE, MatchStatus.COMPLETED])
    used = max(standing.values_list("slot", flat=True), default=0)
    if "quantity" in data and data["quantity"] < used:
        raise DomainError("asked_already", _("So many are being asked already."), "quantity")


def _require_rush_left(row: Request, by: User) -> None:
    """Urgent requests have a fast lane that a team may use so often a month; managers always.

    The team's row, or the lone user's, is locked, so that two of a team do not both take the last.
    """
    if by.is_manager:
        return
    budget, team = current_policy().service.rush_per_month, row.owner.team_id
    since = timezone.now() - timedelta(days=RUSH_DAYS)
    same = Request.objects.filter(urgency=Urgency.URGENT, submitted_at__gt=since).exclude(pk=row.pk)
    if team is not None:
        Team.objects.select_for_update(no_key=True).get(pk=team)
        same = same.filter(owner__team=team)
    else:
        User.objects.select_for_update(no_key=True).get(pk=row.owner_id)
        same = same.filter(owner=row.owner)
    if same.count() >= budget:
        message = _("Your team has made %(budget)s urgent requests this month: send it as a normal one.")
        raise DomainError("rush_budget", message % {"budget": budget}, "urgency")
