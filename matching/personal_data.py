"""What requests hold of one person: erased with them, and given to them on demand; registered with the floor below."""

from typing import Any

from django.db.models import F, Q, QuerySet

from delivery.links import revoke_links
from matching.enums import LIVE, MatchStatus, Side
from matching.models import (
    Approval,
    Feedback,
    Match,
    Outcome,
    ProofUse,
    RecruitingCandidate,
    RecruitingTask,
    Request,
    RequestComment,
)
from matching.need import Need
from matching.purposes import match_subject
from matching.services.answering import cancel_by_customer
from matching.services.following import TAKEN
from matching.services.requests import promise_filling
from matching.services.states import lock_match, lock_request
from matching.services.withdrawing import withdraw_match
from references.enums import SlotStatus
from references.models import Contact, SpeakingSlot
from references.personal_words import ERASED_NAME, Person
from references.services.erasing import forget_moves, hide_in, register_eraser
from references.services.exporting import list_rows, register_exporter
from references.services.grants import revoke_grants
from references.services.saving import name_subject
from references.services.slot_states import lock_slot, move_slot
from users.models import User


def register_personal_data() -> None:
    """Let persons be erased from requests, and told what requests hold of them."""
    register_eraser(erase_from_requests)
    register_exporter("requests", export_requests)


def erase_from_requests(contact: Contact, person: Person, by: User | None) -> None:
    """End what goes on with a person and take their words out of it; what was asked, answered and done stays."""
    matches = Match.objects.filter(contact=contact)
    ids = list(matches.values_list("pk", flat=True))
    requests = Request.objects.filter(pk__in=_requests_about(contact))
    tasks = RecruitingTask.objects.filter(Q(candidates__contact=contact) | Q(demand__request__in=requests))
    task_ids = set(tasks.values_list("pk", flat=True))
    for request_id in requests.order_by("pk").values_list("pk", flat=True):
        lock_request(request_id)
    for match_id in matches.filter(status__in=LIVE).order_by("request_id").values_list("pk", flat=True):
        _end(match_id, by)
    _leave_slots(contact, by)
    for match_id in ids:
        revoke_links(subject=match_subject(match_id))
        revoke_grants(source=match_subject(match_id))
    hide_in(matches, ["override_reason", "meeting", "terms"], person.hide)
    matches.update(headline=ERASED_NAME, decline_note="", offered_times=[], version=F("version") + 1)
    of_them = Feedback.objects.filter(match__in=ids)
    of_them.filter(side=Side.PROMOTER).update(comment="")
    hide_in(of_them, ["comment"], person.hide)
    hide_in(Approval.objects.filter(match__in=ids), ["why", "reason"], person.hide)
    RecruitingCandidate.objects.filter(contact=contact).delete()
    _forget_in_requests(requests, person)
    hide_in(RecruitingTask.objects.filter(pk__in=task_ids), ["note"], person.hide)
    forget_moves([name_subject(match) for match in matches.only("pk")], person)
    forget_moves([name_subject(request) for request in requests.only("pk")], person)
    forget_moves([name_subject(task) for task in RecruitingTask.objects.filter(pk__in=task_ids).only("pk")], person)


def _leave_slots(contact: Contact, by: User | None) -> None:
    """Open the slots to come that still name somebody as their speaker; what was delivered stays counted."""
    for slot_id in SpeakingSlot.objects.filter(speaker=contact, status__in=TAKEN).values_list("pk", flat=True):
        slot = lock_slot(slot_id)
        if slot.status in TAKEN and slot.speaker_id == contact.pk:
            move_slot(slot, SlotStatus.OPEN, by=by, why="The person has left the program.")


def _requests_about(contact: Contact) -> set[int]:
    """The requests whose texts may speak of somebody: who was put forward, chosen or near, and what was copied."""
    found = set(Match.objects.filter(contact=contact).values_list("request_id", flat=True))
    found |= set(Request.objects.filter(best_contact=contact).values_list("pk", flat=True))
    near = RecruitingCandidate.objects.filter(contact=contact)
    found |= set(near.values_list("task__demand__request_id", flat=True))
    chosen = Request.objects.exclude(chosen=[]).values_list("pk", "chosen")
    found |= {pk for pk, people in chosen if contact.pk in people}
    fresh = found
    while fresh:
        akin = Request.objects.filter(Q(duplicate_of__in=fresh) | Q(copies__in=fresh))
        fresh = set(akin.values_list("pk", flat=True)) - found
        found |= fresh
    return found


def _forget_in_requests(requests: QuerySet[Request], person: Person) -> None:
    """Take the whole name out of what is asked and said; whoever has such a page open must load it anew."""
    texts = ["deal", "prospects", "brief", "why", "questions", "needs_manager", "manager_calls", "content_used"]
    hide_in(requests, texts, person.hide_in_full)
    for row in requests.only("need"):
        if "text" in row.need:
            need = Need.from_dict(row.need).rewritten(person.hide_in_full)
            Request.objects.filter(pk=row.pk).update(need=need.as_dict())
    hide_in(RequestComment.objects.filter(request__in=requests), ["text"], person.hide_in_full)
    hide_in(Outcome.objects.filter(request__in=requests), ["note"], person.hide_in_full)
    hide_in(ProofUse.objects.filter(request__in=requests), ["deal", "brief"], person.hide_in_full)
    requests.update(version=F("version") + 1)


def export_requests(contact: Contact) -> dict[str, Any]:
    """What a person was asked for, by whom, how they were ranked for it, what they answered and what came of it.

    Of a hold that was given back before they heard of it, whose deal it was stays with the program.
    """
    own = Match.objects.filter(contact=contact).order_by("id")
    asks = list_rows(
        own, "activity", "status", "created_at", "score", "fit", "terms", "headline", "band", "chosen_by",
        "override_codes", "override_reason", "invited_at", "answered_at", "offered_times", "scheduled_at",
        "minutes", "meeting", "decline_reason", "decline_note", "completed_at", date="on",
        asked_by="request__owner__name", prospects="request__prospects", result="request__outcome__result",
    )  # fmt: skip
    untold: dict[str, Any] = {"asked_by": "", "prospects": [], "result": None, "override_reason": ""}
    return {
        "asks": [each if each["invited_at"] else {**each, **untold} for each in asks],
        "feedback": list_rows(
            Feedback.objects.filter(match__in=own).order_by("id"), "side", "happened", "helpful", "hours", "again",
            "comment", "at",
        ),
    }  # fmt: skip


def _end(match_id: int, by: User | None) -> None:
    match = lock_match(match_id)
    if match.status in {MatchStatus.ACCEPTED, MatchStatus.SCHEDULED}:
        cancel_by_customer(match=match, by=by)
        return
    withdraw_match(match, by=by, why="The person has left the program.", tells=False)
    promise_filling(match.request)
