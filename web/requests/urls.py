"""Addresses of requests, of what is done with their matches, and of the queue."""

from django.urls import path

from web.requests import acts, choosing, listing, match_acts, page, papers, queue, writing

urlpatterns = [
    path("", listing.requests, name="requests"),
    path("new/", writing.request_new, name="request-new"),
    path("queue/", queue.request_queue, name="request-queue"),
    path("queue/decide/", queue.queue_decide, name="queue-decide"),
    path("<int:request_id>/", page.request_page, name="request"),
    path("<int:request_id>/edit/", writing.request_edit, name="request-edit"),
    path("<int:request_id>/copy/", writing.request_copy, name="request-copy"),
    path("<int:request_id>/submit/", writing.request_submit, name="request-submit"),
    path("<int:request_id>/cancel/", acts.request_cancel, name="request-cancel"),
    path("<int:request_id>/reopen/", acts.request_reopen, name="request-reopen"),
    path("<int:request_id>/comment/", acts.request_comment, name="request-comment"),
    path("<int:request_id>/watch/", acts.request_watch, name="request-watch"),
    path("<int:request_id>/outcome/", acts.request_outcome, name="request-outcome"),
    path("<int:request_id>/meanwhile/", acts.request_meanwhile, name="request-meanwhile"),
    path("<int:request_id>/propose/", choosing.request_propose, name="request-propose"),
    path("<int:request_id>/matches/<int:match_id>/preparation/", papers.match_preparation, name="match-preparation"),
    path("<int:request_id>/matches/<int:match_id>/calendar.ics", papers.match_calendar, name="match-calendar"),
    path("matches/<int:match_id>/approve/", match_acts.match_approve, name="match-approve"),
    path("matches/<int:match_id>/reject/", match_acts.match_reject, name="match-reject"),
    path("matches/<int:match_id>/swap/", choosing.match_swap, name="match-swap"),
    path("matches/<int:match_id>/accept/", match_acts.match_accept, name="match-accept"),
    path("matches/<int:match_id>/decline/", match_acts.match_decline, name="match-decline"),
    path("matches/<int:match_id>/take-back/", match_acts.match_take_back, name="match-take-back"),
    path("matches/<int:match_id>/schedule/", match_acts.match_schedule, name="match-schedule"),
    path("matches/<int:match_id>/how/", match_acts.match_how, name="match-how"),
    path("matches/<int:match_id>/contact/", match_acts.match_contact, name="match-contact"),
]
