"""Addresses of points, levels, badges and leaderboards."""

from django.urls import path

from web.points import accounts, badges, boards, levels, person, worth

urlpatterns = [
    path("", accounts.points, name="points"),
    path("leaderboard/", boards.leaderboard, name="points-leaderboard"),
    path("worth/", worth.worth, name="points-worth"),
    path("shares/", worth.shares, name="points-shares"),
    path("levels/", levels.levels, name="levels"),
    path("levels/add/", levels.add, name="level-add"),
    path("levels/<int:level_id>/", levels.edit, name="level-edit"),
    path("levels/<int:level_id>/remove/", levels.remove, name="level-remove"),
    path("badges/", badges.badges, name="badges"),
    path("badges/add/", badges.add, name="badge-add"),
    path("badges/<int:badge_id>/", badges.edit, name="badge-edit"),
    path("person/<int:contact_id>/", person.ledger, name="points-person"),
    path("person/<int:contact_id>/adjust/", person.adjust, name="points-adjust"),
    path("person/<int:contact_id>/redeem/", person.redeem, name="points-redeem"),
]
