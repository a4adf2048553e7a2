"""Every mail the program writes, as a sample: the list, one mail in both parts and any language, and a trial of it."""

import base64
import hashlib
from dataclasses import replace

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from delivery.mails import Letter, LetterKind, letter_style, registered_letters, render_html, render_text
from delivery.trial_letter import send_trial
from web.access import managers_only, viewer

LANGUAGES = {"en": gettext_lazy("English"), "de": gettext_lazy("German")}


@require_safe
@managers_only
def mails(request: HttpRequest) -> HttpResponse:
    """List every letter by its name."""
    letters = sorted(((str(kind.label), code) for code, kind in registered_letters().items()), key=lambda pair: pair[0])
    return render(request, "web/setup/mails.html", {"letters": letters})


@require_safe
@managers_only
def mail(request: HttpRequest, letter: str) -> HttpResponse:
    """Show a letter's sample: subject, HTML in a frame, text."""
    kind, language = _find(letter), _read_language(request.GET.get("language", ""))
    sample = _sample(kind, language)
    tabs = [(label, f"?language={code}", code == language) for code, label in LANGUAGES.items()]
    context = {
        "kind": kind,
        "code": letter,
        "language": language,
        "tabs": tabs,
        "sample": sample,
        "text": render_text(sample),
        "html_url": f"{reverse('web:mail-html', args=[letter])}?language={language}",
    }
    return render(request, "web/setup/mail.html", context)


@require_safe
@xframe_options_sameorigin
@managers_only
def mail_html(request: HttpRequest, letter: str) -> HttpResponse:
    """Give the HTML of a sample alone: no script, nothing fetched, and no style but the letter's own."""
    sample = _sample(_find(letter), _read_language(request.GET.get("language", "")))
    response = HttpResponse(render_html(sample))
    digest = base64.b64encode(hashlib.sha256(letter_style().encode()).digest()).decode()
    response["Content-Security-Policy"] = (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'self'; sandbox"
    )
    return response


@require_POST
@managers_only
def mail_trial(request: HttpRequest, letter: str) -> HttpResponse:
    """Send a sample to whoever looks at it."""
    _find(letter)
    language = _read_language(request.POST.get("language", ""))
    send_trial(kind=letter, language=language, to=viewer(request))
    messages.success(request, _("The sample is on its way to you."))
    return redirect(f"{reverse('web:mail', args=[letter])}?language={language}")


def _find(letter: str) -> LetterKind:
    kind = registered_letters().get(letter)
    if kind is None:
        raise Http404
    return kind


def _read_language(given: str) -> str:
    return given if given in LANGUAGES else "en"


def _sample(kind: LetterKind, language: str) -> Letter:
    with translation.override(language):
        return replace(kind.sample(), language=language)
