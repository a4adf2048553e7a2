"""One story or testimonial on a page, for those who may log content, and for everyone while its rights hold."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from references.blinding import hide_names, may_see_customer_name
from references.models import CaseStudy, Testimonial
from references.permissions import may_log_content
from references.program import current_policy
from references.rights import Use, rights_of, usable_case_studies, usable_testimonials, usable_until
from users.models import User
from web.access import viewer

PARTS = ("title", "challenge", "solution_text", "results", "text", "said_by", "said_by_title")


@require_safe
@login_required
def story(request: HttpRequest, kind: str, story_id: int) -> HttpResponse:
    """Show a story with its rights; names are withheld where they may not be used, 404 where nothing may."""
    user, use = viewer(request), Use(on=timezone.localdate())
    row = _find(kind, story_id, use)
    is_usable = row is not None
    row = row or _find(kind, story_id)
    if row is None or not (is_usable or may_log_content(user, row.customer)):
        raise Http404
    activity = "case_study" if isinstance(row, CaseStudy) else row.kind
    rights = rights_of(row, activity) if is_usable else ()
    shown = _blind(user, row) if is_usable else {}
    context = {
        "kind": kind,
        "story": row,
        "parts": {name: shown.get(name, getattr(row, name, "")) for name in PARTS},
        "is_named": not shown,
        "rights": rights,
        "until": usable_until(rights),
        "is_usable": is_usable,
        "may_edit": may_log_content(user, row.customer),
    }
    return render(request, "web/pool/story.html", context)


def _find(kind: str, pk: int, use: Use | None = None) -> CaseStudy | Testimonial | None:
    """The row, with `use` only while it may be used, its rights loaded."""
    if kind == "case_study":
        studies = CaseStudy.objects.filter(pk=pk).select_related("customer", "contact")
        return (usable_case_studies(studies, use) if use else studies).first()
    quotes = Testimonial.objects.filter(pk=pk).select_related("customer", "contact")
    return (usable_testimonials(quotes, use) if use else quotes).first()


def _blind(user: User, row: CaseStudy | Testimonial) -> dict[str, str]:
    """The parts without names, for a viewer who may not see them or rights that allow none; {} where they may show."""
    may_be_named: bool = row.may_be_named  # type: ignore[union-attr]
    sees_customer = may_see_customer_name(user, row.customer, current_policy())
    if may_log_content(user, row.customer) or (may_be_named and sees_customer):
        return {}
    person = row.contact.name if row.contact else getattr(row, "said_by", "")
    hidden = [name for name in (row.customer.name, row.customer.domain, person) if name]
    parts = {name: hide_names(getattr(row, name, ""), hidden) for name in PARTS}
    return {**parts, "said_by": ""}
