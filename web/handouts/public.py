"""A hand-out for whoever holds its link: no log-in, nothing cached, indexed or passed on, and no cookie.

What it shows is read under the rights of the moment; what has gone leaves no trace.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from delivery.links import LinkError, absolute_url
from references.handouts import Picked, find_shared, read_handout, read_shares
from references.models import Handout
from references.services.sharing import count_view
from web.handouts.pdf import Sheet, draw_sheet
from web.portal.gate import behind_link


@behind_link
@require_safe
def shared(request: HttpRequest, token: str) -> HttpResponse:
    """The hand-out as a page; who reads it is not known, only that it was read."""

    def show(handout: Handout, shown: list[Picked]) -> HttpResponse:
        if request.method == "GET":
            count_view(handout=handout)
        context = {"handout": handout, "shown": shown, "token": token, "program": settings.PROGRAM_NAME}
        return render(request, "web/handouts/shared.html", context)

    return _open(request, token, show)


@behind_link
@require_safe
def shared_pdf(request: HttpRequest, token: str) -> HttpResponse:
    """The hand-out as a PDF of one page."""

    def show(handout: Handout, shown: list[Picked]) -> HttpResponse:
        share = read_shares([handout])[handout.pk]
        sheet = Sheet(
            program=settings.PROGRAM_NAME,
            title=handout.title,
            intro=handout.intro,
            link=absolute_url(share.path),
            until=share.until,
            shown=shown,
            paper="letter" if request.GET.get("paper") == "letter" else "a4",
        )
        name = slugify(handout.title)[:60] or "references"
        headers = {"Content-Disposition": f'attachment; filename="{name}.pdf"'}
        return HttpResponse(draw_sheet(sheet), content_type="application/pdf", headers=headers)

    return _open(request, token, show)


def _open(request: HttpRequest, token: str, show: Callable[[Handout, list[Picked]], HttpResponse]) -> HttpResponse:
    """404 for a link that never was, 410 for one that is over, with a page that says so and nothing else."""
    try:
        handout = find_shared(token)
    except LinkError as error:
        context = {"program": settings.PROGRAM_NAME, "code": error.code}
        return render(request, "web/handouts/closed.html", context, status=404 if error.link is None else 410)
    return show(handout, [each for each in read_handout(handout) if not each.is_gone])
