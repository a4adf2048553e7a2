"""Why somebody could not be held: the rules a refused hold names, as sentences, for pages, mails and the API."""

from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import gettext as _

from matching.eligibility import Question, explain_refusals
from matching.models import Request
from matching.results import Refusal
from matching.search import plan_timing
from references.circumstances import read_circumstances
from references.models import Contact
from references.program import current_policy


def explain_refused_hold(codes: Iterable[str], *, request: Request, contact: Contact) -> tuple[Refusal, ...]:
    """Give a refusal for every rule in `codes` (`HoldRefusedError.broken`), as of now; contact with customer loaded."""
    now = timezone.now()
    timing = plan_timing(request.activity, request.needed_by, timezone.localdate(now))
    question = Question(request.activity, timing.on, now, current_policy())
    circumstances = read_circumstances([contact], request.activity)[contact.pk]
    details = {
        "must_have": _("Lacks what the brief insists on."),
        "unwanted": _("Has what the brief excludes."),
    }
    return explain_refusals(question, sorted(codes), contact, circumstances, details)
