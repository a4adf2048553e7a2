"""The docs page works in a real browser under the strict content policy."""

import os
from collections.abc import Iterator

import pytest
from django.test import Client
from playwright.sync_api import Page, sync_playwright
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from users.models import User

pytestmark = pytest.mark.browser


@pytest.fixture
def page() -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=["--no-sandbox"]
        )
        yield browser.new_page()
        browser.close()


@pytest.mark.django_db(transaction=True)
def test_brief_can_be_tried_on_the_docs_page(
    page: Page, live_server: LiveServer, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # playwright keeps an event loop in this thread
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = False
    client = Client()
    client.force_login(User.objects.create_user("rep@docs.test", "correct horse"))
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    troubles: list[str] = []
    page.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("request", lambda request: troubles.append(request.url) if live_server.url not in request.url else None)

    page.goto(f"{live_server.url}/api/v1/docs/")
    page.locator("#operations-tag-matches").click(timeout=120_000)  # the document is made for the first time
    operation = page.locator("#operations-matches-matches_search")
    operation.click()
    operation.locator("button.try-out__btn").click()
    operation.locator("textarea").first.fill('{"text": "A bank in Germany"}')
    operation.locator("button.execute").click()
    status = operation.locator(".live-responses-table tbody .response-col_status")
    status.wait_for()
    assert status.inner_text().startswith("200")
    assert troubles == []
