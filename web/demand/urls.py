"""Addresses of unmet demand."""

from django.urls import path

from web.demand import acts, listing, task

urlpatterns = [
    path("", listing.demands, name="unmet-demands"),
    path("segments/", listing.segments, name="unmet-segments"),
    path("<int:demand_id>/", task.demand, name="unmet-demand"),
    path("<int:demand_id>/end/", acts.demand_end, name="unmet-demand-end"),
    path("<int:demand_id>/assign/", acts.demand_assign, name="unmet-demand-assign"),
    path("<int:demand_id>/retry/", acts.demand_retry, name="unmet-demand-retry"),
    path("<int:demand_id>/mail/", acts.demand_mail, name="unmet-demand-mail"),
]
