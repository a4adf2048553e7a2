"""Addresses of recovery plays."""

from django.urls import path

from web.recovery import board, opening, play, templates

urlpatterns = [
    path("", board.recovery, name="recovery"),
    path("open/<int:contact_id>/", opening.recovery_open, name="recovery-open"),
    path("templates/", templates.recovery_templates, name="recovery-templates"),
    path("templates/new/", templates.recovery_template, name="recovery-template-add"),
    path("templates/starters/", templates.recovery_starters, name="recovery-starters"),
    path("templates/<int:template_id>/", templates.recovery_template, name="recovery-template"),
    path("<int:play_id>/", play.recovery_play, name="recovery-play"),
    path("<int:play_id>/change/", play.recovery_change, name="recovery-change"),
    path("<int:play_id>/comment/", play.recovery_comment, name="recovery-comment"),
    path("<int:play_id>/move/", play.recovery_move, name="recovery-move"),
    path("<int:play_id>/steps/<int:step_id>/", play.recovery_step, name="recovery-step"),
]
