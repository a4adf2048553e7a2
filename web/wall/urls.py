"""Addresses of the public wall and its embeds, and of the pages that keep them."""

from django.urls import path

from web.wall import contact, counting, embed, embeds, leads, numbers, public

urlpatterns = [
    path("wall/", public.wall, name="wall"),
    path("wall/count/", counting.count, name="wall-count"),
    path("wall/contact/", contact.contact, name="wall-contact"),
    path("wall/contact/thanks/", contact.thanks, name="wall-thanks"),
    path("wall/picture/<uuid:file_id>/", public.picture, name="wall-picture"),
    path("wall/<slug:noun>/<int:piece_id>/", public.piece, name="wall-piece"),
    path("embed.js", embed.script, name="embed-script"),
    path("embed/<uuid:embed_id>/", embed.embed, name="embed"),
    path("setup/wall/", embeds.embeds, name="embeds"),
    path("setup/wall/add/", embeds.edit, name="embed-add"),
    path("setup/wall/numbers/", numbers.numbers, name="wall-numbers"),
    path("setup/wall/leads/", leads.leads, name="leads"),
    path("setup/wall/leads/csv/", leads.leads_csv, name="leads-csv"),
    path("setup/wall/leads/<int:lead_id>/hand-over/", leads.lead_hand_over, name="lead-hand-over"),
    path("setup/wall/leads/<int:lead_id>/delete/", leads.lead_delete, name="lead-delete"),
    path("setup/wall/<uuid:embed_id>/", embeds.show, name="embed-page"),
    path("setup/wall/<uuid:embed_id>/edit/", embeds.edit, name="embed-edit"),
    path("setup/wall/<uuid:embed_id>/end/", embeds.end, name="embed-end"),
]
