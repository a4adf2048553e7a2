"""Serves RefProgram over ASGI."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "refprogram.settings")

application = get_asgi_application()
