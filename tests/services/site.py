"""A small site for tests that kill things: effects that can be counted, a job that takes its time, and real requests.

Run as `python -m tests.services.site COMMAND`, as the Celery application of a worker, and as `web`, the application of
a web server. What happened is read from the database, and from the mails, by the test itself.
"""

import os
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "refprogram.settings")
django.setup()

from django.conf import settings  # noqa: E402 - after setup
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import transaction  # noqa: E402
from django.utils import timezone  # noqa: E402
from kombu import Queue  # noqa: E402

from delivery import idempotency, jobs, outbox  # noqa: E402
from delivery.models import Job  # noqa: E402
from delivery.promises import enqueue  # noqa: E402
from delivery.tasks import sweep_outbox  # noqa: E402
from delivery.webhook_services import create_webhook  # noqa: E402
from matching.models import Match  # noqa: E402
from matching.services.answering import accept_match, decline_match  # noqa: E402
from matching.services.approving import approve_match  # noqa: E402
from references.services.slots import save_slot  # noqa: E402
from refprogram.celery import app  # noqa: E402
from tests.matching.factories import make_banker  # noqa: E402
from users.enums import Role, Scope  # noqa: E402
from users.models import Team, User  # noqa: E402
from users.services import create_api_key  # noqa: E402

app.conf.task_default_queue = os.environ.get("TEST_QUEUE", "celery")
idempotency.PATIENCE = timedelta(seconds=2)  # a minute, in a site that is not killed all the time
web = get_wsgi_application()
app.conf.beat_schedule = {"sweep": {"task": "delivery.tasks.sweep_outbox", "schedule": 1.0, "options": {"expires": 1}}}


def make_team(payload: outbox.Payload) -> None:
    """The effect: a team by a name that only one can have, so that doing it twice fails loudly."""
    Team.objects.create(name=payload["name"])


def count_with_a_rest(job: Job) -> dict[str, Any]:
    """The job: counts to 20, and rests at 3 until the test lets it go on by making the file "go"."""
    for done in range(1, 21):
        jobs.report_progress(job, done=done, total=20)
        while done == 3 and not (settings.VAR_DIR / "go").exists():
            time.sleep(0.05)
    return {"counted": 20}


def seed_pool(people: str) -> None:
    """Bankers, each at a bank of their own, whose owner approves; and a salesperson's API key in the file "key"."""
    rep = User.objects.create_user("rep@example.test", None, role=Role.SALES, name="Robin Rep")
    manager = User.objects.create_user("manager@example.test", None, role=Role.MANAGER, name="Mina Manager")
    for number in range(int(people)):
        make_banker(f"Banker {number}", owner=manager, email=f"banker{number}@customer.test")
    scopes = [Scope.REQUESTS_READ, Scope.REQUESTS_WRITE]
    _row, secret = create_api_key(user=rep, name="crash", scopes=scopes, expires=None)
    (settings.VAR_DIR / "key").write_text(secret)


def approve() -> None:
    """Approve whatever waits, each in a transaction of its own."""
    manager = User.objects.get(email="manager@example.test")
    for match in Match.objects.in_review():
        approve_match(match=match, by=manager, reason="fits")


def answer() -> None:
    """Of those who were asked every second says yes, and the others no."""
    for match in Match.objects.invited():
        if match.pk % 2:
            accept_match(match=match)
        else:
            decline_match(match=match, reason="no_time")


outbox.register_handler("tests.team", outbox.Handler(make_team))
jobs.register_runner("tests.count", count_with_a_rest)


def promise(first: str, last: str) -> None:
    with transaction.atomic():
        for number in range(int(first), int(last) + 1):
            enqueue(kind="tests.team", key=f"team:{number}", payload={"name": f"Team {number}"})


def subscribe(url: str) -> None:
    """Let a receiver hear of slots."""
    owner = User.objects.create_user("marketer@example.test", None, role=Role.MARKETER)
    create_webhook(owner=owner, name="Crash", url=url, events=["slot.opened"])


def open_slots(first: str, last: str) -> None:
    """Open slots, each of which is told."""
    for number in range(int(first), int(last) + 1):
        save_slot(data={"event": f"Forum {number}", "starts_at": timezone.now() + timedelta(days=90 + number)})


def drop_queue() -> None:
    with app.connection_for_write() as connection:
        Queue(app.conf.task_default_queue, channel=connection.default_channel).delete()


COMMANDS: dict[str, Callable[..., object]] = {
    "promise": promise,
    "start-job": lambda: jobs.start_job(kind="tests.count", title="Count", parameters={}),
    "sweep": sweep_outbox,
    "subscribe": subscribe,
    "open-slots": open_slots,
    "drop-queue": drop_queue,
    "seed-pool": seed_pool,
    "approve": approve,
    "answer": answer,
}


if __name__ == "__main__":
    COMMANDS[sys.argv[1]](*sys.argv[2:])
