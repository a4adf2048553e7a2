"""The policy on pages: forms that read back, refusals beside their fields, previews, versions and the way back."""

import json
from typing import Any

import pytest
from django.test import Client

from references.models import PolicyVersion
from references.policy import ProgramPolicy
from references.policy_values import diff_policies, differing_values, flat_settings
from references.program import current_policy, merge_policy
from references.services.policies import save_policy
from tests.factories import make_policy
from tests.matching.factories import make_banker, submit
from tests.web.conftest import LogIn, Page, read_page
from users.models import User
from web.setup.policy_forms import PolicyForms
from web.setup.policy_settings import GROUPS, LABELS

CHANGED: dict[str, Any] = {
    "ranking": {"weights": {"product": 0.45}, "band_similarity": [1, 0.5]},
    "caps": {"per_year": 4},
    "show_customer_name": False,
    "service": {"time_zone": "Europe/Berlin", "weekdays": [0, 5], "holidays": ["2026-12-25", "2026-12-26"]},
    "approvals": [
        {
            "approvers": "none", "activities": ["survey", "quote"], "tiers": ["key"], "bands": ["fresh"],
            "min_value": 5.5, "max_value": 10,
        },
        {"approvers": "both", "why": "Always."},
    ],
}  # fmt: skip


@pytest.fixture
def client(manager: User, log_in: LogIn) -> Client:
    return log_in(manager)


def sent(policy: ProgramPolicy, **changes: Any) -> dict[str, Any]:
    """What a browser sends for the form of a policy, with changes."""
    forms = PolicyForms(policy)
    data: dict[str, Any] = {"version": str(policy.version), "act": "preview"}
    for field in forms.settings:
        data[field.html_name] = field.value()
    management = forms.rules.management_form
    data |= {management.add_prefix(name): value for name, value in management.initial.items()}
    for form in forms.rules:
        data |= {field.html_name: field.value() for field in form}
    data |= changes
    return {name: value for name, value in data.items() if value not in (None, False)}


def values_on(page: Page) -> dict[str, Any]:
    """The settings that a preview would save."""
    (field,) = (each for each in page.all("input") if each.get("name") == "values")
    found: dict[str, Any] = json.loads(field["value"] or "")
    return found


def post(client: Client, data: dict[str, Any], status: int = 200) -> Page:
    response = client.post("/setup/policy/", data)
    assert response.status_code == status, response.content.decode()
    return read_page(response.content.decode())


def test_every_setting_has_a_field_a_name_and_a_sentence() -> None:
    assert set(LABELS) == set(flat_settings(ProgramPolicy()))
    assert all(str(each.help) for group in GROUPS for each in group.settings)


@pytest.mark.parametrize("values", [{}, CHANGED])
def test_form_sent_unchanged_reads_back_as_the_same_policy(values: dict[str, Any]) -> None:
    policy = merge_policy(values)
    forms = PolicyForms(policy, sent(policy))
    assert forms.is_valid(), (forms.settings.errors, forms.rules.errors)
    assert merge_policy(forms.values()) == policy


@pytest.mark.django_db
def test_changes_are_previewed_then_saved_with_a_note(client: Client, manager: User) -> None:
    page = post(client, sent(current_policy(), **{"caps.per_year": "4", "hold_hours": ""}))
    assert "A person in a year" in page.text
    assert "No request is open" in page.text
    assert not PolicyVersion.objects.exists()
    assert values_on(page) == {"caps": {"per_year": 4}}
    data = {"act": "save", "values": json.dumps(values_on(page)), "version": "0", "note": "gentler"}
    assert client.post("/setup/policy/", data).status_code == 302
    row = PolicyVersion.objects.get()
    assert (row.version, row.values, row.note, row.made_by) == (1, {"caps": {"per_year": 4}}, "gentler", manager)


@pytest.mark.django_db(transaction=True)
def test_preview_shows_the_requests_that_would_feel_it(client: Client, rep: User, manager: User) -> None:
    make_banker("Nora Lindqvist", owner=manager)
    request = submit(rep, deal="Harbor Bank")
    page = post(client, sent(current_policy(), **{"approvals-4-approvers": "both", "service.request_hours": "48"}))
    assert "1 of 1 open requests would feel it." in page.text
    assert "needs account owner + manager (now account owner)" in page.text
    assert "Nora" not in page.text
    assert f"/requests/{request.pk}/" in {each.get("href") for each in page.all("a")}


@pytest.mark.django_db
def test_nothing_changed_is_nothing_to_save(client: Client) -> None:
    page = post(client, sent(current_policy()))
    assert "Nothing would change" in page.text
    assert len(page.all("h1")) == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "changes, words",
    [
        ({"caps.per_year": "many"}, "whole number"),
        ({"caps.per_year": "-1"}, "greater than or equal to 0"),
        ({"caps.rest_days": "9999"}, "“Rest between meetings” must be at most 3650 days"),
        ({"fatigue.stop": "0.4"}, "“Worn out from” must be above needs_approval"),
        ({"ranking.band_similarity": "one"}, "with commas"),
        ({"service.opens": "9"}, "“Opens” must be a time like 09:00"),
        ({"service.holidays": "Christmas"}, "days like 2026-12-25"),
        ({"service.weekdays": []}, "“Business days” must be some days"),
        ({"service.time_zone": "Mars/Olympus"}, "not one of the available choices"),
    ],
)
def test_wrong_setting_is_told_beside_its_field(client: Client, changes: dict[str, Any], words: str) -> None:
    response = client.post("/setup/policy/", sent(current_policy(), **changes))
    assert response.status_code == 422
    html, (key, value) = response.content.decode(), next(iter(changes.items()))
    page = read_page(html)
    assert words in page.text
    typed = [each for each in page.all("input") if each.get("name") == key and each["type"] in {"text", "number"}]
    assert all(each["value"] == value and "is-invalid" in (each["class"] or "") for each in typed)
    assert f'href="#div_id_{key}"' in html
    assert f'id="div_id_{key}"' in html
    assert not PolicyVersion.objects.exists()


@pytest.mark.django_db
def test_wrong_rule_is_told_in_its_row(client: Client) -> None:
    last = len(ProgramPolicy().approvals)
    changes = {
        f"approvals-{last}-approvers": "owner",
        f"approvals-{last}-min_value": "10",
        f"approvals-{last}-max_value": "5",
        f"approvals-{last}-ORDER": "1",
    }
    page = post(client, sent(current_policy(), **changes), status=422)
    assert "max_value' must be above min_value" in page.text
    (field,) = (each for each in page.all("input") if each.get("name") == f"approvals-{last}-max_value")
    assert "is-invalid" in (field["class"] or "")


@pytest.mark.django_db
def test_row_without_approvers_is_refused(client: Client) -> None:
    page = post(client, sent(current_policy(), **{"approvals-5-why": "Because."}), status=422)
    assert "This field is required." in page.text


def test_rules_are_added_moved_and_removed() -> None:
    policy = ProgramPolicy()
    changes = {
        "approvals-5-approvers": "none", "approvals-5-activities": ["survey"], "approvals-5-ORDER": "0",
        "approvals-0-DELETE": "on", "approvals-1-ORDER": "9",
    }  # fmt: skip
    forms = PolicyForms(policy, sent(policy, **changes))
    assert forms.is_valid(), forms.rules.errors
    found = merge_policy(forms.values()).approvals
    assert (found[0].approvers, found[0].activities) == ("none", ("survey",))
    assert found[1:] == (*policy.approvals[2:], policy.approvals[1])


@pytest.mark.django_db
def test_preview_leads_back_to_the_form_with_what_was_typed(client: Client) -> None:
    data = {"act": "edit", "values": json.dumps(CHANGED), "version": "0"}
    page = post(client, data)
    (field,) = (each for each in page.all("input") if each.get("name") == "caps.per_year")
    assert field["value"] == "4"
    assert diff_policies(merge_policy(CHANGED), current_policy())


@pytest.mark.django_db
@pytest.mark.parametrize("values", ["", "[]", "null", '{"mood": 1}', '{"caps": {"per_year": "x"}}'])
def test_settings_not_written_by_the_page_are_refused(client: Client, values: str) -> None:
    response = client.post("/setup/policy/", {"act": "save", "values": values, "version": "0"})
    assert response.status_code == 400
    assert not PolicyVersion.objects.exists()


@pytest.mark.django_db
def test_saving_over_a_newer_version_shows_what_differs_from_it(client: Client) -> None:
    save_policy(values={"hold_hours": 24})
    data = {"act": "save", "values": json.dumps({"caps": {"per_year": 4}}), "version": "0", "note": "mine"}
    page = post(client, data, status=409)
    assert "Someone has saved version 1 meanwhile." in page.text
    assert "A hold lasts" in page.text
    assert PolicyVersion.objects.count() == 1
    (field,) = (each for each in page.all("input") if each.get("name") == "version")
    assert field["value"] == "1"
    (note,) = (each for each in page.all("input") if each.get("name") == "note")
    assert note["value"] == "mine"


@pytest.mark.django_db
def test_preview_of_an_overtaken_form_says_so(client: Client) -> None:
    data = sent(current_policy(), **{"caps.per_year": "4"})
    save_policy(values={"hold_hours": 24})
    page = post(client, data)
    assert "Version 1 was saved since you opened the page" in page.text


@pytest.mark.django_db
def test_versions_tell_who_what_and_why(client: Client, manager: User) -> None:
    save_policy(values={"caps": {"per_year": 4}}, by=manager, note="gentler")
    save_policy(values={"caps": {"per_year": 4}, "approvals": CHANGED["approvals"]})
    page = read_page(client.get("/setup/policy/versions/").content.decode())
    for words in (
        "Version 2",
        "holds now",
        "Mina Manager",
        "gentler",
        "A person in a year",
        "Survey, Quote; key; fresh",
    ):
        assert words in page.text
    found = read_page(client.get("/setup/policy/versions/?search=gentl&ordering=version").content.decode())
    assert "Version 1" in found.text
    assert "Version 2" not in found.text


@pytest.mark.django_db
def test_version_that_no_longer_reads_is_told_and_not_restored(client: Client) -> None:
    make_policy({"mood": 1})
    make_policy({})
    page = read_page(client.get("/setup/policy/versions/").content.decode())
    assert "It cannot be read any more: There is no setting 'mood'." in page.text
    page = read_page(client.get("/setup/policy/versions/1/").content.decode())
    assert "It cannot be restored: There is no setting 'mood'." in page.text
    assert client.post("/setup/policy/versions/1/", {"version": "2"})["Location"] == "/setup/policy/versions/1/"
    assert PolicyVersion.objects.count() == 2


@pytest.mark.django_db
def test_version_is_restored_as_the_newest(client: Client) -> None:
    save_policy(values={"hold_hours": 24})
    save_policy(values={"hold_hours": 48})
    page = read_page(client.get("/setup/policy/versions/1/").content.decode())
    assert "Restore as version 3" in page.text
    assert client.post("/setup/policy/versions/1/", {"version": "1"})["Location"] == "/setup/policy/versions/1/"
    assert client.post("/setup/policy/versions/1/", {"version": "2", "note": "back"}).status_code == 302
    assert current_policy().hold_hours == 24
    assert client.post("/setup/policy/versions/0/", {"version": "3"}).status_code == 302
    assert differing_values(current_policy()) == {}
    assert client.get("/setup/policy/versions/99/").status_code == 404
