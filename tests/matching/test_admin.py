"""Django's admin of requests: everything is to be seen, and nothing to be changed."""

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from matching.models import Request
from matching.services.closing import report_outcome
from tests.matching.factories import make_banker, schedule, submit
from users.models import User

pytestmark = pytest.mark.django_db
MODELS = [model for model in admin.site._registry if model._meta.app_label == "matching"]


@pytest.fixture
def browser(manager: User, rep: User) -> Client:
    """An administrator's, with a request of each kind there."""
    schedule(rep, manager, chosen=[make_banker("Ada Voss").pk])
    submit(rep, brief="Nobody has this.", activity="speaking")
    report_outcome(request=Request.objects.get(status="open"), result="lost", by=rep)
    client = Client()
    administrator = User.objects.create_superuser("ada@example.test", "correct horse")
    client.force_login(administrator, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.model_name)
def test_rows_are_listed_and_neither_added_nor_changed(model: type[Request], browser: Client) -> None:
    name = f"admin:matching_{model._meta.model_name}"
    assert browser.get(reverse(f"{name}_changelist")).status_code == 200
    assert browser.get(reverse(f"{name}_add")).status_code == 403
    row = model.objects.first()
    if row is not None:
        page = browser.get(reverse(f"{name}_change", args=[row.pk]))
        assert page.status_code == 200
        assert b'name="_save"' not in page.content


def test_admin_has_every_noun() -> None:
    assert {model._meta.model_name for model in MODELS} == {
        "request", "match", "approval", "outcome", "feedback", "unmetdemand", "recruitingtask",
    }  # fmt: skip
