"""Addresses of hand-outs for whoever holds their links."""

from django.urls import path

from web.handouts import public

urlpatterns = [
    path("<str:token>/", public.shared, name="shared-handout"),
    path("<str:token>/handout.pdf", public.shared_pdf, name="shared-handout-pdf"),
]
