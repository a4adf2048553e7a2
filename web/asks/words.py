"""The words and colors of asks for codes: states, and why somebody is left out."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from advocacy.enums import AssignmentStatus

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise

_S = AssignmentStatus
COLORS = {
    _S.ASKED: "soft",
    _S.ACCEPTED: "accent",
    _S.SCHEDULED: "accent",
    _S.DONE: "approval",
    _S.CONFIRMED: "fresh",
    _S.DECLINED: "stop",
}
LEFT_OUT: "dict[str, StrOrPromise]" = {
    "opted_out": _("have opted out"),
    "has_opted_out": _("have opted out"),
    "paused": _("pause"),
    "not_active": _("are not active promoters"),
    "not_referenceable": _("belong to a company that is no reference now"),
    "escalation": _("belong to a company with an open escalation"),
    "blackout": _("asked for quiet these days"),
    "not_offered": _("would get an ask that is not in use"),
    "ask_not_in_use": _("would get an ask that is not in use"),
    "not_agreed": _("have not agreed to be asked for this"),
    "consent_withdrawn": _("took their consent back"),
    "no_consent": _("have given no consent to it"),
    "too_high": _("stand too low on the ladder"),
    "already_open": _("have this ask already"),
    "already_asked": _("have this ask already"),
    "site_asked": _("were asked for a review there before"),
    "declined_lately": _("said no to it lately"),
    "cooling_down": _("did it, or were asked for it, not long ago"),
    "not_free": _("have no room left by the caps"),
    "resting": _("rest: fatigue, caps or a renewal"),
    "no_address": _("have no e-mail address on file"),
    "too_many": _("come after others: the campaign asks fewer"),
    "not_now": _("changed meanwhile"),
}
