"""What the ways of the demonstration's requests are made from: its users, its clock, chance, and who is free when."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from matching.business_time import Calendar, add_business_hours, calendar_of
from matching.demo.deals import Deal
from matching.demo.past import Past
from matching.need import Need
from matching.results import Candidate, SearchResult
from matching.search import List, search_need, understand
from matching.services.demand import NEAREST
from references.demo import SEED
from references.demo.cast import make_users
from references.models import Contact
from references.policy import ProgramPolicy
from references.program import current_policy
from references.services.holds import Ask, Verdict, judge
from users.models import User

LOOK_AT = 12


@dataclass(frozen=True)
class Ranked:
    """A deal with its brief as it is understood, and the pool ranked for it.

    Whether somebody may be asked on a day gone by, the ledger of that day decides.
    """

    deal: Deal
    need: Need
    result: SearchResult


@dataclass
class Stage:
    """The day it is all told from, who acts, and whom the requests have taken already."""

    today: date
    users: dict[str, User]
    policy: ProgramPolicy
    rng: Random = field(default_factory=lambda: Random(f"{SEED}:requests"))
    past: Past = field(default_factory=Past)
    taken: set[int] = field(default_factory=set)

    @property
    def now(self) -> datetime:
        """The moment up to which everything is told: as today begins."""
        return datetime.combine(self.today, time(), tzinfo=UTC)

    @property
    def calendar(self) -> Calendar:
        """The business hours."""
        return calendar_of(self.policy.service)

    def sent_at(self, ago: int) -> datetime:
        """A moment within business hours, so many days ago or, where that is a day off, on the one before it."""
        day = self.today - timedelta(days=ago)
        while day.weekday() not in self.policy.service.weekdays:
            day -= timedelta(days=1)
        opens = add_business_hours(datetime.combine(day, time(), tzinfo=UTC), 0.0, self.calendar)
        return opens + timedelta(minutes=self.rng.randint(8, 190), seconds=self.rng.randint(0, 59))

    def after(self, moment: datetime, low: float, high: float) -> datetime:
        """A moment so many business hours later, but not after now."""
        later = add_business_hours(moment, self.rng.uniform(low, high), self.calendar)
        return min(later.replace(microsecond=0), self.now)

    def working_day(self, day: date) -> date:
        """This day, or the next on which people work."""
        while day.weekday() not in self.policy.service.weekdays:
            day += timedelta(days=1)
        return day

    def choose(
        self, ranked: Ranked, on: date, moment: datetime, suits: Callable[[Contact, str], bool]
    ) -> tuple[Candidate, Contact, Verdict]:
        """The best, new to the requests, whom every rule let be asked then for that day, and who `suits` in their band.

        LookupError for nobody.
        """
        for candidate in self._new(ranked):
            contact = Contact.objects.select_related("customer__account_owner").get(pk=candidate.card.contact_id)
            verdict = judge(contact, Ask(ranked.deal.activity, on), now=moment, policy=self.policy)
            if not verdict.broken and suits(contact, verdict.band):
                self.taken.add(contact.pk)
                return candidate, contact, verdict
        raise LookupError(f"Nobody is left for the deal with {ranked.deal.prospect}.")

    def _new(self, ranked: Ranked) -> Iterator[Candidate]:
        return (each for each in ranked.result.candidates if each.card.contact_id not in self.taken)


def set_stage(today: date) -> Stage:
    """Read the users of the demonstration, made anew where they are gone, and the policy."""
    logins, owners = make_users()
    users = {user.email.partition("@")[0]: user for user in (*logins, *owners)}
    return Stage(today, users, current_policy())


def rank_deal(deal: Deal, stage: Stage) -> Ranked:
    """Read the brief of a deal and rank the pool for it, as its owner sees it."""
    need = understand(deal.brief, activity=deal.activity)
    lists: list[List] = ["excluded"] if deal.way == "unmet" else ["candidates"]
    if deal.uses_story:
        lists.append("content")
    limit = NEAREST if deal.way == "unmet" else LOOK_AT
    owner = stage.users[deal.owner]
    found = search_need(user=owner, need=need, activity=deal.activity, limit=limit, lists=lists)
    return Ranked(deal, need, found)
