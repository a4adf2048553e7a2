"""The command box: letters lead to promoters, customers, requests and stories, as far as the viewer may see them."""

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from matching.models import Request
from references.models import CaseStudy, Customer
from references.pieces import load_shown, show_to
from references.pool.search import search_pool
from references.program import current_policy
from references.rights import Use, usable_case_studies
from references.text import fold_name
from users.models import User
from web.access import viewer
from web.parts import vary_by_part, wants_part
from web.templatetags.pages import who

MOST = 5


@dataclass(frozen=True, slots=True)
class JumpItem:
    """One place to go."""

    name: str
    hint: str
    url: str


@dataclass(frozen=True, slots=True)
class JumpGroup:
    """Places of one kind."""

    label: str
    items: list[JumpItem]


@require_safe
@login_required
def jump(request: HttpRequest) -> HttpResponse:
    """List what the letters in `q` may mean: the list alone for htmx, a page of its own without it."""
    text = request.GET.get("q", "").strip()[:200]
    found = _look_up(viewer(request), text) if len(text) > 1 else []
    context = {"text": text, "groups": [group for group in found if group.items]}
    page = render(request, "web/jump/list.html" if wants_part(request) else "web/jump/page.html", context)
    return vary_by_part(page)


def _look_up(user: User, text: str) -> list[JumpGroup]:
    people = search_pool(user=user, text=text, sort="relevance", page=1, page_size=MOST).cards
    customers = Customer.objects.visible_to(user).filter(folded_name__contains=fold_name(text))[:MOST]
    named = Q(deal__icontains=text) | Q(deal_id__icontains=text)
    requests = Request.objects.visible_to(user).filter(named).select_related("owner").order_by("-pk")
    return [
        JumpGroup(
            _("Promoters"),
            [
                JumpItem(
                    who(card),
                    card.customer_name or (card.headline if card.promoter_name else ""),
                    reverse("web:profile", args=[card.contact_id]),
                )
                for card in people
            ],
        ),
        JumpGroup(
            _("Customers"),
            [JumpItem(each.name, each.domain, reverse("web:customer", args=[each.pk])) for each in customers],
        ),
        JumpGroup(
            _("Requests"),
            [
                JumpItem(
                    each.deal,
                    f"{each.get_status_display()} · {each.owner}",
                    reverse("web:request", args=[each.pk]),
                )
                for each in requests[:MOST]
            ],
        ),
        JumpGroup(
            _("Stories"),
            [JumpItem(title, "", reverse("web:story", args=["case_study", pk])) for pk, title in _stories(user, text)],
        ),
    ]


def _stories(user: User, text: str) -> list[tuple[int, str]]:
    """Stories by title, as the viewer may read it: a name that must not show finds nothing either."""
    titled = CaseStudy.objects.filter(title__icontains=text)
    if user.is_manager:
        return [(each.pk, each.title) for each in titled[:MOST]]
    policy = current_policy()
    usable = load_shown(usable_case_studies(titled, Use(on=timezone.localdate())))[:MOST]
    shown = [(each.pk, show_to(user, policy, each).title) for each in usable]
    return [(pk, title) for pk, title in shown if text.casefold() in title.casefold()]
