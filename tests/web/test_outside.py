"""A use outside the system in one click, undone as easily; and touches withdrawn by those who keep the account."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from references.models import Contact, Engagement
from references.permissions import UNDO_WITHIN
from references.pool.writing import pool_write
from references.services.customers import save_customer
from tests.factories import make_contact, make_customer, make_engagement
from tests.web.conftest import LogIn, read_page
from users.models import User


def profile_of(contact: Contact) -> str:
    return reverse("web:profile", args=[contact.pk])


def withdraw_of(touch: Engagement) -> str:
    return reverse("web:touch-withdraw", args=[touch.pk])


def test_outside_use_is_filled_in_already(promoter: Contact, rep: User, log_in: LogIn) -> None:
    client, address = log_in(rep), reverse("web:outside-use", args=[promoter.pk])
    page = read_page(client.get(f"{address}?activity=webinar").content.decode())
    assert "Nora" not in page.text
    values = {each["name"]: each.get("value") for each in page.all("input") if each.get("name")}
    assert values["on"] == timezone.localdate().isoformat()
    assert [each["value"] for each in page.all("option") if "selected" in each] == ["webinar"]
    given = {"activity": "webinar", "on": values["on"], "key": values["key"]}
    assert [client.post(address, given)["Location"] for _ in range(2)] == [profile_of(promoter)] * 2
    touch = Engagement.objects.get(activity="webinar")
    assert (touch.is_outside, touch.status, touch.changes.get().by) == (True, "completed", rep)
    text = read_page(client.get(profile_of(promoter)).content.decode()).text
    assert "nobody is blamed" in text
    assert "Undo within 10 minutes" in text


def test_outside_use_to_come_is_refused(promoter: Contact, rep: User, log_in: LogIn) -> None:
    address = reverse("web:outside-use", args=[promoter.pk])
    later = timezone.localdate() + timedelta(days=9)
    response = log_in(rep).post(address, {"activity": "call", "on": later, "key": "k"})
    assert response.status_code == 422
    assert "has not come yet" in response.content.decode()


def test_outside_use_of_somebody_out_of_sight_is_not_found(rep: User, log_in: LogIn) -> None:
    hidden = make_contact(make_customer(), status="known")
    assert log_in(rep).get(reverse("web:outside-use", args=[hidden.pk])).status_code == 404


def test_undo_stands_in_the_profile_of_whoever_logged_it(
    promoter: Contact, rep: User, outsider: User, log_in: LogIn
) -> None:
    client = log_in(rep)
    client.post(
        reverse("web:outside-use", args=[promoter.pk]),
        {"activity": "webinar", "on": timezone.localdate(), "key": "k"},
    )
    touch = Engagement.objects.get(activity="webinar")
    forms = read_page(client.get(profile_of(promoter)).content.decode()).all("form")
    assert withdraw_of(touch) in [each.get("action") for each in forms]
    assert withdraw_of(touch) not in log_in(outsider).get(profile_of(promoter)).content.decode()
    assert log_in(outsider).post(withdraw_of(touch), {"reason": "x"}).status_code == 403
    client.post(withdraw_of(touch), {"reason": "Undone"})
    touch.refresh_from_db()
    assert touch.status == "released"
    assert withdraw_of(touch) not in client.get(profile_of(promoter)).content.decode()


def test_after_ten_minutes_only_those_who_keep_the_account_withdraw(
    promoter: Contact, rep: User, outsider: User, log_in: LogIn
) -> None:
    client = log_in(outsider)
    client.post(
        reverse("web:outside-use", args=[promoter.pk]),
        {"activity": "webinar", "on": timezone.localdate(), "key": "k"},
    )
    with pool_write():
        Engagement.objects.filter(activity="webinar").update(recorded_at=timezone.now() - UNDO_WITHIN * 2)
    touch = Engagement.objects.get(activity="webinar")
    assert withdraw_of(touch) not in client.get(profile_of(promoter)).content.decode()
    assert client.post(withdraw_of(touch), {"reason": "x"}).status_code == 403
    save_customer(customer=promoter.customer, data={"account_owner": rep})
    owner = log_in(rep)
    assert withdraw_of(touch) in owner.get(profile_of(promoter)).content.decode()
    assert owner.post(withdraw_of(touch), {"reason": ""}).status_code == 422
    assert owner.post(withdraw_of(touch), {"reason": "was somebody else"})["Location"] == profile_of(promoter)
    touch.refresh_from_db()
    assert touch.status == "released"


def test_touch_of_a_request_has_no_button(promoter: Contact, manager: User, log_in: LogIn) -> None:
    touch = make_engagement(promoter, source="match:1")
    client = log_in(manager)
    assert withdraw_of(touch) not in client.get(profile_of(promoter)).content.decode()
    response = client.post(withdraw_of(touch), {"reason": "x"})
    assert response.status_code == 422
    assert "correct it where it began" in response.content.decode()
