"""`python -m benchmarks`: sets up Django over a database in a temporary folder, then runs the command."""

import os
from importlib import import_module
from tempfile import TemporaryDirectory

import django

with TemporaryDirectory(prefix="refprogram-bench-") as folder:
    os.environ["BENCHMARK_POSTGRES"] = os.environ.get("DATABASE_URL", "postgres://postgres@127.0.0.1:5432/postgres")
    os.environ |= {"VAR_DIR": folder, "DATABASE_URL": f"sqlite:///{folder}/pool.sqlite3", "LOG_LEVEL": "ERROR"}
    os.environ |= {"DJANGO_SETTINGS_MODULE": "refprogram.settings", "HTTPS_ONLY": "0", "API_RATE": "100000/minute"}
    django.setup()
    import_module("benchmarks.command").main()  # imports models, so only now
