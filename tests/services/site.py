"""A small site for tests that kill things: an effect that can be counted and a job that takes its time.

Run as `python -m tests.services.site COMMAND`, and as the Celery application of a worker. What happened is read from
the database by the test itself.
"""

import os
import sys
import time
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "refprogram.settings")
django.setup()

from django.conf import settings  # noqa: E402 - after setup
from django.core.management import call_command  # noqa: E402
from django.db import transaction  # noqa: E402
from kombu import Queue  # noqa: E402

from delivery import jobs, outbox  # noqa: E402
from delivery.models import Job  # noqa: E402
from delivery.promises import enqueue  # noqa: E402
from delivery.tasks import sweep_outbox  # noqa: E402
from refprogram.celery import app  # noqa: E402
from users.models import Team  # noqa: E402

app.conf.task_default_queue = os.environ.get("TEST_QUEUE", "celery")
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


outbox.register_handler("tests.team", outbox.Handler(make_team))
jobs.register_runner("tests.count", count_with_a_rest)


def main(command: str, *arguments: str) -> None:
    """Do one thing and end: `migrate`, `promise FIRST LAST`, `start-job`, `sweep` or `drop-queue`."""
    if command == "migrate":
        call_command("migrate", verbosity=0)
    elif command == "promise":
        first, last = map(int, arguments)
        with transaction.atomic():
            for number in range(first, last + 1):
                enqueue(kind="tests.team", key=f"team:{number}", payload={"name": f"Team {number}"})
    elif command == "start-job":
        jobs.start_job(kind="tests.count", title="Count", parameters={})
    elif command == "sweep":
        sweep_outbox()
    elif command == "drop-queue":
        with app.connection_for_write() as connection:
            Queue(app.conf.task_default_queue, channel=connection.default_channel).delete()
    else:
        raise SystemExit(f"Unknown command {command}")


if __name__ == "__main__":
    main(*sys.argv[1:])
