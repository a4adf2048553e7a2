"""Addresses of likely duplicates."""

from django.urls import path

from web.duplicates import listing, merging

urlpatterns = [
    path("", listing.duplicates, name="duplicates"),
    path("search/", listing.search, name="duplicates-search"),
    path("merges/", listing.merges, name="merges"),
    path("merges/<int:merge_id>/undo/", merging.undo, name="merge-undo"),
    path("<int:pair_id>/", merging.pair, name="duplicate"),
    path("<int:pair_id>/decide/", merging.decide, name="duplicate-decide"),
]
