"""Customers on pages: the list, and one customer with its people and stories."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from references.blinding import headline, hide_names, may_see_name
from references.enums import ContactStatus, DuplicateKind
from references.models import CaseStudy, Contact, Testimonial
from references.permissions import may_edit_customer, may_log_content
from references.program import current_policy
from references.proof_lines import read_numbers
from references.rights import Use, nameable_customers, usable_case_studies, usable_testimonials
from references.services.merging import find_kept
from references.text import fold_name
from web.access import viewer
from web.paging import make_pages
from web.querying import read_number, write_query

PAGE_SIZE = 25


@require_safe
@login_required
def customers(request: HttpRequest) -> HttpResponse:
    """List the customers the viewer may see by name, with how many promoters each has."""
    text = request.GET.get("q", "").strip()[:200]
    rows = nameable_customers(viewer(request), current_policy())
    if text:
        rows = rows.filter(Q(folded_name__contains=fold_name(text)) | Q(domain__icontains=text))
    is_promoter = Q(contacts__status=ContactStatus.ACTIVE, contacts__has_opted_out=False)
    rows = rows.annotate(promoters=Count("contacts", filter=is_promoter, distinct=True)).select_related("account_owner")
    rows = rows.order_by("folded_name", "pk")
    number = read_number(request.GET, "page", default=1, most=1_000_000)
    page = Paginator(rows, PAGE_SIZE).get_page(number)

    def url_of(other: int) -> str:
        return reverse("web:customers") + write_query({"q": text, "page": str(other)})

    pages = make_pages(page.number, page.paginator.count, PAGE_SIZE, url_of)
    return render(request, "web/pool/customers.html", {"page": page, "pages": pages, "text": text})


@require_safe
@login_required
def customer(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Show one customer: facts, tags, people as far as the viewer sees them, stories that may be used."""
    user = viewer(request)
    kept = find_kept(DuplicateKind.CUSTOMER, customer_id)
    if kept is not None:
        return redirect("web:customer", kept)
    shown = get_object_or_404(
        nameable_customers(user, current_policy()).select_related("account_owner"), pk=customer_id
    )
    studies: QuerySet[CaseStudy] = CaseStudy.objects.filter(customer=shown)
    quotes: QuerySet[Testimonial] = Testimonial.objects.filter(customer=shown)
    if not may_log_content(user, shown):
        use = Use(on=timezone.localdate())
        # What may carry no name is not told beside the customer's.
        is_named = Q(may_be_named=True)
        studies = usable_case_studies(studies, use).filter(is_named)
        quotes = usable_testimonials(quotes, use).filter(is_named)
    sees_people = may_see_name(user, shown.account_owner_id)
    contacts = list(Contact.objects.visible_to(user).filter(customer=shown))
    hidden = [] if sees_people else list(Contact.objects.filter(customer=shown).values_list("name", flat=True))
    context = {
        "customer": shown,
        "tags": shown.customer_tags.select_related("tag").order_by("tag__facet", "tag__name"),
        "people": [(row, "" if sees_people else _describe(row)) for row in contacts],
        "proof_points": read_numbers(user, shown, on=timezone.localdate(), names_customer=True, hidden=hidden),
        "studies": [(row.pk, hide_names(row.title, hidden)) for row in studies],
        "quotes": [(row.pk, hide_names(row.text, hidden)) for row in quotes],
        "sees_people": sees_people,
        "may_edit": may_edit_customer(user, shown),
        "may_log_content": may_log_content(user, shown),
    }
    return render(request, "web/pool/customer.html", context)


def _describe(contact: Contact) -> str:
    """A person for those who may not see the name."""
    return headline(title=contact.title, seniority=contact.seniority, hidden=[contact.name]) or _("Someone")
