"""A SQLite file with the whole schema, migrated once and copied by every run with the same migrations."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import django
from django.apps import apps

ROOT = Path(__file__).resolve().parents[1]


def copy_schema(to: Path, *, folder: Path) -> None:
    """Write a migrated file without rows to `to`; it is kept in `folder`, and made anew when a migration changes."""
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / f"{_name_migrations()}.sqlite3"
    with (folder / "lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # closing the file gives it up
        if not kept.exists():
            for old in folder.glob("*.sqlite3"):
                old.unlink()
            _migrate(kept)
        shutil.copyfile(kept, to)


def _name_migrations() -> str:
    """A name that changes with the text of any migration of any app, and with Django."""
    digest = hashlib.sha256(django.__version__.encode())
    for app in sorted(apps.get_app_configs(), key=lambda each: each.label):
        for path in sorted(Path(app.path, "migrations").glob("*.py")):
            digest.update(f"\0{app.label} {path.name}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _migrate(target: Path) -> None:
    """Migrate a new file in a process of its own, and put it in place when it is whole."""
    with tempfile.TemporaryDirectory(dir=target.parent) as own:
        made = Path(own, "made.sqlite3")
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "DJANGO"))},
            "VAR_DIR": own,
            "DATABASE_URL": f"sqlite:///{made}",
        }
        subprocess.run(
            [sys.executable, "manage.py", "migrate", "--verbosity", "0"], cwd=ROOT, env=environment, check=True
        )
        made.replace(target)
