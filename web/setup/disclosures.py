"""Who saw whose contact data, when and why: the record of looks, for managers."""

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from references.models import Contact, Disclosure
from references.record_filters import DisclosureFilter
from users.models import User
from web.access import managers_only, viewer
from web.listing import list_rows


@require_safe
@managers_only
def disclosures(request: HttpRequest) -> HttpResponse:
    """List looks at contact data, newest first, by person, user and days."""
    rows: QuerySet[Disclosure] = Disclosure.objects.visible_to(viewer(request))
    rows = rows.select_related("user", "contact__customer")
    listing = list_rows(request, DisclosureFilter, rows, reverse("web:disclosures"), ordering="-at")
    contact = listing.value("contact")
    context = {
        "listing": listing,
        "lookers": User.objects.filter(pk__in=Disclosure.objects.order_by().values("user")),
        "person": Contact.objects.filter(pk=contact).first() if contact.isdecimal() else None,
        "without_person": listing.url(contact=""),
        "sorted_by_time": listing.url_sorting("at"),
        "sorted_by_user": listing.url_sorting("user"),
        "is_narrowed": bool(listing.query.keys() - {"ordering"}),
    }
    return render(request, "web/setup/disclosures.html", context)
