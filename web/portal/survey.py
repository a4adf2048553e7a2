"""A survey by its link: the question, which a form answers; then thanks, and what else the person may like to do.

Everybody sees the same offers to write a review, whatever they answered; and nothing is given for a score.
"""

import uuid
from collections.abc import Callable, Mapping
from typing import Any, cast

from django import forms
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from advocacy.enums import PlayKind
from advocacy.models import RecoveryPlay, ReviewSite
from advocacy.services.wishes import note_wish
from matching.letters.words import activity_words
from references import activities
from references.enums import ContactStatus, Loyalty
from references.loyalty import classify_score
from references.models import Consent
from references.services.own_page import nominate_from_page
from surveys.enums import AnswerChannel, CampaignStatus
from surveys.models import Invitation, Response, SurveyOptOut
from surveys.services.agreeing import agree_from_survey
from surveys.services.answering import record_response
from surveys.wording import wording_of
from web.portal.closed import show_words
from web.portal.forms import PortalForm
from web.portal.visit import Visit, attempt
from web.portal.words import SURVEY_AHEAD, SURVEY_OVER

SCORES = [(str(score), str(score)) for score in range(11)]
OFFERED = tuple(code for code in activities.CODES if code != "survey")
"""What a promoter may agree to on the page of thanks."""
WISHES = [
    (PlayKind.CALL.value, _("Talk to somebody")),
    (PlayKind.TRAINING.value, _("A training")),
    (PlayKind.USER_GROUP.value, _("Meet other users")),
    (PlayKind.FEEDBACK.value, _("Tell your team what I would change")),
    (PlayKind.BETA.value, _("Try new things before others")),
]


class SurveyForm(PortalForm):
    """A number from 0 to 10, and why."""

    score = forms.ChoiceField(
        choices=SCORES,
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose a number from 0 to 10.")},
    )
    comment = forms.CharField(required=False, max_length=10_000, widget=forms.Textarea(attrs={"rows": 4}))


class AgreeForm(PortalForm):
    """What they may be asked for. Nothing is ticked: a consent is given, not left standing."""

    activities = forms.MultipleChoiceField(
        label=_("You may ask me for"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Please choose at least one, or simply close the page.")},
    )
    is_attributed = forms.BooleanField(label=_("You may name me and my company"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = cast("forms.MultipleChoiceField", self.fields["activities"])
        field.choices = [(code, activity_words(code)) for code in OFFERED]


class AnotherForm(PortalForm):
    """A colleague whom they suggest."""

    person_name = forms.CharField(label=_("Their name"), max_length=200)
    person_title = forms.CharField(label=_("Their job title"), required=False, max_length=200)
    person_email = forms.EmailField(
        label=_("Their e-mail"), required=False, help_text=_("Only if they know that you pass it on.")
    )
    moment = forms.CharField(label=_("Why them?"), max_length=4_000, widget=forms.Textarea(attrs={"rows": 2}))
    key = forms.CharField(widget=forms.HiddenInput, max_length=40)


class WishForm(PortalForm):
    """What would help."""

    wish = forms.ChoiceField(label=_("I would like"), choices=WISHES, widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("A few words, if you like"), required=False, max_length=200, widget=forms.Textarea(attrs={"rows": 2})
    )


def show(visit: Visit) -> HttpResponse:
    """The question; once it is answered the thanks, unless they come back to change it. Nothing is recorded."""
    over = _refuse(visit)
    if over is not None:
        return over
    given = visit.request.GET
    response = _response(visit)
    if response is not None and "score" not in given and "change" not in given:
        return _thanks(visit, response, {})
    chosen = given.get("score", "")
    initial = {"score": chosen if chosen in dict(SCORES) else ""}
    if response is not None:
        initial = {"score": initial["score"] or str(response.score), "comment": response.comment}
    return _question(visit, SurveyForm(initial=initial))


def answer(visit: Visit) -> HttpResponse:
    """Record what was posted, or change what was recorded."""
    over = _refuse(visit)
    if over is not None:
        return over
    form = SurveyForm(visit.request.POST)
    invitation = _invitation(visit)
    done = attempt(
        form,
        lambda data: record_response(
            campaign=invitation.campaign,
            score=int(data["score"]),
            source=f"invitation:{invitation.pk}",
            channel=AnswerChannel.EMAIL,
            comment=data["comment"],
            contact=visit.person,
            invitation=invitation,
            language=visit.language,
        ),
    )
    return _question(visit, form) if done is None else visit.back("survey-answered")


def agree(visit: Visit) -> HttpResponse:
    """Say what one may be asked for, and consent to it."""
    form = AgreeForm(visit.request.POST)
    return _offer(
        visit,
        "agree",
        form,
        lambda response, data: agree_from_survey(
            response=response, agreed=data["activities"], is_attributed=data["is_attributed"]
        ),
        "survey-agreed",
    )


def suggest(visit: Visit) -> HttpResponse:
    """Suggest a colleague."""
    return _offer(
        visit,
        "colleague",
        AnotherForm(visit.request.POST),
        lambda _response, data: nominate_from_page(contact=visit.person, creation_key=data.pop("key"), **data),
        "nominated",
    )


def wish(visit: Visit) -> HttpResponse:
    """Say what would help."""
    return _offer(
        visit,
        "wish",
        WishForm(visit.request.POST),
        lambda response, data: note_wish(
            contact=visit.person,
            source=f"response:{response.pk}:play",
            score=response.score,
            on=response.answered_on,
            **data,
        ),
        "survey-wish",
    )


ACTS: Mapping[str, Callable[[Visit], HttpResponse]] = {
    "survey-answer": answer,
    "survey-agree": agree,
    "survey-colleague": suggest,
    "survey-wish": wish,
}


def _offer(
    visit: Visit, name: str, form: forms.Form, save: Callable[[Response, dict[str, Any]], object], done: str
) -> HttpResponse:
    """Do what a form of the page of thanks is for; who has not answered is led to the question."""
    over, response = _refuse(visit), _response(visit)
    if over is not None:
        return over
    if response is None:
        return visit.back()
    saved = attempt(form, lambda data: save(response, data))
    return _thanks(visit, response, {name: form}) if saved is None else visit.back(done)


def _question(visit: Visit, form: SurveyForm) -> HttpResponse:
    bound = form["score"].value()
    context = {
        "form": form,
        "words": wording_of(_invitation(visit).campaign, visit.language),
        "scores": [score for score, _label in SCORES],
        "chosen": bound if bound in dict(SCORES) else "",
        "response": _response(visit),
        "answer_url": visit.url("survey-answer"),
    }
    return visit.page("survey", context, status=422 if form.errors else 200)


def _thanks(visit: Visit, response: Response, tried: Mapping[str, forms.Form]) -> HttpResponse:
    campaign, person = _invitation(visit).campaign, visit.person
    loyalty = classify_score(response.score)
    is_promoter = loyalty == Loyalty.PROMOTER
    is_here = person.status != ContactStatus.RETIRED
    given = Consent.objects.general().in_force(on=timezone.localdate()).filter(contact=person)
    context: dict[str, Any] = {
        "response": response,
        "words": wording_of(campaign, visit.language),
        "is_promoter": is_promoter,
        "is_passive": loyalty == Loyalty.PASSIVE,
        "is_here": is_here,
        "asks_consent": is_promoter and is_here and campaign.asks_consent,
        "agreed": sorted({activity_words(each.activity) for each in given}),
        "sites": list(ReviewSite.objects.filter(is_active=True)) if campaign.shows_review_sites else [],
        "is_followed": not is_promoter and RecoveryPlay.objects.open().filter(contact=person).exists(),
        "is_stopped": SurveyOptOut.objects.filter(contact=person).exists(),
        "change_url": visit.url(change="1"),
        "forms": {
            "agree": AgreeForm(),
            "colleague": AnotherForm(initial={"key": uuid.uuid4().hex}),
            "wish": WishForm(),
            **tried,
        },
        "tried": list(tried),
    }
    return visit.page("survey_thanks", context, status=422 if tried else 200)


def _refuse(visit: Visit) -> HttpResponse | None:
    """410 once the campaign has closed, or before it has begun."""
    campaign = _invitation(visit).campaign
    if campaign.status == CampaignStatus.RUNNING:
        return None
    words = SURVEY_AHEAD if campaign.status == CampaignStatus.DRAFT else SURVEY_OVER
    return show_words(visit.request, words, status=410, language=visit.language)


def _invitation(visit: Visit) -> Invitation:
    assert visit.invitation is not None  # noqa: S101 - links of this purpose have one
    return visit.invitation


def _response(visit: Visit) -> Response | None:
    return Response.objects.filter(invitation=_invitation(visit)).first()
