"""What requests hold of a person: gone when they are erased, in the file when they ask for it."""

import json
from datetime import timedelta

import pytest
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone

from delivery.links import LinkError, link_token, read_link
from delivery.models import OutboxMessage, SignedLink
from matching.models import Feedback, Match, RecruitingCandidate, RecruitingTask, Request, UnmetDemand
from matching.services.answering import accept_match, decline_match
from matching.services.approving import reject_match
from matching.services.closing import give_feedback, report_outcome
from matching.services.demand import end_task
from matching.services.filling import fill_request
from matching.services.meeting import schedule_match
from matching.services.requests import comment_request, duplicate_request, edit_request, need_of
from references.models import Contact, ContactGrant, Engagement, StateChange
from references.services.erasing import erase_contact
from references.services.exporting import export_contact
from tests.matching.factories import invite, make_banker, make_request, submit, the_match
from tests.tables import texts_of_all_tables
from users.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def nora(db: None) -> Contact:
    return make_banker("Nora Lindqvist", title="CFO for Lindqvist", email="nora@bank.example", phone="+47 555 0100")


@pytest.fixture
def match(nora: Contact, rep: User, manager: User) -> Match:
    return invite(rep, manager, why="Nora Lindqvist knows them", questions="Ask Nora Lindqvist about it")


def needles_left() -> list[tuple[str, str]]:
    found = ("Lindqvist", "lindqvist", "nora@", "555 0100")
    return [(where, text) for where, text in texts_of_all_tables() if any(each in text for each in found)]


def test_erasing_after_the_whole_way_leaves_no_name_and_every_count(match: Match, nora: Contact, rep: User) -> None:
    at = timezone.now() + timedelta(days=3)
    accept_match(match=match, times=[at])
    schedule_match(match=match, at=at, meeting="call +47 555 0100, Nora Lindqvist", by=rep)
    give_feedback(match=match, side="promoter", data={"happened": True, "comment": "I, Nora Lindqvist, liked it"})
    give_feedback(match=match, side="requester", data={"happened": True, "comment": "Lindqvist was great"}, by=rep)
    comment_request(request=match.request, author=rep, text="Nora Lindqvist was great", creation_key="c1")
    assert needles_left()
    status = Match.objects.get().status
    erase_contact(contact=nora)
    assert needles_left() == []
    assert (Match.objects.get().status, Feedback.objects.count()) == (status, 2)
    assert Engagement.objects.get().status == "completed"
    assert not ContactGrant.objects.in_force().exists()


def test_erasing_takes_the_name_out_of_what_was_understood_copied_reported_and_recruited(
    nora: Contact, rep: User, manager: User
) -> None:
    words = "Like Nora Lindqvist (nora@bank.example): a bank in Norway"
    request = submit(rep, brief=f"{words}. We want a reference call.", deal="Deal of Nora Lindqvist")
    chosen = make_request(rep, brief=words)
    edit_request(request=chosen, data={"chosen": [nora.pk]}, by=rep)
    copy = duplicate_request(request=duplicate_request(request=request, by=rep), by=manager)
    report_outcome(request=request, result="won", note="Thanks to Nora Lindqvist", by=rep)
    task = RecruitingTask.objects.create(demand=UnmetDemand.objects.create(request=copy, activity="call"))
    RecruitingCandidate.objects.create(task=task, contact=nora)
    end_task(task=task, to="dismissed", by=manager, note="Lindqvist does not want to")
    read, versions = words_read(), dict(Request.objects.values_list("pk", "version"))
    assert set(read.values()) == {("bank",)}
    erase_contact(contact=nora, by=manager)
    assert needles_left() == []
    assert words_read() == read
    for row in Request.objects.all():
        assert row.version > versions[row.pk]
        assert need_of(row).text == row.brief


def words_read() -> dict[int, tuple[str, ...]]:
    """The words of each request's brief in which something was read."""
    needs = {row.pk: need_of(row) for row in Request.objects.all()}
    return {pk: tuple(need.text[each.start : each.end] for each in need.readings) for pk, need in needs.items()}


def test_erasing_takes_back_what_goes_on_and_looks_for_the_next_best(
    match: Match, nora: Contact, rep: User, manager: User
) -> None:
    olaf = make_banker("Olaf Other")
    link = SignedLink.objects.get(purpose="invitation")
    erase_contact(contact=nora, by=manager)
    match.refresh_from_db()
    assert (match.status, match.headline) == ("withdrawn", "Erased person")
    with pytest.raises(LinkError):
        read_link(link_token(link), "invitation")
    (successor,) = fill_request(request=match.request)
    assert successor.contact == olaf
    assert not OutboxMessage.objects.filter(key__startswith="mail:promoter_withdrawn").exists()


def test_erasing_somebody_who_had_said_yes_tells_the_requester(match: Match, nora: Contact) -> None:
    accept_match(match=match)
    erase_contact(contact=nora)
    match.refresh_from_db()
    assert match.status == "cancelled"
    assert OutboxMessage.objects.filter(key__startswith="mail:request_news:cancelled").exists()
    assert Engagement.objects.get(source=f"match:{match.pk}").status == "cancelled"


def test_erasing_forgets_the_words_of_a_no_and_keeps_its_reason(match: Match, nora: Contact) -> None:
    decline_match(match=match, reason="other", note="My own words")
    erase_contact(contact=nora)
    match.refresh_from_db()
    assert (match.decline_reason, match.decline_note) == ("other", "")
    assert not StateChange.objects.filter(subject=f"match:{match.pk}", actor="promoter").exclude(why="").exists()


def test_erasing_a_held_person_frees_the_place(nora: Contact, rep: User) -> None:
    match = the_match(submit(rep))
    erase_contact(contact=nora)
    match.refresh_from_db()
    assert match.status == "withdrawn"
    assert Engagement.objects.get().status == "released"
    assert Request.objects.get().status == "open"


def test_export_tells_of_asks_and_feedback(match: Match, nora: Contact) -> None:
    accept_match(match=match)
    give_feedback(match=match, side="promoter", data={"happened": True, "helpful": 4})
    told = export_contact(nora)["requests"]
    assert [(each["activity"], each["asked_by"], each["prospects"]) for each in told["asks"]] == [
        ("call", "Robin Rep", ["Harbor Bank"])
    ]
    assert [(each["side"], each["helpful"]) for each in told["feedback"]] == [("promoter", 4)]


def test_export_of_a_hold_they_never_heard_of_tells_of_no_deal(nora: Contact, rep: User, manager: User) -> None:
    match = the_match(submit(rep, deal="Project Falcon", prospects=["Falcon Industries"]))
    reject_match(match=match, by=manager, reason="Falcon would not like her")
    told = export_contact(nora)
    assert [each["status"] for each in told["requests"]["asks"]] == ["rejected"]
    assert [each["status"] for each in told["engagement_changes"]] == ["held", "released"]
    assert "Falcon" not in json.dumps(told, cls=DjangoJSONEncoder)
