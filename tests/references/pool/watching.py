"""Looks at the pool again and again and prints what it sees: `python -m tests.references.pool.watching`.

It reads one line from its input, {"on": day, "tags": [ids]}, prints "ready", and then a line of JSON for each look
until its input ends. `began` is the clock of the host (monotonic, shared by its processes) before the look.
"""

import json
import sys
import threading
import time
from datetime import date
from typing import Any

import django
import numpy as np


def look(on: date, tags: list[int]) -> dict[str, Any]:
    """Give the number of the write seen last, everyone's own limit, who rests on `on`, and who carries which tag."""
    from django.utils import timezone

    from references.pool.conditions import conditions_of
    from references.pool.index import current_snapshot

    began = time.monotonic()
    snapshot = current_snapshot()
    seen: dict[str, Any] = {"began": began, "number": snapshot.number, "limits": {}, "rest": [], "tags": {}}
    for view in snapshot.views:
        ids, live = view.segment.people_docs.ids, view.people.is_live
        found = conditions_of(view.segment, "call", on, now=timezone.now(), policy=snapshot.policy)
        limits = view.segment.people.own_limit
        seen["limits"] |= {int(ids[row]): int(limits[row]) for row in np.flatnonzero(live).tolist()}
        seen["rest"] += ids[live & found.broken["rest"]].tolist()
        for each in tags:
            rows = view.people.tags.at(each)[0]
            seen["tags"].setdefault(each, []).extend(ids[rows[live[rows]]].tolist())
    seen["known_tags"] = [each for each in tags if each in snapshot.vocabulary]
    return seen


def main() -> None:
    """Look until the input ends."""
    asked = json.loads(sys.stdin.readline())
    on, tags, ended = date.fromisoformat(asked["on"]), asked["tags"], threading.Event()
    print("ready", flush=True)

    def wait_for_the_end() -> None:
        sys.stdin.read()
        ended.set()

    threading.Thread(target=wait_for_the_end, daemon=True).start()
    is_last = False
    while not is_last:
        is_last = ended.is_set()
        print(json.dumps(look(on, tags)), flush=True)


if __name__ == "__main__":
    django.setup()
    main()
