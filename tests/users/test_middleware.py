"""Times are shown in the zone of whoever is logged in."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils import timezone

from users.middleware import TimeZoneMiddleware
from users.models import User


def answer_with_zone(request: HttpRequest) -> HttpResponse:
    return HttpResponse(timezone.get_current_timezone_name())


@pytest.mark.parametrize(("zone", "shown"), [("Europe/Berlin", "Europe/Berlin"), ("Mars/Base", "UTC"), ("", "UTC")])
def test_time_zone_is_the_users_for_the_request_only(zone: str, shown: str, rf: RequestFactory) -> None:
    request = rf.get("/")
    request.user = User(time_zone=zone)
    assert TimeZoneMiddleware(answer_with_zone)(request).text == shown
    assert timezone.get_current_timezone_name() == "UTC"
