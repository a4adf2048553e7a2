"""Requests: made from a brief, edited, sent, copied, called off."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from delivery.models import OutboxMessage
from matching.models import Request, RequestComment
from matching.services.filling import fill_request
from matching.services.requests import (
    RequestData,
    cancel_request,
    comment_request,
    create_request,
    duplicate_request,
    edit_request,
    need_of,
    note_content_used,
    reopen_request,
    submit_request,
    title_of,
)
from references.errors import DomainError
from references.models import StateChange
from tests.factories import make_policy
from tests.matching.factories import BRIEF, banking, make_banker, make_request, submit, the_match
from users.models import User

pytestmark = pytest.mark.django_db


def code_of(error: pytest.ExceptionInfo[DomainError]) -> tuple[str, str | None]:
    return error.value.code, error.value.field


def test_draft_is_filled_from_its_brief(rep: User) -> None:
    banking()
    day = timezone.localdate() + timedelta(days=20)
    text = f"Harbor Bank, 250,000 EUR, wants 2 reference calls with a bank by {day:%d %B %Y}."
    row = create_request(owner=rep, data={"brief": text})
    assert (row.status, row.activity, row.quantity) == ("draft", "call", 2)
    assert (row.deal_value, row.currency, row.needed_by) == (Decimal(250_000), "EUR", day)
    assert [reading.name for reading in need_of(row).readings] == ["Banking"]
    assert row.deal


def test_what_is_said_beside_the_brief_wins(rep: User) -> None:
    banking()
    data = {"brief": "Two calls with a bank", "quantity": 1, "activity": "quote", "deal": "Acme"}
    row = create_request(owner=rep, data=data)  # type: ignore[arg-type]
    assert (row.quantity, row.activity, row.deal) == (1, "quote", "Acme")


def test_same_creation_key_is_the_same_draft(rep: User) -> None:
    first = create_request(owner=rep, data={"deal": "Acme"}, creation_key="once")
    again = create_request(owner=rep, data={"deal": "Other"}, creation_key="once")
    assert (first.pk, again.deal, Request.objects.count()) == (again.pk, "Acme", 1)


@pytest.mark.parametrize(
    ("data", "code", "field"),
    [
        ({}, "deal_required", "deal"),
        ({"deal": "A", "activity": "dance"}, "unknown_activity", "activity"),
        ({"deal": "A", "needed_by": timezone.localdate() - timedelta(days=1)}, "date_over", "needed_by"),
        ({"deal": "A", "prospects": ["B", "C"]}, "several_prospects", "prospects"),
        ({"deal": "A", "activity": "group_call", "prospects": ["B"] * 21}, "too_many_prospects", "prospects"),
        ({"deal": "A", "deal_value": Decimal(5)}, "currency_required", "currency"),
        ({"deal": "A", "deal_value": Decimal(5), "currency": "EURO"}, "wrong_currency", "currency"),
        ({"deal": "A", "quantity": 11}, "max_value", "quantity"),
        ({"deal": "A", "corrections": {"loved": ["a:b"]}}, "unknown_correction", "corrections"),
        ({"deal": "A", "status": "open"}, "unknown_field", "status"),
    ],
)
def test_bad_input_names_its_field(rep: User, data: dict[str, object], code: str, field: str) -> None:
    with pytest.raises(DomainError) as error:
        create_request(owner=rep, data=data)  # type: ignore[arg-type]
    assert code_of(error) == (code, field)
    assert Request.objects.count() == 0


def test_several_prospects_share_a_group_call(rep: User) -> None:
    data = {"deal": "Forum", "activity": "group_call", "prospects": ["Acme", " Bolt ", ""]}
    row = create_request(owner=rep, data=data)  # type: ignore[arg-type]
    assert row.prospects == ["Acme", "Bolt"]


def test_submitting_opens_starts_the_clock_and_promises_the_filling(rep: User) -> None:
    make_banker()
    row = submit_request(request=make_request(rep), by=rep, chosen=[7])
    assert row.status == "open"
    assert row.submitted_at is not None
    assert row.due_at is not None
    assert row.due_at > row.submitted_at
    message = OutboxMessage.objects.get(kind="request.fill")
    assert message.payload == {"request": row.pk}
    assert row.chosen == [7]
    assert OutboxMessage.objects.filter(kind="request.expire").count() == 1
    with pytest.raises(DomainError) as error:
        submit_request(request=row, by=rep)
    assert code_of(error)[0] == "move_not_allowed"


def test_urgent_requests_have_a_budget_that_managers_do_not(rep: User, manager: User, outsider: User) -> None:
    make_policy({"service": {"rush_per_month": 1}})
    submit_request(request=make_request(rep, urgency="urgent"), by=rep)
    with pytest.raises(DomainError) as error:
        submit_request(request=make_request(rep, urgency="urgent"), by=rep)
    assert code_of(error) == ("rush_budget", "urgency")
    for user in (manager, outsider):
        assert submit_request(request=make_request(user, urgency="urgent"), by=user).status == "open"


def test_stale_edit_is_refused_and_changes_nothing(rep: User) -> None:
    row = make_request(rep)
    edit_request(request=row, data={"why": "first"}, by=rep, expected_version=row.version)
    with pytest.raises(DomainError) as error:
        edit_request(request=row, data={"why": "second"}, by=rep, expected_version=row.version)
    assert code_of(error)[0] == "changed_meanwhile"
    row.refresh_from_db()
    assert row.why == "first"


def test_what_people_are_asked_for_stays_but_more_of_it_may_be_wanted(rep: User) -> None:
    make_banker()
    row = submit(rep)
    with pytest.raises(DomainError) as error:
        edit_request(request=row, data={"activity": "quote"}, by=rep)
    assert code_of(error) == ("asked_already", "activity")
    before = OutboxMessage.objects.filter(kind="request.fill").count()
    edit_request(request=row, data={"quantity": 2, "why": "They asked for one more"}, by=rep)
    assert OutboxMessage.objects.filter(kind="request.fill").count() == before + 1


def test_edited_brief_is_read_anew(rep: User) -> None:
    banking()
    row = make_request(rep, brief="Somebody to talk to")
    assert need_of(row).readings == ()
    row = edit_request(request=row, data={"brief": BRIEF}, by=rep)
    assert [reading.name for reading in need_of(row).readings] == ["Banking"]


def test_cancelling_releases_holds_and_keeps_why(rep: User) -> None:
    make_banker()
    row = submit(rep)
    match = the_match(row)
    cancel_request(request=row, by=rep, why="Deal is off")
    match.refresh_from_db()
    row.refresh_from_db()
    assert match.engagement is not None
    assert (row.status, match.status, match.engagement.status) == ("cancelled", "withdrawn", "released")
    assert row.due_at is None
    assert StateChange.objects.get(subject=f"request:{row.pk}", to_status="cancelled").why == "Deal is off"
    assert not match.approvals.filter(status="pending").exists()
    with pytest.raises(DomainError):
        edit_request(request=row, data={"why": "x"}, by=rep)


def test_copy_is_a_fresh_draft_of_its_own(rep: User, outsider: User) -> None:
    make_banker()
    row = submit(rep, quantity=1, questions="How long?")
    copy = duplicate_request(request=row, by=outsider)
    assert (copy.status, copy.owner, copy.duplicate_of, copy.questions) == ("draft", outsider, row, "How long?")
    assert not copy.matches.exists()


def test_comment_is_kept_once_and_grows_the_version(rep: User) -> None:
    row = make_request(rep)
    comment_request(request=row, author=rep, text=" Please hurry ", creation_key="c1")
    comment_request(request=row, author=rep, text="Please hurry", creation_key="c1")
    assert [each.text for each in RequestComment.objects.all()] == ["Please hurry"]
    version = row.version
    row.refresh_from_db()
    assert row.version > version
    with pytest.raises(DomainError) as error:
        comment_request(request=row, author=rep, text=" ")
    assert code_of(error) == ("comment_required", "text")


def test_story_used_meanwhile_is_counted_once(rep: User) -> None:
    row = make_request(rep)
    for _ in range(2):
        note_content_used(request=row, title="Closing the books", kind="case_study", content_id=3, by=rep)
    row.refresh_from_db()
    assert [each["id"] for each in row.content_used] == [3]


def test_reopening_tries_again_with_the_pool_as_it_is_now(rep: User, manager: User) -> None:
    banking()
    row = submit(rep)
    assert row.status == "unmet"
    row = reopen_request(request=row, by=manager)
    assert row.status == "open"
    assert row.due_at is not None


def test_requests_are_seen_by_their_own_their_team_and_whose_customers_they_ask(
    rep: User, manager: User, outsider: User, marketer: User
) -> None:
    teammate = User.objects.create_user("mate@example.test", "x", team=rep.team)
    make_banker(owner=outsider)
    row = submit(rep)
    seen = {user.email for user in User.objects.all() if Request.objects.visible_to(user).filter(pk=row.pk).exists()}
    assert seen == {rep.email, teammate.email, manager.email, outsider.email}
    row.watchers.add(marketer)
    assert Request.objects.visible_to(marketer).get() == row
    assert not Request.objects.editable_by(outsider).exists()


def test_new_words_of_an_open_request_change_nothing_people_are_asked_for(rep: User) -> None:
    make_banker()
    row = submit(rep, activity="call", quantity=1)
    edited = edit_request(request=row, data={"brief": "Three banks for quotes at ACME tomorrow"}, by=rep)
    for name in ("activity", "quantity", "prospects", "needed_by", "deal_value"):
        assert getattr(edited, name) == getattr(row, name)
    assert edited.brief == "Three banks for quotes at ACME tomorrow"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ({"needed_by": date.max}, "far_date"),
        ({"deal_value": Decimal(-1), "currency": "USD"}, "negative_value"),
    ],
)
def test_request_for_what_cannot_be_is_refused(data: RequestData, code: str, rep: User) -> None:
    with pytest.raises(DomainError) as caught:
        create_request(owner=rep, data={"deal": "Acme", **data})
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("brief", "title"),
    [
        ("Harbor Mutual, an insurer in Germany, wants a call.", "Harbor Mutual"),
        ("Mid-size bank\nreplaces its core", "Mid-size bank"),
        ("We need 1.5 references", "We need 1.5 references"),
        (
            "somebody who knows how long the whole migration of a payment platform really takes",
            "somebody who knows how long the whole migration of a …",
        ),
        ("   ", ""),
    ],
)
def test_deal_that_nobody_named_is_called_as_its_brief_begins(brief: str, title: str) -> None:
    assert title_of(brief) == title


def test_draft_keeps_whom_it_chose_until_it_is_sent(rep: User) -> None:
    make_banker()
    wanted = make_banker()
    draft = make_request(rep, chosen=[wanted.pk])
    submit_request(request=draft, by=rep)
    fill_request(request=draft)
    assert the_match(draft).contact == wanted
