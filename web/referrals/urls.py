"""Addresses of referrals."""

from django.urls import path

from web.referrals import flags, listing, page, writing

urlpatterns = [
    path("", listing.referrals, name="referrals"),
    path("chains/", listing.chains, name="referral-chains"),
    path("values/", listing.values, name="referral-values"),
    path("flags/", flags.flags, name="fraud-flags"),
    path("flags/<int:flag_id>/decide/", flags.decide, name="fraud-flag-decide"),
    path("by/<int:contact_id>/add/", writing.referral_add, name="referral-add"),
    path("by/<int:contact_id>/link/", writing.personal, name="referral-link"),
    path("<int:referral_id>/", page.referral, name="referral"),
    path("<int:referral_id>/move/", page.move, name="referral-move"),
    path("<int:referral_id>/settle/", page.settle, name="referral-settle"),
    path("<int:referral_id>/owner/", page.owner, name="referral-owner"),
    path("<int:referral_id>/lead/", page.lead, name="referral-contact"),
    path("<int:referral_id>/forget/", page.forget, name="referral-forget"),
]
