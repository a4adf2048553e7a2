"""The page docs/getting-started.md does what it says: its blocks are run in their order against a server."""

import io
import os
import re
import shutil
import subprocess
from contextlib import redirect_stdout
from datetime import date, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.utils import timezone

from references.models import Consent
from references.services.consents import revoke_consent
from tests.conftest import make_user
from tests.factories import make_consent, make_contact, make_customer, make_policy, make_tag, make_testimonial
from users.enums import Role, Scope
from users.services import create_api_key

PAGE = settings.BASE_DIR / "docs" / "getting-started.md"
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FIRST = re.compile(r"^export (\w+)=.*$", re.MULTILINE)


def next_may() -> date:
    """The first of a May that is far enough ahead to ask for a speaker."""
    today = timezone.localdate()
    this = date(today.year, 5, 1)
    return this if this - today > timedelta(days=75) else date(today.year + 1, 5, 1)


def seed() -> str:
    """A retailer's CIO who may speak in Munich, three quotes for the web in France, and others who may not."""
    make_policy({"approvals": [{"approvers": "none"}]})
    retail, role = make_tag("industry", "Retail"), make_tag("role", "IT leadership")
    europe = make_tag("region", "Europe")
    germany, france = (make_tag("region", name, parent=europe) for name in ("Germany", "France"))
    munich = make_tag("region", "Munich", parent=germany)
    shop = make_customer("Kettle Stores", tags=[retail, munich])
    speaker = make_contact(shop, "Nora Kettle", tags=[role], title="Chief Information Officer", email="n@kettle.test")
    make_consent(speaker, "speaking", region=germany)
    abroad = make_contact(make_customer(tags=[retail]), tags=[role])
    make_consent(abroad, "speaking", region=france)
    for number in range(4):
        author = make_contact(make_customer(f"Harbor {number}"), f"Author {number}")
        fields: dict[str, Any] = {"channel": "web", "region": europe}
        make_consent(author, "quote", is_attributed=number > 1, **fields if number else {"channel": "print"})
        day = date(2025, 1, 1) + timedelta(days=number)
        make_testimonial(author, "We see fraud as it happens.", published_on=day)
    marketer = make_user(Role.MARKETER, "guide@example.test")
    _, secret = create_api_key(user=marketer, name="guide", scopes=[Scope.CONTENT_READ, Scope.CONTENT_WRITE])
    return secret


def fits(said: str, printed: str) -> bool:
    """Whether what was printed is as the page says; "…" stands for anything."""
    pattern = ".*".join(re.escape(part) for part in said.strip().split("…"))
    return re.fullmatch(pattern, printed.strip().replace("\r\n", "\n"), re.DOTALL) is not None


@pytest.mark.skipif(shutil.which("curl") is None or shutil.which("bash") is None, reason="needs curl and bash")
@pytest.mark.django_db(transaction=True)
def test_page_runs_as_it_stands_and_prints_what_it_says(live_server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    secret, may = seed(), next_may()
    cache.clear()
    given = {
        "REFS": live_server.url,
        "KEY": secret,
        "FROM": may.isoformat(),
        "UNTIL": may.replace(day=31).isoformat(),
    }
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    blocks = BLOCK.findall(PAGE.read_text(encoding="utf-8"))
    assert set(FIRST.findall(PAGE.read_text(encoding="utf-8"))) == set(given)
    names: dict[str, Any] = {"__name__": "guide"}
    printed, checked = "", 0
    for kind, text in blocks:
        if kind == "sh" and FIRST.search(text) is None:
            printed = run_shell(text)
        elif kind == "python":
            out = io.StringIO()
            with redirect_stdout(out):
                exec(compile(text, str(PAGE), "exec"), names)  # the page's own code
            printed = out.getvalue()
        elif kind in {"json", "text"}:
            assert fits(text, printed), f"the page says\n{text}\nand it printed\n{printed}"
            checked += 1
    assert checked == 6
    assert_copy_loses_what_is_revoked(names)


def run_shell(text: str) -> str:
    call = ["bash", "-euo", "pipefail", "-c", text]
    done = subprocess.run(call, capture_output=True, text=True, timeout=120, env=os.environ, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def assert_copy_loses_what_is_revoked(names: dict[str, Any]) -> None:
    """The page's own `refresh` drops what may not be used any more, and takes in what is new."""
    copy, before = names["copy"], names["since"]
    assert len(copy) == 3
    gone = next(iter(copy))
    revoke_consent(consent=Consent.objects.get(contact__testimonial_set=gone, activity="quote"))
    names["refresh"](before)
    assert gone not in copy
    assert len(copy) == 2
