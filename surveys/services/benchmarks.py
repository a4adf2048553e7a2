"""Writes benchmarks: scores of the market and of competitors that ours is compared with."""

from datetime import date
from decimal import Decimal
from typing import TypedDict, Unpack

from django.db import transaction

from references.models import Tag
from references.services.saving import save_checked
from surveys.models import Benchmark


class BenchmarkData(TypedDict):
    """A score in −100…100, of which day, and where it is from."""

    name: str
    kind: str
    nps: Decimal
    on: date
    origin: str
    region: Tag | None
    industry: Tag | None


@transaction.atomic
def save_benchmark(*, benchmark: Benchmark | None = None, **data: Unpack[BenchmarkData]) -> Benchmark:
    """Make a benchmark, or change one; raises DomainError with a field's own code, or for one that is there twice."""
    row = benchmark or Benchmark()
    for name, value in data.items():
        setattr(row, name, value)
    save_checked(row)
    return row


@transaction.atomic
def delete_benchmark(*, benchmark: Benchmark) -> None:
    """Forget a benchmark."""
    benchmark.delete()
