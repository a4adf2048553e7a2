"""No more surveys, and surveys again: by a page with a button, or by the button of a mail program (RFC 8058)."""

from collections.abc import Callable, Mapping

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from delivery.links import LinkError
from surveys.models import SurveyOptOut
from surveys.purposes import SURVEY_STOP
from surveys.services.opting_out import resume_surveys, stop_surveys
from web.portal.closed import refuse_link, show_closed
from web.portal.gate import behind_link_for_machines
from web.portal.visit import Visit, enter


@behind_link_for_machines
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Show the page with its button; a mail program's own button posts here, and that alone needs no page."""
    try:
        visit = enter(request, token)
    except LinkError as error:
        return refuse_link(request, error)
    with visit.speaking():
        if visit.link.purpose != SURVEY_STOP:
            return show_closed(request, "unknown", status=404, language=visit.language)
        if request.method == "POST" and request.POST.get("List-Unsubscribe") == "One-Click":
            stop_surveys(contact=visit.person)
        return show(visit)


def show(visit: Visit) -> HttpResponse:
    """Whether they receive surveys, and the button that changes it."""
    is_stopped = SurveyOptOut.objects.filter(contact=visit.person).exists()
    return visit.page("survey_stop", {"is_stopped": is_stopped})


def stop(visit: Visit) -> HttpResponse:
    """Send no more surveys."""
    stop_surveys(contact=visit.person)
    return visit.back("survey-stopped")


def resume(visit: Visit) -> HttpResponse:
    """Send surveys again."""
    resume_surveys(contact=visit.person)
    return visit.back("survey-resumed")


ACTS: Mapping[str, Callable[[Visit], HttpResponse]] = {"survey-stop": stop, "survey-resume": resume}
