"""The peer: a Django site without middleware over the same tables; its views do nothing, or a query and a template.

`application` is for the web server that the site itself is served by.
"""

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from refprogram.settings import DATABASES

ROWS = 25
_PAGE = """<!doctype html><title>People</title><h1>People</h1>
<table>{% for person in people %}<tr>
<td>{{ person.id }}<td>{{ person.name }}<td>{{ person.title }}<td>{{ person.status }}
{% endfor %}</table>"""
_QUERY = "SELECT id, name, title, status FROM references_contact WHERE id >= %s ORDER BY id LIMIT %s"


def say_ok(request: HttpRequest) -> HttpResponse:
    """Do nothing."""
    return HttpResponse("ok")


def list_people(request: HttpRequest) -> HttpResponse:
    """Ask one query by the primary key, and render its rows."""
    with connection.cursor() as cursor:
        cursor.execute(_QUERY, [request.GET["from"], ROWS])
        names = ("id", "name", "title", "status")
        people = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return HttpResponse(_template.render({"people": people}))


urlpatterns = [path("ok/", say_ok), path("people/", list_people)]

settings.configure(
    ALLOWED_HOSTS=["127.0.0.1"],
    DATABASES={"default": DATABASES["default"]},
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    MIDDLEWARE=[],
    ROOT_URLCONF=__name__,
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
    USE_TZ=True,
)
application = get_wsgi_application()
_template = engines["django"].from_string(_PAGE)
