"""One story or testimonial on a page, for those who may log content, and for everyone while its rights hold."""

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from references.blinding import hide_names, may_see_customer_name, may_see_name
from references.models import CaseStudy, Testimonial
from references.permissions import may_log_content
from references.program import current_policy
from references.rights import Right, Use, rights_of, usable_case_studies, usable_testimonials, usable_until
from references.wording import noun_of
from users.models import User
from web.access import viewer

PARTS = ("title", "challenge", "solution_text", "results", "text", "said_by", "said_by_title")


@dataclass(frozen=True, slots=True)
class FoundStory:
    """A story or testimonial with the rights that hold today, none where it may not be used."""

    row: CaseStudy | Testimonial
    rights: tuple[Right, ...]
    may_be_named: bool

    @property
    def is_usable(self) -> bool:
        return bool(self.rights)


@require_safe
@login_required
def story(request: HttpRequest, kind: str, story_id: int) -> HttpResponse:
    """Show a story with its rights; names are withheld from those who may not see them, 404 where nothing may."""
    user, found = viewer(request), find_story(kind, story_id)
    if found is None or not (found.is_usable or may_log_content(user, found.row.customer)):
        raise Http404
    hidden = _hidden_names(user, found)
    context = {
        "kind": kind,
        "story": found.row,
        "parts": {name: hide_names(getattr(found.row, name, ""), hidden) for name in PARTS},
        "is_blinded": bool(hidden),
        "is_anonymous": found.is_usable and not found.may_be_named,
        "rights": found.rights,
        "until": usable_until(found.rights),
        "is_usable": found.is_usable,
        "may_edit": may_edit_story(user, found),
        "noun": noun_of(found.row),
        "may_keep": may_log_content(user, found.row.customer),
    }
    return render(request, "web/pool/story.html", context)


def find_story(kind: str, pk: int) -> FoundStory | None:
    """A case study (kind "case_study") or a testimonial (any other kind) with its rights of today."""
    use = Use(on=timezone.localdate())
    row: CaseStudy | Testimonial | None
    if kind == "case_study":
        studies = CaseStudy.objects.filter(pk=pk).select_related("customer", "contact")
        row = usable_case_studies(studies, use).first()
        rest: CaseStudy | Testimonial | None = None if row else studies.first()
    else:
        quotes = Testimonial.objects.filter(pk=pk).select_related("customer", "contact")
        row = usable_testimonials(quotes, use).first()
        rest = None if row else quotes.first()
    if row is None:
        return None if rest is None else FoundStory(rest, (), False)
    activity = "case_study" if isinstance(row, CaseStudy) else row.kind
    return FoundStory(row, rights_of(row, activity), bool(row.may_be_named))  # type: ignore[union-attr]


def may_edit_story(user: User, found: FoundStory) -> bool:
    """Whoever may log content of the customer and see the person's name, which the form shows."""
    owner = found.row.customer.account_owner_id
    return may_log_content(user, found.row.customer) and may_see_name(user, owner, is_attributed=found.may_be_named)


def _hidden_names(user: User, found: FoundStory) -> list[str]:
    """What must not show: names, unless the viewer may see them or rights let everyone use them."""
    row = found.row
    if may_see_name(user, row.customer.account_owner_id):
        return []
    sees_customer = may_see_customer_name(user, row.customer, current_policy())
    if found.may_be_named and sees_customer:
        return []
    names = [row.contact.name if row.contact else "", getattr(row, "said_by", "")]
    if found.is_usable or not sees_customer:
        names += [row.customer.name, row.customer.domain]
    return [name for name in names if name]
