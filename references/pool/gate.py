"""The gate of the pool: whether a pool write is open in this context, and what it has touched so far."""

from collections.abc import Iterable
from contextvars import ContextVar
from dataclasses import dataclass, field


class PoolWriteError(RuntimeError):
    """The pool was written to outside `pool_write()`, which would leave readers stale."""


@dataclass
class Touched:
    """What one outermost write changed: customers by id, the vocabulary, the policy, or simply everything."""

    customers: set[int] = field(default_factory=set)
    vocabulary: bool = False
    policy: bool = False
    everything: bool = False

    def add(self, *customers: int, vocabulary: bool = False, policy: bool = False, everything: bool = False) -> None:
        """Note touched customers (their contacts, content and ledger included), the vocabulary or the policy."""
        self.customers.update(customers)
        self.vocabulary |= vocabulary
        self.policy |= policy
        self.everything |= everything

    def add_all(self, customers: Iterable[int]) -> None:
        """Note many touched customers at once."""
        self.customers.update(customers)

    @property
    def is_empty(self) -> bool:
        return not (self.customers or self.vocabulary or self.policy or self.everything)


open_write: ContextVar[Touched | None] = ContextVar("open_write", default=None)


def require_pool_write() -> None:
    """Raise PoolWriteError unless a `pool_write()` is open here."""
    if open_write.get() is None:
        raise PoolWriteError("Write to the pool inside pool_write(), so that every search sees the change.")
