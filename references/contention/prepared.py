"""Sets up Django and imports what a salesperson needs: once, in the server that forks a contest's processes."""

from importlib import import_module

import django

django.setup()
sell = import_module("references.contention.salesperson").sell  # imports models, so only now
