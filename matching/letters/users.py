"""Letters to those who log in: requesters, approvers, managers and account owners; blinded by the facts they get."""

from django.utils.translation import gettext as _

from delivery.mails import Action, Attachment, Letter
from matching.letters.facts import Facts
from matching.letters.words import activity_words, calendar, day, listed, moment, told


def approval(facts: Facts) -> Letter:
    """Somebody waits for a decision."""
    return Letter(
        to=facts.to,
        subject=_("Please decide: %(who)s for %(deal)s") % {"who": facts.who, "deal": facts.deal},
        heading=_("May we ask %(who)s?") % {"who": facts.who},
        paragraphs=tuple(
            each
            for each in (
                _("%(requester)s needs a reference for %(deal)s.") % {"requester": facts.requester, "deal": facts.deal},
                facts.why,
            )
            if each
        ),
        facts=told(
            (_("What"), activity_words(facts.activity)),
            (_("Customer"), facts.customer),
            (_("Prospect"), listed(facts.prospects)),
            (_("Deal"), facts.deal_value),
            (_("For the day"), day(facts.on)),
            (_("Why this person"), "\n".join(facts.reasons)),
            (_("Decide by"), moment(facts.due_by)),
        ),
        actions=(
            Action(_("Look and decide"), facts.url),
            Action(_("Open the request"), facts.portal_url, is_main=False),
        ),
        small_print=(_("The first link decides in your name, after you confirm: do not pass it on."),),
    )


def asked(facts: Facts) -> Letter:
    """A promoter has been asked."""
    return _to_requester(
        facts,
        _("Asked: %(who)s") % {"who": facts.who},
        _("They have until %(when)s to answer. You will hear either way; after a no the next best is asked.")
        % {"when": moment(facts.answer_by)},
    )


def accepted(facts: Facts) -> Letter:
    """They said yes."""
    return _to_requester(
        facts,
        _("%(who)s said yes") % {"who": facts.who},
        _("You find how to reach them on the page of your request. Please write today: a yes cools quickly."),
        action=_("See how to reach them"),
    )


def meeting(facts: Facts) -> Letter:
    """A time is set."""
    title = _("%(activity)s: %(who)s and %(prospects)s") % _names(facts)
    return _to_requester(
        facts, title, _("The calendar file is attached; the preparation sheet is on the page."),
        action=_("Open the preparation sheet"), attachments=calendar(facts, title),
    )  # fmt: skip


def meeting_soon(facts: Facts) -> Letter:
    """It is soon."""
    title = _("Soon: %(activity)s, %(who)s and %(prospects)s") % _names(facts)
    return _to_requester(facts, title, _("Here is everything to prepare."), action=_("Open the preparation sheet"))


def feedback(facts: Facts) -> Letter:
    """How was it?"""
    return _to_requester(
        facts,
        _("How was it with %(who)s?") % {"who": facts.who},
        _("Did it take place, and did it help? Two clicks; the promoter's rest depends on it."),
        action=_("Say how it was"),
    )


NEWS = {
    "unmet": lambda: (
        _("Nobody who fits may be asked now: %(deal)s"),
        _("It is noted as unmet demand and somebody is being recruited. Until then, look at the stories that fit."),
    ),
    "declined": lambda: (_("A no for %(deal)s"), _("The promoter declined. The next best is being looked for.")),
    "no_answer": lambda: (
        _("No answer for %(deal)s"),
        _("The promoter did not answer in time. The next best is being looked for."),
    ),
    "cancelled": lambda: (
        _("A yes was taken back for %(deal)s"),
        _("The promoter cannot make it after all. The next best is being looked for."),
    ),
    "called_off": lambda: (
        _("Called off: %(deal)s"),
        _("A colleague has cancelled the request. Nobody is held or asked for it any more."),
    ),
    "new_times": lambda: (
        _("New times for %(deal)s"),
        _("The promoter offers other times. Open the request and set one of them."),
    ),
    "no_show": lambda: (
        _("It did not take place: %(deal)s"),
        _("The meeting fell through. The next best is being looked for."),
    ),
}


SLOT_NEWS = {
    "declined": lambda: _("They declined. Open the slot and choose who comes next, if the best are not asked in turn."),
    "no_answer": lambda: _("No answer in time. Open the slot and choose who comes next."),
    "cancelled": lambda: _("The speaker cannot make it after all, and the slot is open again: choose who comes next."),
    "no_show": lambda: _("It did not take place as planned. Open the slot to see where it stands."),
}
"""What is said instead where a speaker was looked for: who comes next is often chosen by hand."""


def news(facts: Facts) -> Letter:
    """Something has changed about a request. KeyError for news of an unknown kind."""
    subject, words = NEWS[facts.news]()
    if facts.slot is not None and facts.news in SLOT_NEWS:
        words = SLOT_NEWS[facts.news]()
    return _to_requester(facts, subject % {"deal": facts.deal}, words)


def needs_manager(facts: Facts) -> Letter:
    """A request waits for a manager."""
    return _to_requester(
        facts,
        _("A request needs you: %(deal)s") % {"deal": facts.deal},
        facts.why or _("Nobody who fits may be asked now: see who comes nearest, and what each lacks."),
    )


def slot_unfilled(facts: Facts) -> Letter:
    """No speaker was found for a slot."""
    subject = _("No speaker for %(event)s") % {"event": facts.deal}
    return Letter(
        to=facts.to,
        subject=subject,
        heading=subject,
        paragraphs=(
            _("The slot is closed: enough people were asked, or its deadline has passed. Nobody is asked any more."),
            _("Tell the organizers. If there is still time, open a slot like it and say more widely who would fit."),
        ),
        facts=told(
            (_("What"), activity_words(facts.activity)),
            (_("When"), moment(facts.starts_at)),
            (_("Where"), facts.meeting),
        ),
        actions=(Action(_("Open the slot"), facts.url),),
    )


def misses(facts: Facts) -> Letter:
    """A promoter of one's own customer has missed several times running."""
    return Letter(
        to=facts.to,
        subject=_("%(who)s answers no more") % {"who": facts.who},
        heading=_("%(who)s has declined or not answered several times running") % {"who": facts.who},
        paragraphs=(
            _("Nobody asks them for a while now. You know them best: is something wrong, or is it just a busy time?"),
        ),
        facts=told((_("Customer"), facts.customer)),
        actions=(Action(_("Open the request"), facts.url),),
    )


def _to_requester(
    facts: Facts, subject: str, words: str, *, action: str = "", attachments: tuple[Attachment, ...] = ()
) -> Letter:
    return Letter(
        to=facts.to,
        subject=subject,
        heading=subject,
        paragraphs=(words,),
        facts=told(
            (_("Deal"), facts.deal),
            (_("What"), activity_words(facts.activity)),
            (_("When"), moment(facts.starts_at)),
            (_("Where"), facts.meeting),
            (_("Customer"), facts.customer),
        ),
        actions=(Action(action or _("Open the request"), facts.url),),
        attachments=attachments,
    )


def _names(facts: Facts) -> dict[str, str]:
    return {
        "activity": activity_words(facts.activity),
        "who": facts.who,
        "prospects": listed(facts.prospects) or facts.deal,
    }
