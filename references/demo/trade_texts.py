"""Reads the words of the invented stories from trade_texts.toml."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_FILE = Path(__file__).with_name("trade_texts.toml")


@dataclass(frozen=True)
class Metric:
    """A number that a story tells: from a whole number in `before` to one in `after`, each with its unit."""

    name: str
    before: tuple[int, int]
    before_unit: str
    after: tuple[int, int]
    after_unit: str


@dataclass(frozen=True)
class TradeTexts:
    """Sentences of one trade; `{customer}` stands for the customer's name in `challenges` and `closers`.

    `metrics` measure the `challenges` one by one.
    """

    challenges: tuple[str, ...]
    uses: tuple[str, ...]
    closers: tuple[str, ...]
    quotes: tuple[str, ...]
    metrics: tuple[Metric, ...]


@cache
def load_trade_texts() -> dict[str, TradeTexts]:
    """Give the texts of every trade that has stories, by its code."""
    tables = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return {code: _read(table) for code, table in tables.items()}


def _read(table: dict[str, Any]) -> TradeTexts:
    metrics = tuple(
        Metric(**{**each, "before": tuple(each["before"]), "after": tuple(each["after"])}) for each in table["metrics"]
    )
    return TradeTexts(metrics=metrics, **{name: tuple(table[name]) for name in table if name != "metrics"})
