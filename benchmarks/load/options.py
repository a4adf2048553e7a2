"""The command line of the load test; read before Django is set up."""

import argparse
import os
from pathlib import Path

WORKERS = 4


def read_options(arguments: list[str] | None = None) -> argparse.Namespace:
    """Read the options: how long, how many clients, how large a pool, where the results go."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.load", description="Drive the site with mixed reads and writes, and watch it."
    )
    parser.add_argument("--minutes", type=_positive, default=10.0, metavar="N", help="how long (10)")
    parser.add_argument(
        "--workers",
        type=int,
        default=WORKERS,
        metavar="N",
        help=f"client processes, each with one call at a time ({WORKERS})",
    )
    parser.add_argument("--people", type=int, default=100_000, metavar="N", help="size of the pool (100,000)")
    parser.add_argument("--results", type=Path, metavar="FILE", help="write the results there, too")
    return parser.parse_args(arguments)


def choose_server() -> str:
    """The PostgreSQL server that DATABASE_URL names, on which a database of the test's own is made; "" for SQLite."""
    url = os.environ.get("DATABASE_URL", "")
    return url if url.startswith(("postgres://", "postgresql://")) else ""


def _positive(text: str) -> float:
    minutes = float(text)
    if minutes <= 0:
        raise argparse.ArgumentTypeError("must be more than 0")
    return minutes
