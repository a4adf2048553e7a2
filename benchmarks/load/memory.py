"""The memory of a process and all it started, as proportional set size (PSS): shared pages count once. Linux only."""

from collections.abc import Mapping
from pathlib import Path

_PROC = Path("/proc")
_PARTS = (("gunicorn", "web"), ("celery", "worker"))


def is_available() -> bool:
    """Whether this system tells the PSS of a process."""
    return (_PROC / "self/smaps_rollup").exists()


def measure_parts(root: int) -> dict[str, float]:
    """MiB of PSS by part of the site that `root` runs: web, worker, and the runner itself."""
    found = {"web": 0.0, "worker": 0.0, "runner": 0.0}
    for pid in list_tree(root, _read_parents()):
        try:
            command = (_PROC / str(pid) / "cmdline").read_text(errors="replace")
            size = read_pss((_PROC / str(pid) / "smaps_rollup").read_text(encoding="ascii"))
        except (FileNotFoundError, ProcessLookupError):
            continue  # it has just ended
        found[name_part(command)] += size / 1024
    return found


def list_tree(root: int, parents: Mapping[int, int]) -> list[int]:
    """`root` and everything below it, by the parent of each process."""
    found, new = [root], {root}
    while new:
        new = {pid for pid, parent in parents.items() if parent in new and pid not in found}
        found += sorted(new)
    return found


def name_part(command: str) -> str:
    """The part of the site that a process belongs to, by its command line."""
    return next((part for word, part in _PARTS if word in command), "runner")


def read_pss(rollup: str) -> int:
    """KiB of PSS, out of the text of a `smaps_rollup`."""
    return next((int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:")), 0)


def _read_parents() -> dict[int, int]:
    parents = {}
    for folder in _PROC.glob("[0-9]*"):
        try:
            told = (folder / "stat").read_text(errors="replace")
        except (FileNotFoundError, ProcessLookupError):
            continue
        parents[int(folder.name)] = int(told.rpartition(")")[2].split()[1])
    return parents
