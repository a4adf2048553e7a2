"""Addresses of the pages."""

from django.urls import URLPattern, URLResolver, include, path

app_name = "web"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("web.account.urls")),
    path("", include("web.find.urls")),
    path("", include("web.jump.urls")),
    path("", include("web.pool.urls")),
    path("", include("web.consents.urls")),
    path("files/", include("web.files.urls")),
    path("content/", include("web.library.urls")),
    path("nominations/", include("web.nominations.urls")),
    path("home/", include("web.home.urls")),
    path("requests/", include("web.requests.urls")),
    path("slots/", include("web.slots.urls")),
    path("calendar/", include("web.calendar.urls")),
    path("demand/", include("web.demand.urls")),
    path("stories/", include("web.stories.urls")),
    path("speakers/", include("web.speakers.urls")),
    path("basket/", include("web.basket.urls")),
    path("handouts/", include("web.handouts.urls")),
    path("searches/", include("web.searches.urls")),
    path("h/", include("web.handouts.shared_urls")),
    path("exports/", include("web.exports.urls")),
    path("surveys/", include("web.surveys.urls")),
    path("", include("web.surveys.widget_urls")),
    path("nps/", include("web.nps.urls")),
    path("recovery/", include("web.recovery.urls")),
    path("asks/", include("web.asks.urls")),
    path("referrals/", include("web.referrals.urls")),
    path("r/", include("web.referrals.public_urls")),
    path("segments/", include("web.segments.urls")),
    path("moments/", include("web.moments.urls")),
    path("p/", include("web.portal.urls")),
    path("", include("web.wall.urls")),
    path("setup/", include("web.setup.urls")),
]
