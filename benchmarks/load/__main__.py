"""`python -m benchmarks.load`: sets up Django over a database of its own, then runs the command."""

import os
import sys
from importlib import import_module
from tempfile import TemporaryDirectory

import django

from benchmarks.load.options import choose_server, read_options
from benchmarks.temporary import new_database

if __name__ == "__main__":
    options = read_options()
    with (
        TemporaryDirectory(prefix="refprogram-load-", ignore_cleanup_errors=True) as folder,
        new_database(choose_server(), folder) as url,
    ):
        os.environ |= {"VAR_DIR": folder, "DATABASE_URL": url, "HTTPS_ONLY": "0"}
        os.environ |= {"DJANGO_SETTINGS_MODULE": "refprogram.settings"}
        django.setup()
        code: int = import_module("benchmarks.load.command").main(options)  # imports models, so only now
    sys.exit(code)
