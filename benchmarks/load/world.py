"""What the clients know of the site: its address, who they are, and whom and what they may ask for."""

from dataclasses import dataclass, replace
from datetime import date


@dataclass(frozen=True, slots=True)
class World:
    """A pool. `reps` and `managers` log in with `password`; keys are of other users, each counted apart."""

    port: int
    today: date
    password: str
    reps: list[str]
    managers: list[str]
    rep_keys: list[str]
    manager_keys: list[str]
    briefs: list[str]
    contacts: list[int]
    customers: list[int]
    campaign: int

    def share(self, number: int, of: int) -> "World":
        """The part of one of several clients: people of its own, and the whole pool."""
        return replace(
            self,
            reps=self.reps[number::of],
            managers=self.managers[number::of],
            rep_keys=self.rep_keys[number::of],
            manager_keys=self.manager_keys[number::of],
        )
