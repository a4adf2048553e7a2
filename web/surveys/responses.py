"""The list of answers, as far as the viewer may read them, and topics put on many of them at once."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from references.enums import Facet
from references.errors import DomainError
from references.models import Tag
from references.program import current_policy
from surveys.enums import AnswerChannel
from surveys.filters import BETWEEN, CLASSES, ResponseFilter
from surveys.models import Campaign, Response, Topic
from surveys.querysets import runs_surveys
from surveys.segments import list_attributes
from surveys.services.topics import find_topic, tag_responses
from web.access import viewer
from web.listing import list_rows
from web.surveys.access import runners_only
from web.surveys.telling import tell_responses

MOST_CAMPAIGNS = 200


@require_safe
@login_required
def responses(request: HttpRequest) -> HttpResponse:
    """List answers, the latest first."""
    user = viewer(request)
    seen = Response.objects.visible_to(user)
    rows = seen.select_related("contact__customer", "campaign", "product", "interviewer")
    rows = rows.prefetch_related("topics", "amendments")
    listing = list_rows(request, ResponseFilter, rows, reverse("web:survey-responses"))
    context: dict[str, Any] = {
        "listing": listing,
        "told": tell_responses(user, listing.page, current_policy()),
        "campaigns": Campaign.objects.visible_to(user).order_by("-pk").values_list("pk", "name")[:MOST_CAMPAIGNS],
        "products": Tag.objects.filter(facet=Facet.PRODUCT, pk__in=seen.order_by().values("product")).order_by("name"),
        "classes": CLASSES,
        "scores": [str(score) for score in range(11)],
        "channels": AnswerChannel.choices,
        "topics": Topic.objects.all(),
        "segments": [f"{name}{BETWEEN}" for name in list_attributes(seen.order_by("-pk"))],
        "columns": {name: listing.url_sorting(name) for name in ("answered_on", "score")},
        "is_narrowed": bool(listing.query.keys() - {"ordering"}),
        "may_run": runs_surveys(user),
        "back": request.GET.urlencode(),
    }
    return render(request, "web/surveys/responses.html", context)


@require_POST
@runners_only
def responses_topic(request: HttpRequest) -> HttpResponse:
    """Put the ticked answers under a topic, or take them off it."""
    ids = [int(each) for each in request.POST.getlist("ids") if each.isascii() and each.isdecimal() and len(each) < 16]
    takes_off = request.POST.get("act") == "off"
    try:
        topic = find_topic(request.POST.get("topic", ""))
        count = tag_responses(ids=ids, topic=topic, by=viewer(request), takes_off=takes_off)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        told = ngettext("%(n)s answer: %(topic)s", "%(n)s answers: %(topic)s", count)
        done = _("taken off") if takes_off else _("put under it")
        messages.success(request, f"{told % {'n': count, 'topic': topic.name}} ({done})")
    back = request.POST.get("back", "")
    return redirect(reverse("web:survey-responses") + (f"?{back}" if back else ""))
