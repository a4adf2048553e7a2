"""Changes the pure modules in small ways, one at a time, and tells which changes the tests do not notice.

`python -m mutations` runs every module of `TESTS`, `python -m mutations references/fatigue.py` one. Each is mutated
by mutmut in a copy of the tree, with only the tests named here, and gets a line: mutants, those that were caught
(killed, or ran without an end), and those that were not, whose names and changes follow. Exits 1 while a module is
below `GOAL`. Changes of `strict=` are left out: lists that are equally long, as it asserts, make no difference.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

ROOT = Path(__file__).parents[1]
GOAL = 0.9
"""The share of mutants that has to be caught, by module."""

TESTS: dict[str, tuple[str, ...]] = {
    "references/fatigue.py": ("references/test_fatigue.py",),
    "references/caps.py": ("references/test_caps.py",),
    "references/availability.py": ("references/test_availability.py",),
    "references/pool/conditions.py": (
        "references/pool/test_conditions.py",
        "references/pool/test_conditions_properties.py",
    ),
    "references/pool/compaction.py": ("references/pool/test_compaction_properties.py",),
    "references/pool/selection.py": ("references/pool/test_selection_properties.py",),
    "references/pool/recall.py": ("references/pool/test_recall.py",),
    "matching/eligibility.py": ("matching/test_eligibility_properties.py",),
    "matching/similarity.py": ("matching/test_similarity.py",),
    "matching/ranking.py": ("matching/test_ranking.py",),
    "matching/brief.py": ("matching/test_brief.py", "matching/test_brief_properties.py"),
    "matching/brief_activity.py": ("matching/test_brief_activity.py",),
    "matching/brief_amounts.py": ("matching/test_brief_amounts.py",),
    "matching/brief_dates.py": ("matching/test_brief_dates.py", "matching/test_brief_dates_properties.py"),
    "surveys/scores.py": ("surveys/test_scores.py",),
    "surveys/intervals.py": ("surveys/test_intervals.py",),
    "surveys/posterior.py": ("surveys/test_posterior.py",),
    "advocacy/points_rules.py": ("advocacy/test_points_rules.py",),
}
SOURCES = ("refprogram", "api", "web", "surveys", "matching", "advocacy", "references", "delivery", "users")
NEEDED_TOO = ("templates", "locale", "manage.py")
KILLED, TIMED_OUT = frozenset({1, 3}), frozenset({-24, 24, 36, 152, 255})


@dataclass(frozen=True)
class Outcome:
    """What became of the mutants of one module; `survivors` are those that no test noticed, by name or as a diff."""

    module: str
    killed: int
    timed_out: int
    survivors: tuple[str, ...]
    seconds: float

    @property
    def score(self) -> float:
        """The share that was caught."""
        total = self.killed + self.timed_out + len(self.survivors)
        return (self.killed + self.timed_out) / total if total else 0.0


def main(arguments: Sequence[str]) -> int:
    """Run the modules named, or all, and print what was found."""
    parser = argparse.ArgumentParser(prog="mutations", description=__doc__.partition("\n")[0])
    parser.add_argument("modules", nargs="*", choices=[*TESTS, []], metavar="module", help="such as references/caps.py")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args(arguments)
    print("| module | mutants | killed | no end | survived | caught | seconds |")
    print("| --- | --: | --: | --: | --: | --: | --: |", flush=True)
    scores = [_tell(each, options.processes) for each in options.modules or TESTS]
    return 0 if min(scores) >= GOAL else 1


def _tell(module: str, processes: int) -> float:
    with tempfile.TemporaryDirectory(prefix="mutations-") as folder:
        work = Path(folder)
        _copy_tree(work, module)
        outcome = _run(work, module, processes)
        changes = [change for name in outcome.survivors if not is_about_strictness(change := _change(work, name))]
        outcome = replace(outcome, survivors=tuple(changes))
        total = outcome.killed + outcome.timed_out + len(outcome.survivors)
        print(
            f"| `{module}` | {total} | {outcome.killed} | {outcome.timed_out} | {len(outcome.survivors)} "
            f"| {outcome.score:.1%} | {outcome.seconds:.0f} |",
            flush=True,
        )
        print(*changes, sep="\n", file=sys.stderr, flush=True)
    return outcome.score


def _copy_tree(work: Path, module: str) -> None:
    ignored = shutil.ignore_patterns("__pycache__", "*.pyc")
    for name in (*SOURCES, *NEEDED_TOO, "tests"):
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, work / name, ignore=ignored)
        else:
            shutil.copy2(ROOT / name, work / name)
    settings = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    (work / "pyproject.toml").write_text(settings + _configure(module), encoding="utf-8")


def _configure(module: str) -> str:
    values: dict[str, object] = {
        "source_paths": list(SOURCES),
        "only_mutate": [module],
        "also_copy": list(NEEDED_TOO),
        "pytest_add_cli_args": ["-p", "no:cacheprovider", "-p", "no:xdist"],
        "pytest_add_cli_args_test_selection": [f"tests/{test}" for test in TESTS[module]],
        "use_git_change_detection": False,
    }
    lines = [f"{name} = {json.dumps(value)}" for name, value in values.items()]
    return "\n".join(["", "[tool.mutmut]", *lines, ""])


def _mutmut(work: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"HYPOTHESIS_PROFILE": "mutation", "VAR_DIR": str(work / "var")}
    line = [sys.executable, "-m", "mutmut", *arguments]
    return subprocess.run(line, cwd=work, env=environment, capture_output=True, text=True, check=False)  # noqa: S603


def _run(work: Path, module: str, processes: int) -> Outcome:
    """Mutate one module. RuntimeError where mutmut, or the tests on the unchanged module, fail."""
    started = time.monotonic()
    done = _mutmut(work, "run", "--max-children", str(processes))
    kept = work / "mutants" / f"{module}.meta"
    if done.returncode != 0 or not kept.exists():
        raise RuntimeError(f"mutmut failed on {module}:\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")
    codes: dict[str, int | None] = json.loads(kept.read_text(encoding="utf-8"))["exit_code_by_key"]
    return Outcome(
        module,
        sum(code in KILLED for code in codes.values()),
        sum(code in TIMED_OUT for code in codes.values()),
        _survivors(codes.items()),
        time.monotonic() - started,
    )


def _survivors(codes: Iterable[tuple[str, int | None]]) -> tuple[str, ...]:
    return tuple(sorted(name for name, code in codes if code not in KILLED | TIMED_OUT))


def _change(work: Path, name: str) -> str:
    """The lines a mutant changes, as a diff."""
    shown = _mutmut(work, "show", name).stdout.splitlines()
    changed = [line for line in shown if line[:1] in "+-" and line[:3] not in ("+++", "---")]
    return "\n".join([name.rpartition(".")[2], *(f"    {line}" for line in changed)])


def is_about_strictness(change: str) -> bool:
    """Whether a change, as `_change` tells it, alters nothing but `strict=` at the end of a call."""
    lines = [re.sub(r",\s*(strict=\w+)?\)", ")", line).strip() for line in change.splitlines()[1:]]
    removed, added = ([line[1:].strip() for line in lines if line[:1] == mark] for mark in "-+")
    return bool(removed) and removed == added  # a change that could not be shown counts


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
