"""Addresses of asks."""

from django.urls import path

from web.asks import campaigns, ladder, suggestions, tracking, writing

urlpatterns = [
    path("", ladder.asks, name="asks"),
    path("starter/", writing.load, name="advocacy-starter"),
    path("add/", writing.add, name="ask-add"),
    path("<int:offer_id>/edit/", writing.edit, name="ask-edit"),
    path("sites/", writing.sites, name="review-sites"),
    path("sites/add/", writing.site_add, name="review-site-add"),
    path("sites/<int:site_id>/edit/", writing.site_edit, name="review-site-edit"),
    path("suggestions/", suggestions.suggestions, name="ask-suggestions"),
    path("suggestions/put/", suggestions.put, name="ask-put"),
    path("people/<int:contact_id>/", suggestions.person, name="ask-person"),
    path("campaigns/", campaigns.campaigns, name="ask-campaigns"),
    path("campaigns/add/", campaigns.add, name="ask-campaign-add"),
    path("campaigns/<int:ask_campaign_id>/", campaigns.campaign, name="ask-campaign"),
    path("campaigns/<int:ask_campaign_id>/edit/", campaigns.edit, name="ask-campaign-edit"),
    path("campaigns/<int:ask_campaign_id>/start/", campaigns.start, name="ask-campaign-start"),
    path("campaigns/<int:ask_campaign_id>/close/", campaigns.close, name="ask-campaign-close"),
    path("assignments/", tracking.assignments, name="assignments"),
    path("assignments/move/", tracking.move_many, name="assignments-move"),
    path("assignments/<int:assignment_id>/", tracking.assignment, name="assignment"),
    path("assignments/<int:assignment_id>/move/", tracking.move, name="assignment-move"),
]
