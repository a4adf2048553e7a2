"""Client processes: each does one thing after another until its time is over, and tells how it fared."""

import random
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from time import monotonic
from typing import Any

from benchmarks.load.calling import Caller, Timed
from benchmarks.load.mix import SHARES, Visitor
from benchmarks.load.world import World


@dataclass(frozen=True, slots=True)
class Driven:
    """What one client did: its calls in the time that counts, what it made at all, and what went wrong before."""

    timed: list[Timed]
    seconds: float
    made: dict[str, int]
    early_faults: list[Timed]


def drive(world: World, number: int, seconds: float, warm_up: float) -> Driven:
    """Log in, warm up, then do what `SHARES` says for so many seconds."""
    caller, source = Caller(world.port), random.Random(number)
    visitor = Visitor(world, caller, number)
    acts = _choose_acts(visitor, source)
    _note_errors(caller, visitor.log_in)
    _repeat(caller, acts, warm_up)
    early, caller.timed = caller.timed, []
    spent = _repeat(caller, acts, seconds)
    caller.close()
    return Driven(caller.timed, spent, visitor.made, [each for each in early if each.fault])


def drive_bare(port: int, kind: str, paths: Sequence[str], seconds: float, warm_up: float) -> Driven:
    """Ask for one path after the other for so many seconds."""
    caller, source = Caller(port), random.Random(port)
    acts = iter(lambda: lambda: caller.call(kind, "GET", source.choice(paths)), None)
    _repeat(caller, acts, warm_up)
    early, caller.timed = caller.timed, []
    spent = _repeat(caller, acts, seconds)
    caller.close()
    return Driven(caller.timed, spent, {}, [each for each in early if each.fault])


def run_clients(call: Callable[..., Driven], arguments: Iterable[tuple[Any, ...]]) -> list[Driven]:
    """Call it in as many processes as there are tuples of arguments, all at once."""
    given = list(arguments)
    with ProcessPoolExecutor(len(given), mp_context=get_context("spawn")) as pool:
        return [each.result() for each in [pool.submit(call, *each) for each in given]]


def count_rate(driven: Sequence[Driven]) -> float:
    """Answers a second of all clients together."""
    return sum(len(each.timed) / each.seconds for each in driven)


def sum_made(driven: Sequence[Driven]) -> Counter[str]:
    """What all clients made together."""
    return sum((Counter(each.made) for each in driven), Counter())


def group_timed(driven: Sequence[Driven]) -> dict[str, list[Timed]]:
    """The calls of all clients by kind."""
    found: dict[str, list[Timed]] = {}
    for each in driven:
        for call in each.timed:
            found.setdefault(call.kind, []).append(call)
    return found


def _choose_acts(visitor: Visitor, source: random.Random) -> Iterable[Callable[[], object]]:
    methods, weights = list(SHARES), list(SHARES.values())
    while True:
        [method] = source.choices(methods, weights)
        yield method.__get__(visitor)


def _repeat(caller: Caller, acts: Iterable[Callable[[], object]], seconds: float) -> float:
    """Do one act after the other; gives the seconds that it took in the end."""
    began = monotonic()
    for act in acts:
        _note_errors(caller, act)
        if (spent := monotonic() - began) >= seconds:
            return spent
    raise AssertionError("there is always something to do")


def _note_errors(caller: Caller, act: Callable[[], object]) -> None:
    try:
        act()
    except (LookupError, ValueError) as error:
        caller.note_fault("reading an answer", repr(error))
