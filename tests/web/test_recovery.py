"""The recovery board: who sees which play under whose name, ticks, ends, and the templates."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from advocacy.letters.recovery import read
from advocacy.models import PlayTemplate, RecoveryPlay
from advocacy.services.recovery import move_play
from advocacy.services.wishes import note_wish
from references.models import Contact
from tests.advocacy.recovery_plays import make_play, make_template
from tests.factories import make_contact, make_customer
from tests.web.conftest import LogIn
from tests.web.test_query_counts import count_queries
from users.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(rep: User) -> Contact:
    return make_contact(make_customer("Fjordbank", account_owner=rep, is_named=False), "Nora Lindqvist", title="CFO")


def body(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def page_of(play: RecoveryPlay, name: str = "recovery-play", *more: int) -> str:
    return reverse(f"web:{name}", args=[play.pk, *more])


def test_board_shows_each_play_to_whom_it_concerns(
    person: Contact, rep: User, manager: User, marketer: User, outsider: User, log_in: LogIn
) -> None:
    play = make_play(person, due_on=timezone.localdate() - timedelta(days=1))
    for user in (rep, manager):
        text = body(log_in(user), "/recovery/")
        assert "Nora Lindqvist" in text
        assert "overdue" in text
    for user in (marketer, outsider):
        assert "Nora" not in body(log_in(user), "/recovery/")
        for name in ("recovery-play", "recovery-change", "recovery-comment", "recovery-move"):
            client = log_in(user)
            address = page_of(play, name)
            assert (client.get if name == "recovery-play" else client.post)(address).status_code == 404
        assert log_in(user).post(page_of(play, "recovery-step", play.steps.all()[0].pk)).status_code == 404


def test_steps_name_nobody_whom_the_owner_may_not_know(manager: User, outsider: User, log_in: LogIn) -> None:
    person = make_contact(name="Ada Berg")
    play = make_play(person)
    RecoveryPlay.objects.filter(pk=play.pk).update(owner=outsider)
    note_wish(contact=person, wish="call", words="Ask for Ada Berg", source="w")
    for user, is_told in ((manager, True), (outsider, False)):
        page = log_in(user).get(reverse("web:recovery-play", args=[play.pk])).content.decode()
        assert "Ask for" in page
        assert ("Ask for Ada Berg" in page) is is_told
    told = read({"play": play.pk}, is_late=False)
    assert told is not None
    assert "Ada Berg" not in " ".join(told.steps)


def test_owner_of_a_play_who_lost_the_account_sees_it_without_names(
    person: Contact, rep: User, outsider: User, log_in: LogIn
) -> None:
    make_play(person, why="Nora of Fjordbank answered 4")
    from_owner = RecoveryPlay.objects.get()
    from_owner.owner = outsider
    from_owner.save(update_fields=["owner"])
    for address in ("/recovery/", page_of(from_owner)):
        text = body(log_in(outsider), address)
        assert "CFO" in text
        for hidden in ("Nora", "Lindqvist", "Fjordbank"):
            assert hidden not in text


def test_step_is_ticked_with_one_click(person: Contact, rep: User, log_in: LogIn) -> None:
    play = make_play(person, template=make_template())
    first = play.steps.all()[0]
    address = page_of(play, "recovery-step", first.pk)
    part = log_in(rep).post(address, {"done": "true"}, headers={"HX-Request": "true"}).content.decode()
    assert 'aria-checked="true"' in part
    assert "<html" not in part
    first.refresh_from_db()
    play.refresh_from_db()
    assert (first.done_by, play.status) == (rep, "in_progress")
    assert log_in(rep).post(address, {"done": "false"}).headers["Location"] == page_of(play)
    first.refresh_from_db()
    assert first.done_at is None


def test_step_of_another_play_is_not_found(person: Contact, rep: User, log_in: LogIn) -> None:
    play, other = make_play(person), make_play(make_contact(name="Ola"))
    assert log_in(rep).post(page_of(play, "recovery-step", other.steps.all()[0].pk)).status_code == 404


def test_play_ends_with_a_word_on_what_came_of_it(person: Contact, rep: User, log_in: LogIn) -> None:
    play, client = make_play(person), log_in(rep)
    refused = client.post(page_of(play, "recovery-move"), {"to": "done", "outcome": " "})
    assert refused.status_code == 422
    assert "Say what came of it." in refused.content.decode()
    client.post(page_of(play, "recovery-move"), {"to": "abandoned", "outcome": "She left."})
    play.refresh_from_db()
    assert (play.status, play.outcome) == ("abandoned", "She left.")
    client.post(page_of(play, "recovery-move"), {"to": "open"})
    play.refresh_from_db()
    assert play.status == "open"
    assert client.post(page_of(play, "recovery-move"), {"to": "nonsense"}).status_code == 422


def test_play_is_given_to_somebody_else_who_may_know(
    person: Contact, rep: User, manager: User, outsider: User, log_in: LogIn
) -> None:
    play, client = make_play(person), log_in(rep)
    due = (timezone.localdate() + timedelta(days=30)).isoformat()
    address = page_of(play, "recovery-change")
    assert client.post(address, {"owner": outsider.pk, "due_on": due}).status_code == 422
    client.post(address, {"owner": manager.pk, "due_on": due})
    play.refresh_from_db()
    assert (play.owner, play.due_on.isoformat()) == (manager, due)
    assert "Given to" in body(client, page_of(play))


def test_note_stands_in_the_history(person: Contact, rep: User, log_in: LogIn) -> None:
    play, client = make_play(person), log_in(rep)
    client.post(page_of(play, "recovery-comment"), {"text": "Called twice."})
    assert "Called twice." in body(client, page_of(play))
    assert client.post(page_of(play, "recovery-comment"), {"text": ""}).status_code == 422


def test_board_is_filtered(person: Contact, rep: User, manager: User, log_in: LogIn) -> None:
    make_play(person, due_on=timezone.localdate() - timedelta(days=1))
    ola = make_play(make_contact(make_customer("Nordmill"), "Ola Nordmann"), owner=manager)
    client = log_in(manager)
    assert "Ola" not in body(client, "/recovery/?overdue=true")
    assert "Nora" not in body(client, f"/recovery/?owner={manager.pk}")
    assert "Nora" not in body(client, "/recovery/?search=nordmill")
    assert "No play is like that" in body(client, "/recovery/?kind=beta")
    move_play(play=ola, to="done", outcome="Solved.")
    done = body(client, "/recovery/?status=done")
    assert "Ola" in done
    assert "Nora" not in done


def test_board_tells_how_many_are_won_back(person: Contact, manager: User, log_in: LogIn) -> None:
    play = make_play(person)
    RecoveryPlay.objects.filter(pk=play.pk).update(next_score=9, result="recovered", status="done")
    text = body(log_in(manager), "/recovery/")
    assert "won back: 1 of 1 measured" in text
    assert "between 21 and 100 %" in text


def test_play_is_opened_by_hand_by_those_who_keep_the_customer(
    person: Contact, rep: User, outsider: User, log_in: LogIn
) -> None:
    template = make_template("Training", kind="training")
    address = reverse("web:recovery-open", args=[person.pk])
    assert log_in(outsider).get(address).status_code in {403, 404}
    client = log_in(rep)
    assert client.get(address).status_code == 200
    response = client.post(address, {"template": template.pk, "why": "Uses half of it", "key": "k"})
    play = RecoveryPlay.objects.get()
    assert response.headers["Location"] == page_of(play)
    assert (play.name, play.kind, play.why, play.owner) == ("Training", "training", "Uses half of it", rep)
    assert client.get(address).headers["Location"] == page_of(play)


def test_templates_are_kept_by_managers(manager: User, rep: User, log_in: LogIn) -> None:
    client = log_in(manager)
    assert "Nothing opens by itself yet" in body(client, "/recovery/templates/")
    client.post(reverse("web:recovery-starters"))
    assert PlayTemplate.objects.count() == 5
    row = PlayTemplate.objects.get(opens_for="detractor")
    data = {"name": "Visit", "kind": "call", "steps": "Go there\n\nListen", "due_days": 5, "opens_for": "detractor"}
    client.post(reverse("web:recovery-template", args=[row.pk]), {**data, "is_active": "on"})
    row.refresh_from_db()
    assert (row.name, row.steps, row.opens_for) == ("Visit", ["Go there", "Listen"], "detractor")
    assert client.post(reverse("web:recovery-template-add"), {**data, "steps": " "}).status_code == 422
    for name in ("recovery-templates", "recovery-template-add"):
        assert log_in(rep).get(reverse(f"web:{name}")).status_code == 403


@pytest.mark.parametrize("address", ["/recovery/", "/recovery/?status=open"])
def test_board_takes_a_constant_number_of_queries(address: str, manager: User, log_in: LogIn) -> None:
    client = log_in(manager)
    make_play(make_contact())
    with_one = count_queries(client, address)
    make_play(make_contact())
    make_play(make_contact())
    assert count_queries(client, address) == with_one
