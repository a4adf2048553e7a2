"""Serves RefProgram over WSGI."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "refprogram.settings")

application = get_wsgi_application()

from matching.warming import warm_up_in_background  # noqa: E402 - models can be imported only now

warm_up_in_background()
