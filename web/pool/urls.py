"""Addresses of the pool's pages."""

from django.urls import path

from web.pool import customers, log, outside, privacy, stories, views

urlpatterns = [
    path("pool/", views.pool, name="pool"),
    path("pool/<int:contact_id>/", views.profile, name="profile"),
    path("pool/<int:contact_id>/contact-data/", views.disclose, name="disclose"),
    path("pool/<int:contact_id>/edit/", log.contact_edit, name="contact-edit"),
    path("pool/<int:contact_id>/status/", log.contact_status, name="contact-status"),
    path("pool/<int:contact_id>/log/", log.engagement_add, name="engagement-add"),
    path("pool/<int:contact_id>/export/", privacy.contact_export, name="contact-export"),
    path("pool/<int:contact_id>/erase/", privacy.contact_erase, name="contact-erase"),
    path("pool/<int:contact_id>/outside/", outside.outside_use, name="outside-use"),
    path("ledger/<int:engagement_id>/withdraw/", outside.touch_withdraw, name="touch-withdraw"),
    path("customers/", customers.customers, name="customers"),
    path("customers/add/", log.customer_edit, name="customer-add"),
    path("customers/<int:customer_id>/", customers.customer, name="customer"),
    path("customers/<int:customer_id>/edit/", log.customer_edit, name="customer-edit"),
    path("customers/<int:customer_id>/people/add/", log.contact_add, name="contact-add"),
    path("customers/<int:customer_id>/stories/add/", log.edit_case_study, name="case-study-add"),
    path("customers/<int:customer_id>/stories/<int:story_id>/", log.edit_case_study, name="case-study-edit"),
    path("customers/<int:customer_id>/quotes/add/", log.edit_testimonial, name="testimonial-add"),
    path("customers/<int:customer_id>/quotes/<int:story_id>/", log.edit_testimonial, name="testimonial-edit"),
    path("stories/<str:kind>/<int:story_id>/", stories.story, name="story"),
]
