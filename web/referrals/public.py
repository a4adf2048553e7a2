"""The public pages behind a promoter's personal link, and behind the link by which a lead has us forget them."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from advocacy.enums import ReferralVia
from advocacy.models import Referral
from advocacy.purposes import REFER_NAMED_LINK
from advocacy.services.referral_links import read_lead_link, read_personal_link
from advocacy.services.referrals import LeadData, forget_lead, refer
from delivery.links import LinkError
from references.enums import Actor
from references.errors import DomainError
from references.models import Contact
from references.personal_words import ERASED_NAME
from references.speech import language_of
from users.lockout import read_client_address
from web.portal.closed import language_asked, refuse_link
from web.portal.gate import behind_link, is_too_often
from web.referrals.public_forms import InviteForm
from web.wall.lead_form import make_token

HOUR = 3_600
BY_ONE_CALLER = 10
BY_ONE_LINK = 30
"""So many forms an hour are taken behind one link, lest one that was passed to a machine fills the list."""


@behind_link
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: HttpRequest, token: str) -> HttpResponse:
    """Show by whom one comes and the form, or keep what was written; thanks stand at the same address."""
    try:
        person, link = read_personal_link(token)
    except LinkError as error:
        return refuse_link(request, error)
    language = _language(request, person)
    with translation.override(language):
        form = InviteForm(request.POST or None, initial={"token": make_token()})
        status = 200
        if request.method == "POST":
            status = 422
            if form.is_valid() and _keep(request, person, form, token):
                address = reverse("web:refer", args=[token])
                return redirect(f"{address}?done=1&language={language}")
        inviter = person.name.split(" ")[0] if link.purpose == REFER_NAMED_LINK else ""
        context = _context(language, reverse("web:refer", args=[token])) | {
            "form": form,
            "inviter": inviter,
            "is_done": "done" in request.GET and request.method != "POST",
            "token": make_token() if _is_stale(form) else form["token"].value(),
        }
        return render(request, "web/referrals/invite.html", context, status=status)


@behind_link
@require_http_methods(["GET", "HEAD", "POST"])
def lead(request: HttpRequest, token: str) -> HttpResponse:
    """Show a lead what is kept of them; a form erases it. Nothing changes by looking."""
    try:
        row = read_lead_link(token)
    except LinkError as error:
        return refuse_link(request, error)
    language = language_asked(request) or translation.get_language_from_request(request)
    is_erased = row.lead_name == ERASED_NAME
    if request.method == "POST" and not is_erased:
        forget_lead(referral=row, actor=Actor.PROMOTER)
        is_erased = True
    with translation.override(language):
        context = _context(language, reverse("web:refer-lead", args=[token])) | {"row": row, "is_erased": is_erased}
        return render(request, "web/referrals/lead.html", context)


def _keep(request: HttpRequest, person: Contact, form: InviteForm, token: str) -> Referral | None:
    """Keep what was written; None where it was refused, which the form says."""
    caller = read_client_address(request)
    is_often = is_too_often(f"referral by {caller}", BY_ONE_CALLER, HOUR)
    if is_often or is_too_often(f"referral behind {token}", BY_ONE_LINK, HOUR) or form.read is None:
        form.add_error(None, _("We have had many messages just now. Please try again in an hour."))
        return None
    data = form.cleaned_data
    lead_data = LeadData(
        name=data["name"], company=data["company"], email=data["email"], note=data["note"], agreed=True
    )
    try:
        with translation.override(settings.LANGUAGE_CODE):
            key = f"link:{person.pk}:{form.read.key}"
            return refer(referrer=person, lead=lead_data, creation_key=key, via=ReferralVia.LINK)
    except DomainError as error:
        too_many = _("We have had many messages just now. Please try again in an hour.")
        form.add_error(None, too_many if error.code == "too_many" else _("That did not work. Please check it."))
        return None


def _is_stale(form: InviteForm) -> bool:
    return any(error.code == "too_old" for error in form.errors.as_data().get("__all__", []))


def _language(request: HttpRequest, person: Contact) -> str:
    """The language asked for, else the browser's where it is one of ours, else the inviter's."""
    return language_asked(request) or translation.get_language_from_request(request) or language_of(person)


def _context(language: str, home: str) -> dict[str, Any]:
    return {
        "urls": {"home": home},
        "language": language,
        "languages": settings.LANGUAGES,
        "program": settings.PROGRAM_NAME,
    }
