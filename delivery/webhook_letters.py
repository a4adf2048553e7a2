"""The letter to whoever made a webhook that was stopped."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from delivery.links import absolute_url
from delivery.mails import Action, Letter, Payload, register_letter
from delivery.models import WebhookSubscription
from delivery.webhook_sending import LETTER_STOPPED


def register() -> None:
    """Add the letter to the others."""
    label = gettext_lazy("User: a webhook was stopped")
    register_letter(LETTER_STOPPED, label=label, build=build, sample=sample)


def build(payload: Payload) -> Letter | None:
    """What to write; None where it is gone or runs again."""
    row = WebhookSubscription.objects.select_related("owner").filter(pk=payload["webhook"], is_active=False).first()
    if row is None or not row.owner.is_active:
        return None
    return _write(row.owner.email, row.name, row.stopped_why, f"/setup/webhooks/{row.pk}/")


def sample() -> Letter:
    """The letter about a webhook that nobody has."""
    return _write("mara.marketer@example.com", _("Website"), _("It answered 410: gone."), "/setup/webhooks/")


def _write(to: str, name: str, why: str, path: str) -> Letter:
    return Letter(
        to=to,
        subject=_("The webhook “%(name)s” was stopped") % {"name": name},
        heading=_("“%(name)s” hears of nothing any more") % {"name": name},
        paragraphs=(
            why,
            _("See what went wrong, resume it once the receiver works again, and replay what it has missed."),
        ),
        actions=(Action(_("Open the webhook"), absolute_url(path)),),
    )
