"""What the advocacy of the demonstration is told with: who acts, who the promoters are, chance, and moments gone by."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from django.db.models import Model

from references.demo import PREFIX, SEED
from references.demo.cast import make_users
from references.enums import ContactStatus
from references.models import Contact, StateChange
from references.services.saving import name_subject
from users.models import User


@dataclass
class Stage:
    """The day it is told from, the users by the name of their login, and active promoters, the most active first."""

    today: date
    users: dict[str, User]
    people: list[Contact]
    rng: Random = field(default_factory=lambda: Random(f"{SEED}:advocacy"))

    def at(self, ago: int, hour: int = 10) -> datetime:
        """A moment some days ago."""
        return datetime.combine(self.today - timedelta(days=ago), time(hour, self.rng.randrange(60)), tzinfo=UTC)

    def date_back(self, row: Model, ago: int, **moments: int) -> None:
        """Let fields of a saved row, given as days ago, and its history from `ago` on take moments gone by."""
        values = {name: self.at(days) for name, days in moments.items()}
        if values:
            type(row)._default_manager.filter(pk=row.pk).update(**values)
        last = min([ago, *moments.values()])
        changes = list(StateChange.objects.filter(subject=name_subject(row)).order_by("pk"))
        for number, change in enumerate(changes):
            back = ago - (ago - last) * number // max(1, len(changes) - 1)
            StateChange.objects.filter(pk=change.pk).update(at=self.at(back, 10 + min(number, 8)))


def set_stage(today: date) -> Stage:
    """Read the users and the promoters of the demonstration."""
    logins, owners = make_users()
    users = {user.email.partition("@")[0]: user for user in (*logins, *owners)}
    active = Contact.objects.filter(
        external_id__startswith=PREFIX, status=ContactStatus.ACTIVE, has_opted_out=False, points_account__isnull=False
    ).exclude(email="")
    people = active.select_related("customer").order_by("-points_account__lifetime", "external_id")
    return Stage(today, users, list(people))
