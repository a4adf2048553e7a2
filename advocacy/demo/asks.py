"""Tells the asks of the demonstration: in each state, with evidence, two campaigns of them, and moments handed over."""

from collections.abc import Mapping
from dataclasses import dataclass

from advocacy.demo.stage import Stage
from advocacy.enums import AskCampaignStatus, AssignmentStatus
from advocacy.models import Ask, AskAssignment, AskCampaign, ReviewSite
from advocacy.services.assignments import assign_ask, move_assignment
from advocacy.services.handovers import hand_over, move_handover
from references.demo import PREFIX
from references.enums import Actor, EngagementStatus
from references.models import Contact, Engagement, EngagementChange, Nomination

_S = AssignmentStatus


@dataclass(frozen=True, slots=True)
class Way:
    """How one kind of ask went: the activity, the states after asked, how many people, how long ago at the least."""

    activity: str
    way: tuple[str, ...]
    people: int
    ago: int
    words: str = ""


WAYS: tuple[Way, ...] = (
    Way("share", (_S.DONE, _S.CONFIRMED), 9, 40, "Posted it with a word on our close."),
    Way("share", (_S.DONE,), 3, 3, "Here it is, with a picture of the team."),
    Way("share", (), 4, 5),
    Way("review", (_S.ACCEPTED, _S.DONE, _S.CONFIRMED), 6, 60, "Written, it is waiting for their editors."),
    Way("review", (_S.DECLINED,), 3, 30, "We do not review suppliers in public."),
    Way("review", (_S.ACCEPTED,), 2, 6),
    Way("quote", (_S.ACCEPTED, _S.DONE, _S.CONFIRMED), 7, 90, "Two days instead of nine, every month."),
    Way("quote", (_S.DONE,), 2, 2, "Our auditors asked what had happened, in a good way."),
    Way("beta", (_S.ACCEPTED, _S.DONE, _S.CONFIRMED), 3, 120, "Tried it on last quarter's books."),
    Way("webinar", (_S.SCHEDULED,), 2, 8),
    Way("case_study", (_S.ACCEPTED, _S.SCHEDULED, _S.DONE, _S.CONFIRMED), 3, 150, "Approved every word."),
    Way("speaking", (_S.ACCEPTED,), 2, 10),
    Way("referral", (_S.NO_ANSWER,), 3, 35),
    Way("call", (_S.ACCEPTED, _S.CANCELLED), 1, 25, "Quarter-end came in between."),
)


def tell_asks(stage: Stage) -> Mapping[str, int]:
    """Write asks through the services that pages use and date them back; gives how many."""
    _add_sites()
    asks = {ask.activity: ask for ask in Ask.objects.order_by("-pk")}
    campaign = _tell_campaigns(stage, asks)
    people = iter(stage.people)
    count = 0
    for way in WAYS:
        for number in range(way.people):
            person = next(people)
            _tell(stage, way, asks[way.activity], person, way.ago + 3 * number, campaign)
            count += 1
    return {"asks": count, "moments handed over": _hand_over(stage)}


def _tell(stage: Stage, way: Way, ask: Ask, person: Contact, ago: int, campaign: AskCampaign) -> None:
    row = assign_ask(
        contact=person,
        ask=ask,
        creation_key=f"{PREFIX}ask:{person.pk}",
        by=stage.users["marketer"],
        campaign=campaign if way.activity == "share" else None,
    )
    for to in way.way:
        ours = to in {_S.CONFIRMED, _S.NO_ANSWER}
        row = move_assignment(
            assignment=row,
            to=to,
            by=stage.users["marketer"] if to == _S.CONFIRMED else None,
            actor="" if to == _S.CONFIRMED else (Actor.SYSTEM if ours else Actor.PROMOTER),
            why=way.words if to in {_S.DECLINED, _S.CANCELLED} else "",
            scheduled_on=stage.at(-20).date() if to == _S.SCHEDULED else None,
            evidence=way.words if to == _S.DONE else "",
            evidence_url=f"https://posts.example/{person.pk}" if to == _S.DONE and way.activity != "quote" else "",
        )
    last = max(0, ago - 9)
    moments = {"asked_at": ago}
    if row.done_at is not None:
        moments["done_at"] = last + (2 if row.confirmed_at else 0)
    if row.confirmed_at is not None:
        moments["confirmed_at"] = last
    stage.date_back(row, ago, **moments)
    AskAssignment.objects.filter(pk=row.pk).update(answer_by=stage.at(ago - 14).date())
    _date_touch(stage, row, ago, last)


def _date_touch(stage: Stage, row: AskAssignment, ago: int, last: int) -> None:
    touch = Engagement.objects.get(source=row.source)
    is_ahead = touch.status in {EngagementStatus.PLANNED, EngagementStatus.ASKED}
    on = touch.on if is_ahead else stage.at(last).date()
    Engagement.objects.filter(pk=touch.pk).update(recorded_at=stage.at(ago), on=on)
    for number, change in enumerate(EngagementChange.objects.filter(engagement=touch).order_by("pk")):
        EngagementChange.objects.filter(pk=change.pk).update(at=stage.at(ago if number == 0 else last))


def _add_sites() -> None:
    """Two invented sites; the ask for a review leads to the first."""
    sites = [
        ReviewSite.objects.get_or_create(name=name, defaults={"url": url})[0]
        for name, url in (
            ("Peerscope", "https://peerscope.example/halvenor"), ("Softrank", "https://softrank.example/halvenor")
        )
    ]  # fmt: skip
    Ask.objects.filter(activity="review", review_site=None).update(review_site=sites[0])


def _tell_campaigns(stage: Stage, asks: Mapping[str, Ask]) -> AskCampaign:
    marketer = stage.users["marketer"]
    AskCampaign.objects.create(
        name="Quotes from finance", ask=asks["quote"], audience="f=industry:banking", most_people=25, owner=marketer,
        note="For the new page about closing the books.", creation_key=f"{PREFIX}ask-campaign-2",
    )  # fmt: skip
    return AskCampaign.objects.create(
        name="Share the yearly study", ask=asks["share"], most_people=20, owner=marketer,
        status=AskCampaignStatus.RUNNING, started_at=stage.at(70), left_out={"resting": 14, "not_agreed": 31},
        note="Our study on closing the books is out.", creation_key=f"{PREFIX}ask-campaign-1",
    )  # fmt: skip


def _hand_over(stage: Stage) -> int:
    """Hand the moments of account owners to marketing: one waits, one is taken, one is answered with "not now"."""
    moments = Nomination.objects.filter(creation_key__startswith=PREFIX, status__in=["new", "in_progress", "approved"])
    rows = list(moments.exclude(nominated_by=None).order_by("pk")[:3])
    notes = ("A quote, while it is warm?", "She would be good on a stage.", "Maybe the webinar in spring?")
    for number, (row, note) in enumerate(zip(rows, notes, strict=False)):
        made = hand_over(nomination=row, by=row.nominated_by or stage.users["manager"], note=note)
        if number == 1:
            move_handover(handover=made, to="taken", by=stage.users["marketer"])
        if number == 2:
            reply = "They spoke for us last month: let us ask again in spring."
            move_handover(handover=made, to="declined", by=stage.users["marketer"], reply=reply)
    return len(rows)
