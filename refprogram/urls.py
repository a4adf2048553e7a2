"""All addresses: pages at the root, the API under /api/, Django's admin under /admin/."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView
from health_check.views import HealthCheckView

_DATABASES = [("health_check.checks.Database", {"alias": alias}) for alias in ("default", "pool")]

urlpatterns: list[URLPattern | URLResolver] = [
    path("health/", HealthCheckView.as_view(checks=_DATABASES), name="health"),
    path("health/worker/", HealthCheckView.as_view(checks=["delivery.health.OutboxMoves"]), name="health-worker"),
    path("admin/", admin.site.urls),
    path("api/", include("api.urls")),
    path("setup/slots/", RedirectView.as_view(url="/slots/", query_string=True)),  # where it was before
    path("setup/slots/<path:rest>", RedirectView.as_view(url="/slots/%(rest)s", query_string=True)),
    path("", include("web.urls")),
]
