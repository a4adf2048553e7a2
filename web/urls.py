"""Addresses of the pages."""

from django.urls import URLPattern, URLResolver, include, path

app_name = "web"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("web.account.urls")),
    path("", include("web.find.urls")),
    path("", include("web.jump.urls")),
    path("", include("web.pool.urls")),
    path("files/", include("web.files.urls")),
    path("nominations/", include("web.nominations.urls")),
    path("home/", include("web.home.urls")),
    path("requests/", include("web.requests.urls")),
    path("demand/", include("web.demand.urls")),
    path("p/", include("web.portal.urls")),
    path("", include("web.wall.urls")),
    path("setup/", include("web.setup.urls")),
]
