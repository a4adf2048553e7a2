"""One consent: what it allows, how it stands, what shows it, and what hangs on it."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from references.consent_filters import STATES
from references.consent_reach import reach_of
from references.consent_view import piece_name, state_of, whose_consent
from references.models import Consent, StateChange
from references.permissions import may_edit_customer, may_log_content
from references.program import current_policy
from references.services.consent_asks import open_asks
from references.services.saving import name_subject
from web.access import viewer
from web.consents.listing import STATE_BADGES


@require_safe
@login_required
def consent(request: HttpRequest, consent_id: int) -> HttpResponse:
    """Show one consent; evidence only to those who may edit its customer."""
    user, today = viewer(request), timezone.localdate()
    rows = Consent.objects.visible_to(user).select_related(
        "contact", "customer", "region", "case_study", "testimonial", "superseded_by"
    )
    row = get_object_or_404(rows, pk=consent_id)
    whose, state = whose_consent(user, row, current_policy(), today), state_of(row, today)
    may_edit = may_edit_customer(user, row.customer)
    is_live = state in {"in_force", "to_come"}
    reach = reach_of(row)
    changes = StateChange.objects.filter(subject=name_subject(row)).select_related("by").order_by("-at")
    context = {
        "consent": row,
        "whose": whose,
        "piece": piece_name(row, whose),
        "state": state,
        "state_words": dict(STATES)[state],
        "badge": STATE_BADGES[state],
        "reach": reach,
        "pieces": [(each, whose.hide(str(each.piece))) for each in reach.pieces],
        "files": list(row.files.all()) if may_edit else [],
        "changes": list(changes) if may_edit else [],
        "may_edit": may_edit and is_live,
        "shows_evidence": may_edit,
        "may_renew": is_live and row.contact_id is not None and may_log_content(user, row.customer),
        "waiting": open_asks().filter(contact=row.contact, activity=row.activity).first() if row.contact_id else None,
    }
    return render(request, "web/consents/consent.html", context)
