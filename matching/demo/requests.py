"""Tells the requests of the demonstration, each from its draft to where it stands today."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from matching.demo.past import set_latest
from matching.demo.stage import Ranked, Stage
from matching.demo.walks import Walk
from matching.enums import MatchStatus, RequestStatus, TaskStatus, Urgency
from matching.lifecycle import REQUEST, TASK
from matching.models import Outcome, ProofUse, RecruitingCandidate, RecruitingTask, Request, RequestComment, UnmetDemand
from matching.results import SearchResult
from matching.services.demand import label_of, lacks_of, segment_of
from matching.services.states import refresh_due
from references.demo import PREFIX
from references.enums import Actor
from references.text import fold_name
from users.models import User

MATCH_WAYS = {
    "owner_review": MatchStatus.OWNER_REVIEW,
    "manager_review": MatchStatus.MANAGER_REVIEW,
    "invited": MatchStatus.INVITED,
    "accepted": MatchStatus.ACCEPTED,
    "scheduled": MatchStatus.SCHEDULED,
    **dict.fromkeys(("fulfilled", "won", "lost", "met"), MatchStatus.COMPLETED),
}
"""Where the last match of each slot stands; other ways end without one."""
SECOND_SLOT = {"scheduled": MatchStatus.INVITED}
THREE_ASKED = "3 people have been asked for one place; choose the next by hand."


def tell_request(stage: Stage, ranked: Ranked) -> Request:
    """Write one request with all that hangs on it."""
    story = Story(stage, ranked)
    story.send()
    if ranked.deal.way != "draft":
        story.walk()
        story.end()
    story.finish()
    return story.request


class Story:
    """One request being told; `at` is the moment the story has come to."""

    def __init__(self, stage: Stage, ranked: Ranked) -> None:
        self.stage, self.ranked, self.deal = stage, ranked, ranked.deal
        self.owner = stage.users[self.deal.owner]
        self.at = stage.sent_at(self.deal.ago)
        self.request = self._draft()

    def send(self) -> None:
        """Keep the draft, and send it unless that is all it is."""
        self.request.save()
        drafted = self.at - timedelta(minutes=self.stage.rng.randint(3, 40))
        self.stage.past.date(self.request, **set_latest(self.request, drafted))
        self._note("", self.request.status, drafted, by=self.owner)
        if self.deal.way != "draft":
            self._move(RequestStatus.OPEN, by=self.owner, submitted_at=self.at)
            self.at += timedelta(seconds=self.stage.rng.randint(1, 3))

    def walk(self) -> None:
        """Let everybody be asked who was, slot by slot."""
        if self.deal.way in {"unmet", "met"}:
            self._go_unmet()
        sent = self.at
        for slot in range(1, self.deal.quantity + 1):
            self.at = sent
            for ending in self.deal.tries if slot == 1 else ():
                self._walk_to(slot, ending, self._day_after(8))
            last = MATCH_WAYS.get(self.deal.way)
            if last is not None:
                last = SECOND_SLOT.get(self.deal.way, last) if slot > 1 else last
                self._walk_to(slot, last, self._day_of(last))

    def end(self) -> None:
        """Bring the request to where it stands, and its deal to its end."""
        way = self.deal.way
        if way in {"fulfilled", "won", "lost", "met"}:
            self._move(RequestStatus.FULFILLED, why="Every reference took place.")
        if way in {"won", "lost"}:
            self._report(way)
            self._move(RequestStatus.CLOSED, by=self.owner, why=way.capitalize())
        elif way == "cancelled":
            self.at = self.stage.after(self.at, 2, 8)
            self._move(RequestStatus.CANCELLED, by=self.owner, why="They chose without a reference.")
        elif way == "expired":
            self.at = datetime.combine(self._needed_by() + timedelta(days=1), time(), tzinfo=self.at.tzinfo)
            self._move(RequestStatus.EXPIRED, why="The day it was needed by has passed.")

    def finish(self) -> None:
        """Set what the present says of it: the clock, the call for a manager, comments and watchers."""
        row = self.request
        if self.deal.way == "needs_manager":
            row.needs_manager, row.manager_calls = THREE_ASKED, {"1": THREE_ASKED}
        self._use_story()
        row.save()
        refresh_due(row)
        for place, (login, text) in enumerate(self.deal.comments):
            self._comment(place, self.stage.users[login], text)
        if self.deal.watcher:
            row.watchers.add(self.stage.users[self.deal.watcher])

    def _draft(self) -> Request:
        deal, need = self.deal, self.ranked.need
        best = self.ranked.result.candidates[:1]
        return Request(
            owner=self.owner, deal=f"{deal.prospect}: {deal.subject}", deal_stage=deal.stage, brief=deal.brief,
            deal_id=f"OPP-{10_000 + 7 * deal.ago + deal.value}", deal_value=Decimal(deal.value * 1_000),
            currency=deal.currency, prospects=[deal.prospect], need=need.as_dict(), activity=deal.activity,
            quantity=deal.quantity, needed_by=self._needed_by(), questions=deal.questions, seed=deal.value,
            urgency=Urgency.URGENT if deal.is_urgent else Urgency.NORMAL, status=RequestStatus.DRAFT,
            creation_key=f"{PREFIX}request-{fold_name(deal.prospect).replace(' ', '-')}",
            policy_version=self.stage.policy.version, pool_revision=self.ranked.result.revision[:80],
            best_contact_id=best[0].card.contact_id if best else None, best_score=best[0].score if best else None,
            best_was_available=None if deal.way == "draft" else bool(self.ranked.result.candidates),
        )  # fmt: skip

    def _needed_by(self) -> date:
        """Two weeks after it was sent, and ahead of today for whatever is still looked for."""
        day = self.stage.today - timedelta(days=self.deal.ago) + timedelta(days=14)
        is_over = self.deal.way in {"won", "lost", "met", "fulfilled", "cancelled", "expired"}
        return self.stage.working_day(day if is_over else max(day, self.stage.today + timedelta(days=6)))

    def _day_after(self, days: int) -> date:
        return self.stage.working_day(self.at.date() + timedelta(days=days))

    def _day_of(self, status: str) -> date:
        """The day of a meeting: gone by where it is completed, to come otherwise."""
        soon = self._day_after(7)
        if status == MatchStatus.COMPLETED:
            return soon
        return max(soon, self.stage.working_day(self.stage.today + timedelta(days=self.stage.rng.randint(2, 6))))

    def _walk_to(self, slot: int, status: str, on: date) -> Walk:
        if status == MatchStatus.INVITED:  # so lately that there is still time to answer
            self.at = max(self.at, self.stage.sent_at(1))
        walk = Walk.begin(self.stage, self.request, self.ranked, slot=slot, at=self.at, on=on, until=status)
        walk.go_to(status)
        if status in {MatchStatus.OWNER_REVIEW, MatchStatus.MANAGER_REVIEW}:
            walk.give_expired_hold_free()
        if status == MatchStatus.COMPLETED:
            walk.give_feedback()
        self.at = walk.at
        return walk

    def _go_unmet(self) -> None:
        """Nobody was found: the demand, and a recruiting task with the nearest. Met after all where the way says so."""
        row, found = self.request, self.ranked.result
        segment = segment_of(row)
        demand = UnmetDemand.objects.create(
            request=row, activity=row.activity, segment=segment, label=label_of(segment, row.activity),
            missing=row.quantity, deal_value=row.deal_value, currency=row.currency,
        )  # fmt: skip
        task = RecruitingTask.objects.create(demand=demand)
        self.stage.past.date(demand, noted_at=self.at)
        self.stage.past.date(task, created_at=self.at)
        self.stage.past.note(task, "", task.status, self.at, by=None, why=demand.label, actor=Actor.SYSTEM)
        RecruitingCandidate.objects.bulk_create(_nearest(task, found))
        self._move(RequestStatus.UNMET, why="Nobody who fits may be asked now.")
        if self.deal.way == "met":
            self._meet(demand, task)

    def _meet(self, demand: UnmetDemand, task: RecruitingTask) -> None:
        manager = self.stage.users["manager"]
        self.at = self.stage.after(self.at, 30, 50)
        TASK.require_move(task.status, TaskStatus.DONE)
        task.status, task.assignee, task.ended_at = TaskStatus.DONE, manager, self.at
        task.note = "Two of them agreed to calls after a visit."
        task.save()
        demand.met_at = self.at
        demand.save()
        self.stage.past.note(
            task, TaskStatus.OPEN, task.status, self.at, by=manager, why=task.note, actor=Actor.USER
        )  # fmt: skip
        self._move(RequestStatus.OPEN, by=manager, why="Somebody can be asked now.")

    def _report(self, result: str) -> None:
        self.at = min(self.at + timedelta(days=self.stage.rng.randint(4, 12), hours=2), self.stage.now)
        outcome = Outcome.objects.create(
            request=self.request, result=result, value=self.request.deal_value, currency=self.request.currency,
            reported_by=self.owner,
        )  # fmt: skip
        self.stage.past.date(outcome, at=self.at)

    def _use_story(self) -> None:
        if self.deal.uses_story and self.ranked.result.content:
            hit = self.ranked.result.content[0]
            on = self.at.date().isoformat()
            used = {"kind": hit.kind, "id": hit.content_id, "title": hit.title[:200], "by": self.owner.pk, "on": on}
            self.request.content_used = [used]
            piece = {"case_study_id" if hit.kind == "case_study" else "testimonial_id": hit.content_id}
            use = ProofUse.objects.create(
                user=self.owner, request=self.request, deal=self.request.deal, deal_id=self.request.deal_id,
                brief=self.request.brief, activity=self.request.activity,
                creation_key=f"{self.request.creation_key}:proof", **piece,
            )  # fmt: skip
            self.stage.past.date(use, used_at=self.at)

    def _comment(self, place: int, author: User, text: str) -> None:
        row = RequestComment.objects.create(
            request=self.request, author=author, text=text, creation_key=f"{self.request.creation_key}:{place}"
        )
        about = self.at if self.deal.way in {"won", "lost"} else self.request.submitted_at or self.at
        self.stage.past.date(row, at=min(about + timedelta(hours=2 + 21 * place), self.stage.now))

    def _move(self, to: str, *, by: User | None = None, why: str = "", **fields: datetime) -> None:
        row, before = self.request, self.request.status
        REQUEST.require_move(before, to)
        row.status, row.version = to, row.version + 1
        for name, value in fields.items():
            setattr(row, name, value)
        ended = to in {"fulfilled", "closed", "cancelled", "expired"}
        row.ended_at = self.at if ended else None
        row.save()
        self.stage.past.date(row, updated_at=self.at)
        self._note(before, to, self.at, by=by, why=why)

    def _note(self, before: str, after: str, at: datetime, *, by: User | None, why: str = "") -> None:
        actor = Actor.SYSTEM if by is None else Actor.USER
        self.stage.past.note(self.request, before, after, at, by=by, why=why, actor=actor)


def _nearest(task: RecruitingTask, found: SearchResult) -> list[RecruitingCandidate]:
    return [
        RecruitingCandidate(
            task=task, contact_id=each.card.contact_id, rank=place, fit=each.fit, lacks=lacks_of(each),
            free_from=each.next_free,
        )
        for place, each in enumerate(found.excluded, 1)
    ]  # fmt: skip
