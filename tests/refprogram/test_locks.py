"""Row locks spare the keys: whoever writes a row that points to a locked one must not have to wait for it."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_every_lock_in_the_pool_and_on_requests_spares_the_key() -> None:
    """Else the writer, who holds the pool's counter, and the locker, who needs it, wait for each other."""
    calls = [
        (path.relative_to(ROOT), call)
        for app in ("references", "advocacy", "surveys", "matching")
        for path in (ROOT / app).rglob("*.py")
        for call in re.findall(r"select_for_update\(([^)]*\)?[^)]*)\)", path.read_text(encoding="utf-8"))
    ]
    assert len(calls) > 10
    assert [each for each in calls if "no_key=True" not in each[1]] == []
