"""The words of the portal for codes: refusals of services, what was done, why a link is closed, how an ask ended."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from matching.enums import DeclineReason, MatchStatus
from matching.models import Match
from references.errors import DomainError

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise

REFUSALS: "dict[str, StrOrPromise]" = {
    "time_over": _("That time is over already."),
    "not_waiting": _("This has been answered, or is not needed any more."),
    "date_over": _("Please give a day to come."),
    "pause_in_past": _("Please give a day to come."),
    "ends_before_start": _("The last day lies before the first."),
    "who_required": _("Please say who."),
    "moment_required": _("Please say what happened."),
    "wrong_limit": _("Please give a number from 0 to 20."),
    "move_not_allowed": _("That is not possible any more."),
    "has_opted_out": _("You have left the program."),
    "not_active": _("Nobody asks you for anything at the moment, so there is nothing to pause."),
    "too_many": _("There are too many entries already: please remove some first."),
    "not_accepted": _("There is nothing to say about this any more."),
    "reason_required": _("Please give a reason."),
    "not_allowed": _("This decision is not yours."),
    "changed_meanwhile": _("Something has changed meanwhile. Please look once more."),
    "ask_over": _("This has been answered, or is not needed any more."),
    "wider_than_asked": _("That is more than we asked for. Please give no more than that."),
    "review_over": _("This has been answered, or is not needed any more."),
    "changes_wished": _("One line is still marked to be changed: send it back, or mark the line as fine."),
    "changes_required": _("Please say what is to be changed."),
    "channel_required": _("Please say where we may use it."),
    "until_in_past": _("Please give a day to come."),
    "not_running": _("This survey is over. Thank you all the same!"),
    "score_out_of_range": _("Please choose a number from 0 to 10."),
    "not_offered": _("That is not possible any more."),
    "nothing_chosen": _("Please choose at least one, or simply close the page."),
    "evidence_required": _("Please give a link, or a word on what you did."),
    "date_required": _("Please give a day to come."),
    "agreement_changed": _("The terms were changed meanwhile: please read them once more."),
    "no_seats_left": _("All seats are taken meanwhile. Thank you all the same!"),
    "not_recruiting": _("This is over. Thank you all the same!"),
    "not_seated": _("That is not possible any more."),
    "text_required": _("Please write what you found."),
    "not_in_use": _("This is not offered any more."),
    "level_too_low": _("This is for a higher level."),
    "taken_often_enough": _("You have had this as often as one can."),
    "out_of_stock": _("There is none left at the moment."),
    "gift_not_allowed": _("The rules of your country or your employer do not allow this."),
    "not_enough_points": _("There are not enough points for this yet."),
    "invalid": _("Please check this."),
    "email_in_use": _("Please check this."),
}

DONE: "dict[str, StrOrPromise]" = {
    "accepted": _("Thank you! That helps a lot."),
    "times": _("Thank you, the new times are on their way."),
    "taken-back": _("We have taken it back. Thank you for telling us."),
    "hub": _("The mail with the link to your page is on its way. The link is good for half an hour."),
    "limits": _("Saved. We keep to it from now on."),
    "language": _("Saved."),
    "paused": _("Paused. Nobody asks you for anything until then."),
    "resumed": _("Welcome back! We may ask you again."),
    "days-off": _("Saved. Nobody asks you for anything on these days."),
    "days-on": _("Removed. These days are free for asks again."),
    "consent": _("Thank you. Your consent is on file, and you can take it back at any time."),
    "consent-declined": _("Thank you for telling us. Nothing has changed."),
    "revoked": _("Your consent is taken back, from this moment on."),
    "nominated": _("Thank you! Somebody will read it soon."),
    "calendar": _("The address is made. Give it to your calendar, and to nobody else."),
    "not-sure": _("Nothing was changed: tick that you are sure."),
    "content-approved": _("Thank you! We use it only where you said."),
    "content-changes": _("Thank you! We change it, and send it to you once more before anything is used."),
    "survey-answered": _("Your answer is recorded."),
    "survey-agreed": _("Thank you! We ask you first, each time, and you can always say no."),
    "survey-wish": _("Thank you, we have noted it for whoever gets in touch."),
    "survey-stopped": _("Done. You receive no more surveys from us."),
    "survey-resumed": _("Done. You receive surveys again."),
    "ask-accepted": _("Thank you! That helps a lot."),
    "ask-planned": _("Thank you, we have noted the day."),
    "ask-done": _("Thank you! We look at it, and tell you what it led to."),
    "ask-declined": _("Thank you for telling us. We do not ask for this again soon."),
    "ask-later": _("Thank you for telling us. We do not ask for this again soon."),
    "seat-agreed": _("Welcome! The seat is yours."),
    "seat-declined": _("Thank you for telling us. Nothing else changes."),
    "seat-feedback": _("Thank you! The people who build it read every word."),
    "seat-left": _("Done. Thank you for having been part of it."),
    "redeemed": _("It is on its way to being yours. We write to you."),
    "redeem-asked": _("Thank you, we look at it and write to you. Your points are kept for it."),
    "redeem-cancelled": _("Called off. Your points are back."),
    "board-on": _("Saved. You are on the board."),
    "board-off": _("Saved. You are not on the board."),
    "referred": _("Thank you! We take good care of them, and you see here how it goes on."),
    "refer-link": _("Your link is made. Pass it on as you like."),
    "refer-name": _("Saved."),
    "refer-close": _("Closed. Nobody comes through this link any more."),
    "opted-out": _("Done. We will not ask you again."),
}

CLOSED: "dict[str, tuple[StrOrPromise, StrOrPromise]]" = {
    "unknown": (
        _("This link leads nowhere"),
        _("Perhaps it was cut off on its way. Open it once more from the mail, or have a fresh one sent to you."),
    ),
    "expired": (_("This link is too old"), _("Links end after a while, so that nobody else can use them.")),
    "revoked": (_("This link is closed"), _("It has done its work, or is not needed any more.")),
    "too_often": (_("A little slower, please"), _("There were very many calls. Please try again in a minute.")),
    "form_too_old": (
        _("Please try again"),
        _("The form was too old, or cookies are switched off. Go back, load the page anew and send it again. "
          "Nothing was changed."),
    ),
    "decided": (_("This has been decided"), _("Somebody was faster, or it is not needed any more.")),
    "not_yours": (_("This decision is not yours any more"), _("It has been handed on to somebody else.")),
}  # fmt: skip

SURVEY_OVER = (
    _("This survey is over"),
    _("Answers are not taken any more. Thank you for coming all the same!"),
)
SURVEY_AHEAD = (
    _("This survey has not begun"),
    _("Please come back in a few days."),
)

ENDED: "dict[str, tuple[StrOrPromise, StrOrPromise]]" = {
    "declined": (
        _("You said no, and that is fine"),
        _("Thank you for answering. There is nothing more for you to do."),
    ),
    "no_answer": (
        _("This one is settled"),
        _("The time for an answer is over and somebody else was asked. No harm done: there is nothing for you to do."),
    ),
    "withdrawn": (_("This is no longer needed"), _("There is nothing for you to do. Thank you all the same!")),
    "cancelled": (_("You took this back"), _("We have told them. Thank you for telling us in time.")),
    "no_show": (_("This did not take place"), _("There is nothing more for you to do.")),
    "rejected": (_("This is no longer needed"), _("There is nothing for you to do. Thank you all the same!")),
}

NOT_NOW = (
    _("Thank you for telling us"),
    _("We do not ask you before the day you gave. There is nothing more for you to do."),
)
COLLEAGUE = (
    _("Thank you for naming somebody"),
    _("We get in touch with them, and you are free of this one."),
)


def ended_words(match: Match) -> "tuple[StrOrPromise, StrOrPromise]":
    """What is said of an ask that is over: by how it ended and, for a no, by its reason."""
    if match.status == MatchStatus.DECLINED and match.decline_reason == DeclineReason.NOT_NOW:
        return NOT_NOW
    if match.status == MatchStatus.DECLINED and match.contact.suggestions.filter(creation_key=f"colleague:{match.pk}"):
        return COLLEAGUE
    return ENDED[match.status]


DEEDS: "dict[str, StrOrPromise]" = {
    "planned": _("planned"),
    "completed": _("you helped"),
    "declined": _("you said no"),
    "cancelled": _("fell through"),
    "no_answer": _("no answer"),
}

RESULTS: "dict[str, StrOrPromise]" = {
    "won": _("They decided for us, and you had a part in it."),
    "lost": _("They decided otherwise. Your help was worth just as much."),
}


REFUSED_OFFERS: "dict[str, StrOrPromise]" = {
    "taken_often_enough": REFUSALS["taken_often_enough"],
    "out_of_stock": REFUSALS["out_of_stock"],
    "gift_not_allowed": REFUSALS["gift_not_allowed"],
}

REDEMPTIONS: "dict[str, StrOrPromise]" = {
    "requested": _("we look at it"),
    "approved": _("on its way"),
    "fulfilled": _("yours"),
    "rejected": _("not possible, points given back"),
    "cancelled": _("called off, points given back"),
}

REFERRALS: "dict[str, StrOrPromise]" = {
    "new": _("we look at it"),
    "qualified": _("we are talking"),
    "won": _("a customer now: thank you!"),
    "lost": _("it did not work out this time"),
    "disqualified": _("we could not follow it up"),
}

TOO_MANY_REFERRALS = _("That is a lot for one day, thank you! Please go on tomorrow.")


def refusal(error: DomainError) -> str:
    """Why something cannot be done, in the language spoken now."""
    return str(REFUSALS[error.code]) if error.code in REFUSALS else gettext("That did not work. Please check it.")
