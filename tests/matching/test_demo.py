"""The demonstration's requests: in every state, alive, in step with the ledger, the same each time, and silent."""

from collections import Counter
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from advocacy.models import Handover
from delivery.models import OutboxMessage, SignedLink, WebhookSubscription
from matching.demo.deals import DEALS, OPEN_WAYS
from matching.demo.loading import load_requests, load_whole_demo
from matching.demo.speakers import SEARCHES
from matching.enums import BEFORE_ASKING, MatchStatus, RequestStatus
from matching.figures import read_period, read_work
from matching.lifecycle import MATCH, REQUEST, TASK, ledger_status
from matching.models import (
    Approval,
    Feedback,
    Match,
    Outcome,
    RecruitingTask,
    Request,
    RequestComment,
    SavedSearch,
    UnmetDemand,
)
from matching.searches import read_news
from matching.services.searches import check_search
from matching.services.sourcing import speaker_match
from matching.services.unfilled import is_overdue
from matching.slot_need import day_of
from references.demo import PREFIX
from references.demo.cast import PASSWORD
from references.enums import EngagementStatus, NominationStatus, SlotStatus
from references.lifecycles import NOMINATION, SLOT, Lifecycle
from references.models import (
    Contact,
    ContactGrant,
    Customer,
    Engagement,
    EngagementChange,
    Nomination,
    SpeakingSlot,
    StateChange,
)
from references.pool.writing import pool_write
from references.services.saving import name_subject
from users.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def report(django_db_setup: None, django_db_blocker: Any) -> Any:
    """What the command said of the whole demonstration, loaded once for this module and removed after it."""
    with django_db_blocker.unblock():
        output = StringIO()
        call_command("load_demo", stdout=output)
        yield output.getvalue()
        call_command("flush", interactive=False, verbosity=0)


def user(name: str) -> User:
    return User.objects.get(email=f"{name}@demo.example")


def test_demo_has_requests_in_every_state(report: str) -> None:
    assert Request.objects.count() == len(DEALS) + len(SEARCHES)
    assert len(DEALS) >= 30
    assert set(Request.objects.values_list("status", flat=True)) == set(RequestStatus.values)
    wanted = set(MatchStatus.values) - {"proposed", "approved", "no_show"}  # nobody rests in these
    assert set(Match.objects.values_list("status", flat=True)) >= wanted
    assert set(Nomination.objects.values_list("status", flat=True)) == set(NominationStatus.values)
    assert {deal.way for deal in DEALS} >= set(OPEN_WAYS)


def test_demo_looks_alive_to_a_manager(report: str) -> None:
    now, manager = timezone.now(), user("manager")
    work = read_work(manager, now)
    assert work.waiting >= 4
    assert work.due_soon >= work.overdue >= 2  # equal on a weekend, when nothing more falls due
    assert work.needs_manager == 1
    period = read_period(manager, 365, now)
    assert period.fill.value is not None
    assert period.fill.value < 1
    assert None not in {period.to_proposal.hours, period.to_ask.hours, period.to_yes.hours, period.to_done.hours}
    assert period.calls_saved >= 2
    assert Approval.objects.pending().filter(step="owner").count() >= 3
    assert set(Outcome.objects.values_list("result", flat=True)) == {"won", "lost"}
    assert Feedback.objects.filter(side="promoter", hours__isnull=False).exists()
    assert RequestComment.objects.count() >= 8


def test_demo_has_unmet_demand_with_tasks(report: str) -> None:
    standing = UnmetDemand.objects.unmet()
    assert [demand.task.status for demand in standing] == ["open", "open"]
    assert all(demand.task.candidates.count() >= 3 for demand in standing)
    assert all(each.lacks for demand in standing for each in demand.task.candidates.all())
    assert UnmetDemand.objects.filter(met_at__isnull=False, task__status="done").count() == 1


def test_demo_matches_are_in_step_with_the_ledger(report: str) -> None:
    for match in Match.objects.select_related("engagement"):
        row = match.engagement
        assert row is not None
        assert row.source == f"match:{match.pk}"
        assert (row.contact_id, row.activity, row.on) == (match.contact_id, match.activity, match.on)
        changes = list(EngagementChange.objects.filter(engagement=row).order_by("pk").values_list("at", "status"))
        assert changes == sorted(changes, key=lambda each: each[0])
        assert changes[-1][1] == row.status
        if match.status in BEFORE_ASKING:
            assert row.status in {EngagementStatus.HELD, EngagementStatus.RELEASED}
        elif match.status in {"scheduled"}:
            assert row.status == EngagementStatus.PLANNED
        else:
            befores = {"rejected": "owner_review", "withdrawn": "invited", "cancelled": "accepted"}
            assert row.status == ledger_status(match.status, befores.get(match.status, ""))


def test_demo_histories_lead_to_where_the_rows_stand(report: str) -> None:
    tables: list[tuple[Any, Lifecycle]] = [
        (Request, REQUEST), (Match, MATCH), (RecruitingTask, TASK), (Nomination, NOMINATION)
    ]  # fmt: skip
    for model, table in tables:
        for row in model.objects.all():
            changes = list(StateChange.objects.filter(subject=name_subject(row)).order_by("at", "pk"))
            moves = [(each.from_status, each.to_status) for each in changes]
            assert moves[0][0] == ""
            assert moves[-1][1] == row.status
            assert [before for before, _ in moves[1:]] == [after for _, after in moves[:-1]]
            assert all(table.may_move(before, after) for before, after in moves[1:])
            assert changes[-1].at <= timezone.now()
            assert changes == sorted(changes, key=lambda each: each.pk)


def test_demo_moments_are_in_order_and_past(report: str) -> None:
    now = timezone.now()
    for match in Match.objects.select_related("request"):
        moments = [match.request.created_at, match.request.submitted_at, match.created_at, match.invited_at]
        moments += [match.answered_at, match.completed_at]
        known = [each for each in moments if each is not None]
        assert known == sorted(known)
        assert known[-1] <= now
        assert match.scheduled_at is None or match.status == "completed" or match.scheduled_at > now
    assert not Match.objects.filter(status="invited", answer_due_at__lt=now).exists()
    assert Request.objects.filter(submitted_at__lt=now - timedelta(days=90)).exists()
    assert not Request.objects.filter(status="open", needed_by__lt=timezone.localdate()).exists()


def test_demo_opens_contact_data_from_the_yes_on_and_no_sooner(report: str) -> None:
    granted = set(ContactGrant.objects.in_force().values_list("source", "user", "contact"))
    yes = Match.objects.filter(status__in=["accepted", "scheduled", "completed"])
    assert granted == {(f"match:{each.pk}", each.request.owner_id, each.contact_id) for each in yes}


def test_demo_slots_stand_where_their_matches_stand(report: str) -> None:
    assert set(SpeakingSlot.objects.values_list("status", flat=True)) == set(SlotStatus.values)
    taken = SpeakingSlot.objects.filter(status__in=[SlotStatus.HELD, SlotStatus.CONFIRMED])
    for slot in taken:
        match = speaker_match(slot)
        assert match is not None
        assert match.contact == slot.speaker
        assert (match.on, match.activity) == (day_of(slot), slot.activity)
        assert (match.scheduled_at == slot.starts_at) is (slot.status == SlotStatus.CONFIRMED)
    assert taken.count() == sum(search.way in {"scheduled", "invited", "owner_review"} for search in SEARCHES)
    for slot in SpeakingSlot.objects.filter(requests__isnull=False).distinct():
        changes = StateChange.objects.filter(subject=name_subject(slot)).order_by("pk")
        moves = list(changes.values_list("from_status", "to_status"))
        assert all(SLOT.may_move(before, after) for before, after in moves)
        assert moves[-1][1] == slot.status
    assert not any(is_overdue(slot, timezone.now()) for slot in SpeakingSlot.objects.open())


def test_demo_saves_searches_with_news_that_no_letter_tells(report: str) -> None:
    first, second = SavedSearch.objects.order_by("pk")
    assert len(read_news(first).new) == 2
    assert not read_news(second).new
    assert not check_search(search_id=first.pk)


def test_demo_sends_nothing(report: str) -> None:
    assert not OutboxMessage.objects.exclude(kind="infer_tags").exists()  # the stories are read, as after an import
    assert SignedLink.objects.get().purpose == "handout"
    assert not WebhookSubscription.objects.exists()


def test_demo_speaks_german_to_some(report: str) -> None:
    germans = Contact.objects.filter(language="de").exclude(email="")
    assert 20 <= germans.count() <= 120
    assert not germans.exclude(time_zone__in=["Europe/Berlin", "Europe/Zurich", "Europe/Vienna"]).exists()


def test_demo_deals_are_of_invented_people(report: str) -> None:
    assert Counter(deal.prospect for deal in DEALS).most_common(1)[0][1] == 1
    assert not Contact.objects.exclude(email="").exclude(email__endswith=".example").exists()


def fingerprint() -> list[Any]:
    """What the requests and matches are, told without keys."""
    requests = Request.objects.order_by("creation_key").values_list("creation_key", "status", "submitted_at", "due_at")
    matches = Match.objects.order_by("request__creation_key", "slot", "created_at").values_list(
        "request__creation_key", "contact__external_id", "status", "on", "created_at", "invited_at", "answered_at",
        "completed_at", "engagement__status", "engagement__effort_hours", "rank", "headline",
    )  # fmt: skip
    return [*requests, *matches]


def tell_again() -> list[Any]:
    """Tell the requests anew, over the pool as it stands with its surveys and points, and give their fingerprint."""
    with pool_write() as touched:
        Match.objects.all().delete()
        Request.objects.all().delete()
        Handover.objects.all().delete()
        Nomination.objects.all().delete()
        ContactGrant.objects.all().delete()
        Engagement.objects.filter(source__startswith="match:").delete()
        touched.add(everything=True)
    load_requests(today=timezone.localdate())
    return fingerprint()


def test_demo_is_the_same_each_time(report: str) -> None:
    first = tell_again()
    assert first
    assert tell_again() == first


def test_demo_twice_changes_nothing(report: str) -> None:
    def count() -> list[int]:
        return [model.objects.count() for model in (Request, Match, Nomination, Engagement, StateChange, UnmetDemand)]

    before = count()
    assert load_whole_demo(today=timezone.localdate() + timedelta(days=3)).counts == {}
    assert count() == before


def test_load_demo_command_tells_what_it_loaded_and_the_logins(report: str) -> None:
    assert f"{len(DEALS) + len(SEARCHES)} requests" in report
    assert all(f"{name}@demo.example  {PASSWORD}" in report for name in ("admin", "manager", "sales", "marketer"))


def test_load_demo_command_leaves_what_is_there(report: str, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_demo", "--if-empty")
    assert "Nothing to load" in capsys.readouterr().out


def test_load_demo_command_adds_what_a_crash_left_out_and_tells_what(
    report: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pool_write() as touched:
        Match.objects.all().delete()
        Request.objects.all().delete()
        Nomination.objects.all().delete()
        Engagement.objects.filter(source__startswith="match:").delete()
        touched.add(everything=True)
    call_command("load_demo")
    assert f"{len(DEALS) + len(SEARCHES)} requests" in capsys.readouterr().out


def test_load_demo_command_beside_customers_of_invented_names_says_so(report: str) -> None:
    with pool_write():
        Customer.objects.filter(external_id__startswith=PREFIX).update(external_id="")
    with pytest.raises(CommandError, match="A customer of your own"):
        call_command("load_demo")
