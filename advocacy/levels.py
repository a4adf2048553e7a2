"""Reads the levels, and where an account stands among them."""

from advocacy.models import Level
from advocacy.points_rules import LevelRule, LevelStanding, level_of


def read_levels() -> list[LevelRule]:
    """All levels, the lowest first; one query."""
    return [LevelRule(level.name, level.from_points) for level in Level.objects.all()]


def standing_of(lifetime: int, levels: list[LevelRule] | None = None) -> LevelStanding:
    """Where lifetime points stand; one query unless the levels are given."""
    return level_of(lifetime, read_levels() if levels is None else levels)
