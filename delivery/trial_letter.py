"""The trial: any registered letter's sample, sent to whoever asks, to see that mails arrive and how they look."""

import uuid
from dataclasses import replace

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from delivery.links import absolute_url
from delivery.mails import Action, Letter, Payload, register_letter, registered_letters, send_later
from delivery.models import OutboxMessage
from users.models import User

KIND = "trial"


def register() -> None:
    """Add the trial to the letters."""
    register_letter(KIND, label=gettext_lazy("Trial of the mail settings"), build=build, sample=sample)


@transaction.atomic
def send_trial(*, kind: str, language: str, to: User) -> OutboxMessage:
    """Promise the sample of `kind` to a user, in `language`; each call is another mail."""
    payload = {"sample": kind, "language": language, "user": to.pk}
    return send_later(kind=KIND, key=f"trial:{uuid.uuid4()}", payload=payload)


def build(payload: Payload) -> Letter | None:
    """The sample asked for, addressed to the user; None where either is gone."""
    user = User.objects.filter(pk=payload["user"], is_active=True).first()
    kind = registered_letters().get(payload["sample"])
    if user is None or kind is None:
        return None
    with translation.override(payload["language"]):
        letter = kind.sample()
        subject = _("Sample: %(subject)s") % {"subject": letter.subject}
    return replace(letter, to=user.email, subject=subject, language=payload["language"])


def sample() -> Letter:
    """What the trial itself says."""
    return Letter(
        to="mina.manager@example.com",
        subject=_("Mails from RefProgram arrive"),
        heading=_("It works"),
        paragraphs=(
            _("This mail was sent to see that the mail settings are right and how mails look where you read them."),
            _("There is nothing to do about it."),
        ),
        actions=(Action(_("Open RefProgram"), absolute_url("/")),),
        small_print=(_("Sent because somebody pressed “Send it to me” on the page of mails."),),
    )
