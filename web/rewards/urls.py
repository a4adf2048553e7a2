"""Addresses of rewards, gift rules and redemptions."""

from django.urls import path

from web.rewards import catalogue, queue, rules

urlpatterns = [
    path("", catalogue.rewards, name="rewards"),
    path("add/", catalogue.add, name="reward-add"),
    path("<int:reward_id>/", catalogue.edit, name="reward-edit"),
    path("rules/", rules.gift_rules, name="gift-rules"),
    path("rules/add/", rules.add, name="gift-rule-add"),
    path("rules/<int:rule_id>/", rules.edit, name="gift-rule-edit"),
    path("rules/<int:rule_id>/remove/", rules.remove, name="gift-rule-remove"),
    path("queue/", queue.redemptions, name="redemptions"),
    path("queue/move/", queue.move, name="redemptions-move"),
]
