"""Fills an empty program for the load test: a synthetic pool, people who log in, keys, and a survey that runs."""

import random
import secrets
from datetime import datetime

from django.core.management import call_command

from benchmarks.database import write_pool
from benchmarks.load.world import World
from benchmarks.pool import SEED, make_briefs, make_pool
from matching.models import Request
from references.models import Contact, Customer, Engagement
from references.pool.index import current_snapshot
from surveys.models import Response
from surveys.services.campaigns import save_campaign, start_campaign
from users.enums import Role, Scope
from users.models import User
from users.services import create_api_key

KEYS_OF_REPS, KEYS_OF_MANAGERS = 10, 2
MOST_NAMED = 5_000


def seed(people: int, clients: int, port: int, now: datetime) -> World:
    """Set the program up as an operator does, and write everything that `clients` clients need."""
    for command in ("migrate", "load_vocabulary"):
        call_command(command, verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    pool = make_pool(people, now.date())
    write_pool(pool)
    password = secrets.token_urlsafe(16)
    managers = [_make_user("manager", number, Role.MANAGER, password) for number in range(clients)]
    reps = [_make_user("rep", number, Role.SALES, password) for number in range(clients)]
    campaign = save_campaign(data={"name": "Load", "widget_origins": ["https://app.example.com"]}, by=managers[0])
    start_campaign(campaign=campaign, by=managers[0])
    current_snapshot()  # writes the image of the pool, which the site maps when it starts
    return World(
        port=port,
        today=now.date(),
        password=password,
        reps=[user.email for user in reps],
        managers=[user.email for user in managers],
        rep_keys=[_make_key("seller", number, Role.SALES) for number in range(clients * KEYS_OF_REPS)],
        manager_keys=[_make_key("lead", number, Role.MANAGER) for number in range(clients * KEYS_OF_MANAGERS)],
        briefs=make_briefs(pool),
        contacts=_choose(list(Contact.objects.visible_to(reps[0]).order_by("pk").values_list("pk", flat=True))),
        customers=_choose(list(Customer.objects.visible_to(reps[0]).order_by("pk").values_list("pk", flat=True))),
        campaign=campaign.pk,
    )


def count_made(world: World) -> dict[str, int]:
    """What the database holds of what the clients made."""
    return {
        "requests": Request.objects.count(),
        "touches": Engagement.objects.filter(source__startswith="outside:").count(),
        "answers": Response.objects.filter(campaign=world.campaign).count(),
    }


def _choose(ids: list[int]) -> list[int]:
    return random.Random(SEED).sample(ids, min(len(ids), MOST_NAMED))


def _make_user(name: str, number: int, role: Role, password: str | None) -> User:
    return User.objects.create_user(f"{name}{number}@example.test", password, name=f"{name} {number}", role=role)


def _make_key(name: str, number: int, role: Role) -> str:
    user = _make_user(name, number, role, None)
    scopes = [Scope.POOL_READ, Scope.REQUESTS_READ, Scope.REQUESTS_WRITE, Scope.SURVEYS_READ, Scope.SURVEYS_WRITE]
    return create_api_key(user=user, name="load", scopes=scopes)[1]
