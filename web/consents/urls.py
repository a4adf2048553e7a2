"""Addresses of consents."""

from django.urls import path

from web.consents import asking, listing, page, writing

urlpatterns = [
    path("consents/", listing.consents, name="consents"),
    path("consents/asks/", listing.asks, name="consent-asks"),
    path("consents/asks/<int:ask_id>/take-back/", asking.ask_take_back, name="consent-ask-take-back"),
    path("consents/<int:consent_id>/", page.consent, name="consent"),
    path("consents/<int:consent_id>/supersede/", writing.consent_supersede, name="consent-supersede"),
    path("consents/<int:consent_id>/revoke/", writing.consent_revoke, name="consent-revoke"),
    path("consents/<int:consent_id>/renew/", asking.consent_renew, name="consent-renew"),
    path("pool/<int:contact_id>/consent/", writing.consent_add, name="consent-add"),
    path("pool/<int:contact_id>/ask-consent/", asking.consent_ask, name="consent-ask"),
]
