"""Walks one match of the demonstration along its way: the match, its ledger row and its approvals stay in step."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from matching.business_time import add_business_hours
from matching.demo.past import set_latest
from matching.demo.stage import Ranked, Stage
from matching.enums import ApprovalStatus, ApprovalStep, ChosenBy, MatchStatus
from matching.lifecycle import MATCH, ledger_status
from matching.models import Approval, Feedback, Match, Request
from matching.proposing import frozen_terms
from matching.purposes import match_subject
from matching.services.proposing import approvals_for, hold_source
from references.enums import Actor, EngagementStatus
from references.models import Contact, ContactGrant, Engagement, EngagementChange
from users.models import User

REVIEWS = {ApprovalStep.OWNER: MatchStatus.OWNER_REVIEW, ApprovalStep.MANAGER: MatchStatus.MANAGER_REVIEW}
NOES = {
    "no_time": "A release is coming up; not before next quarter.",
    "not_now": "We are in the middle of an audit.",
    "policy": "Our communications department says no to calls this year.",
}
_MEETINGS = ("Video call, the link is in the invitation", "Telephone, we call them", "")


@dataclass
class Walk:
    """One match on its way; `at` is the moment it has come to."""

    stage: Stage
    match: Match
    at: datetime

    @classmethod
    def begin(
        cls, stage: Stage, request: Request, ranked: Ranked, *, slot: int, at: datetime, on: date, until: str
    ) -> "Walk":
        """Put somebody forward who was free then, with their hold and the approvals that the policy asks for.

        It will be walked `until` this status, so that somebody is chosen whose approvals lead there.
        """

        def suits(contact: Contact, band: str) -> bool:
            match = Match(request=request, contact=contact, activity=request.activity, band=band)
            steps = {REVIEWS[ApprovalStep(each.step)] for each in approvals_for(match, stage.policy)}
            return bool(steps) if until == MatchStatus.REJECTED else until in steps or until not in REVIEWS.values()

        candidate, contact, verdict = stage.choose(ranked, on, at, suits)
        is_first = not request.matches.filter(slot=slot).exists()
        match = Match.objects.create(
            request=request, slot=slot, contact=contact, on=on, activity=request.activity, rank=candidate.rank,
            chosen_by=ChosenBy.RANKING if is_first else ChosenBy.NEXT_BEST, score=candidate.score, fit=candidate.fit,
            terms=frozen_terms(candidate), headline=candidate.card.headline[:400], band=verdict.band, holds_taken=1,
            policy_version=ranked.result.policy_version, pool_revision=ranked.result.revision[:80],
        )  # fmt: skip
        walk = cls(stage, match, at)
        stage.past.date(match, **set_latest(match, at))
        stage.past.note(
            match, "", match.status, at, by=None, why=str(match.get_chosen_by_display()), actor=Actor.SYSTEM
        )
        walk._hold()
        walk._need_approvals()
        return walk

    def go_to(self, status: str) -> None:
        """Walk on until the match stands in `status`."""
        self._review(until=status)
        if self.match.status != status:
            self._ask(until=status)

    def give_feedback(self) -> None:
        """Let both sides say how it went, the promoter's hours as the ledger has them."""
        rng, at = self.stage.rng, self.stage.after(self.at, 1, 9)
        rows = [
            Feedback(match=self.match, side="requester", helpful=rng.choice((5, 5, 4)), again=True,
                     given_by=self.match.request.owner, comment=rng.choice(("Calm, honest, exactly the right person.",
                                                                            "Answered what we could not.", ""))),
            Feedback(match=self.match, side="promoter", helpful=rng.choice((5, 4, 4)), again=rng.random() < 0.9,
                     hours=self._engagement.effort_hours,
                     comment=rng.choice(("Good questions, well prepared.", "Fine, but it went over time.", ""))),
        ]  # fmt: skip
        for row in rows:
            row.save()
            self.stage.past.date(row, at=at)
        self.at = at

    def _review(self, until: str) -> None:
        """Through the approvals, each decided by whose turn it is."""
        for approval in self.match.approvals.order_by("-step"):  # the owner's first
            to = REVIEWS[ApprovalStep(approval.step)]
            self._move(to)
            if until == to:
                return
            self.at = self.stage.after(self.at, 0.3, 6)
            is_no = until == MatchStatus.REJECTED
            decider = approval.assignee or self.stage.users["manager"]
            approval.status = ApprovalStatus.REJECTED if is_no else ApprovalStatus.APPROVED
            approval.decided_by, approval.decided_at = decider, self.at
            approval.reason = "Renewal talks are going on there." if is_no else ""
            approval.save()
            if is_no:
                self.match.approvals.filter(status=ApprovalStatus.PENDING).update(status=ApprovalStatus.SUPERSEDED)
                self._move(until, by=decider, why=approval.reason)
                return
        self._move(MatchStatus.APPROVED)

    def _ask(self, until: str) -> None:
        """From the invitation to the answer, and on to the meeting."""
        service = self.stage.policy.service
        due = add_business_hours(self.at, service.answer_hours, self.stage.calendar)
        self._move(MatchStatus.INVITED, invited_at=self.at, answer_due_at=due)
        if until == MatchStatus.INVITED:
            return
        if until == MatchStatus.NO_ANSWER:
            self.at = min(due, self.stage.now)
            self._move(until, why="No answer in time.", answered_at=self.at)
            return
        self.at = self.stage.after(self.at, 1.5, 14)
        if until == MatchStatus.DECLINED:
            reason = self.stage.rng.choice(list(NOES))
            self._move(until, actor=Actor.PROMOTER, answered_at=self.at, decline_reason=reason,
                       decline_note=NOES[reason])  # fmt: skip
        elif until == MatchStatus.WITHDRAWN:
            self._move(until, by=self.match.request.owner, why="The prospect wants somebody larger.",
                       answered_at=self.at)  # fmt: skip
        else:
            self._agree(until)

    def _agree(self, until: str) -> None:
        offered = [self._meeting_at(days, hour).isoformat() for days, hour in ((0, 10), (1, 14), (2, 9))]
        self._move(MatchStatus.ACCEPTED, actor=Actor.PROMOTER, answered_at=self.at, offered_times=offered)
        grant = ContactGrant.objects.create(
            contact=self.match.contact, user=self.match.request.owner, source=match_subject(self.match.pk)
        )
        self.stage.past.date(grant, granted_at=self.at)
        if until == MatchStatus.ACCEPTED:
            return
        if until == MatchStatus.CANCELLED:
            self.at = self.stage.after(self.at, 3, 9)
            self._move(until, actor=Actor.PROMOTER, why="Something came up.")
            grant.revoked_at = self.at
            grant.save()
            return
        self.at = self.stage.after(self.at, 0.5, 5)
        self._move(
            MatchStatus.SCHEDULED, by=self.match.request.owner, scheduled_at=self._meeting_at(0, 10),
            meeting=self.stage.rng.choice(_MEETINGS),
        )  # fmt: skip
        if until == MatchStatus.COMPLETED and self.match.scheduled_at is not None:
            self.at = self.match.scheduled_at + timedelta(minutes=self.stage.rng.randint(45, 150))
            self._move(until, by=self.match.request.owner, completed_at=self.at)

    def _meeting_at(self, days: int, hour: int) -> datetime:
        day = self.stage.working_day(self.match.on + timedelta(days=days)) if days else self.match.on
        return datetime.combine(day, time(hour), tzinfo=self.at.tzinfo)

    @property
    def _engagement(self) -> Engagement:
        if self.match.engagement is None:
            raise LookupError("A match of the demonstration has its row in the ledger from the start.")
        return self.match.engagement

    def _hold(self) -> None:
        """The ledger's row, held; where its time is up by now it has been given free."""
        expires_at = self.at + timedelta(hours=self.stage.policy.hold_hours)
        self.match.engagement = Engagement.objects.create(
            contact=self.match.contact, activity=self.match.activity, status=EngagementStatus.HELD, on=self.match.on,
            recorded_at=self.at, hold_expires_at=expires_at, source=hold_source(self.match.pk, 1),
        )  # fmt: skip
        self._note_ledger(self.at, None)
        self.match.save(update_fields=["engagement"])

    def give_expired_hold_free(self) -> None:
        """Release the hold of a match that still waits for approval, if its time is up by now."""
        row = self._engagement
        if row.hold_expires_at is not None and row.hold_expires_at <= self.stage.now:
            row.status = EngagementStatus.RELEASED
            row.save(update_fields=["status"])
            self._note_ledger(row.hold_expires_at, None)

    def _need_approvals(self) -> None:
        service = self.stage.policy.service
        hours = service.urgent_approval_hours if self.match.request.urgency == "urgent" else service.approval_hours
        due = self.at
        for needed in approvals_for(self.match, self.stage.policy):
            due = add_business_hours(due, hours, self.stage.calendar)
            owner = self.match.contact.customer.account_owner if needed.step == ApprovalStep.OWNER else None
            Approval.objects.create(match=self.match, step=needed.step, assignee=owner, why=needed.why, due_at=due)

    def _move(self, to: str, *, by: User | None = None, why: str = "", actor: str = "", **fields: Any) -> None:
        before = self.match.status
        MATCH.require_move(before, to)
        self.match.status, self.match.version = to, self.match.version + 1
        for name, value in fields.items():
            setattr(self.match, name, value)
        self.match.save()
        self.stage.past.date(self.match, updated_at=self.at)
        actor = actor or (Actor.SYSTEM if by is None else Actor.USER)
        self.stage.past.note(self.match, before, to, self.at, by=by, why=why, actor=actor)
        self._follow_in_ledger(ledger_status(to, before), by)

    def _follow_in_ledger(self, status: str | None, by: User | None) -> None:
        row = self._engagement
        if status is None or row.status == status:
            return
        row.status = status
        if status == EngagementStatus.COMPLETED:
            row.effort_hours = Decimal(self.stage.rng.choice(("0.50", "0.75", "1.00", "1.25")))
            row.was_thanked = True
        row.save()
        self._note_ledger(self.at, by)

    def _note_ledger(self, at: datetime, by: User | None) -> None:
        EngagementChange.objects.create(engagement=self._engagement, at=at, status=self._engagement.status, by=by)
