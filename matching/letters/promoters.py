"""Letters to promoters: short, in their language, with who asks, for what, how long it takes, and one thing to do."""

from django.utils.translation import gettext as _

from delivery.links import absolute_url
from delivery.mails import Action, Letter
from matching.letters.events import tell_event
from matching.letters.facts import Facts
from matching.letters.words import activity_words, calendar, day, listed, minutes, moment, told


def invitation(facts: Facts) -> Letter:
    """May we ask you?"""
    return _ask(facts, _("%(name)s, can you help?") % {"name": facts.first_name}, _lead(facts))


def reminder(facts: Facts) -> Letter:
    """The one reminder of an invitation."""
    lead = _("A few days ago we asked for your help. A no is just as welcome as a yes: one click, and we stop asking.")
    return _ask(facts, _("%(name)s, may we ask once more?") % {"name": facts.first_name}, lead)


def accepted(facts: Facts) -> Letter:
    """Thank you for saying yes."""
    return Letter(
        to=facts.to,
        language=facts.language,
        subject=_("Thank you: %(activity)s") % {"activity": activity_words(facts.activity)},
        heading=_("Thank you, %(name)s!") % {"name": facts.first_name},
        paragraphs=(
            _("%(requester)s will get in touch with you about a time.") % {"requester": facts.requester},
            _("We will tell you how it ended."),
        ),
        facts=_what(facts),
        small_print=_preferences(),
    )


def meeting(facts: Facts) -> Letter:
    """A time is set: with the calendar file and what they want to know."""
    title = _title(facts)
    return Letter(
        to=facts.to,
        language=facts.language,
        subject=_("%(title)s, %(when)s") % {"title": title, "when": moment(facts.starts_at)},
        heading=title,
        paragraphs=_prepare(facts),
        facts=_when(facts),
        small_print=_preferences(),
        attachments=calendar(facts, title),
    )


def meeting_soon(facts: Facts) -> Letter:
    """It is soon."""
    title = _title(facts)
    return Letter(
        to=facts.to,
        language=facts.language,
        subject=_("Soon: %(title)s") % {"title": title},
        heading=_("See you soon, %(name)s") % {"name": facts.first_name},
        paragraphs=_prepare(facts),
        facts=_when(facts),
        small_print=_preferences(),
    )


def feedback(facts: Facts) -> Letter:
    """How was it?"""
    return Letter(
        to=facts.to,
        language=facts.language,
        subject=_("How was it?"),
        heading=_("How was it, %(name)s?") % {"name": facts.first_name},
        paragraphs=(
            _("Three questions, half a minute: did it take place, was it worth your time, would you do it again?"),
        ),
        facts=_what(facts),
        actions=(Action(_("Say how it was"), facts.url),),
        small_print=_preferences(),
    )


def thanks(facts: Facts) -> Letter:
    """Thank you for what you did."""
    return Letter(
        to=facts.to,
        language=facts.language,
        subject=_("Thank you for your help"),
        heading=_("Thank you, %(name)s!") % {"name": facts.first_name},
        paragraphs=_thanks_for(facts),
        facts=_what(facts),
        small_print=_preferences(),
    )


def outcome(facts: Facts) -> Letter:
    """How it ended: always told, won or lost."""
    if facts.result == "won":
        lead = _("They decided for us, and you had a part in it. Thank you!")
    else:
        lead = _("They decided otherwise this time. Your help was worth just as much. Thank you!")
    return Letter(
        to=facts.to,
        language=facts.language,
        subject=_("How it ended"),
        heading=_("%(name)s, this is how it ended") % {"name": facts.first_name},
        paragraphs=(lead,),
        facts=_what(facts),
        small_print=_preferences(),
    )


def withdrawn(facts: Facts) -> Letter:
    """We asked, and it is no longer needed."""
    return Letter(
        to=facts.to,
        language=facts.language,
        subject=_("No longer needed, and thank you"),
        heading=_("This is no longer needed"),
        paragraphs=(
            _("What we asked you for has become unnecessary. There is nothing for you to do. Thank you all the same!"),
        ),
        facts=_what(facts),
        small_print=_preferences(),
    )


def hub(facts: Facts) -> Letter:
    """The link to one's own page."""
    return Letter(
        to=facts.to,
        language=facts.language,
        subject=_("Your own page"),
        heading=_("Your own page, %(name)s") % {"name": facts.first_name},
        paragraphs=(
            _("See what you were asked and what came of it, set how often and for what, pause, or leave."),
            _("The link is yours alone and good until %(when)s.") % {"when": moment(facts.answer_by)},
        ),
        actions=(Action(_("Open my page"), facts.url),),
        small_print=(_("You did not ask for this link? Then simply ignore this mail; nothing happens."),),
    )


def _ask(facts: Facts, subject: str, lead: str) -> Letter:
    return Letter(
        to=facts.to,
        language=facts.language,
        subject=subject,
        heading=subject,
        paragraphs=tuple(each for each in (lead, facts.why) if each),
        facts=(
            *_what(facts),
            *told(
                (_("Takes"), "" if facts.slot else minutes(facts)),
                (_("By"), "" if facts.slot else day(facts.on)),
                (_("They want to know"), facts.questions),
                (_("Please answer by"), moment(facts.answer_by)),
            ),
        ),
        actions=(Action(_("Answer: yes, no, or not now"), facts.url),),
        small_print=(
            _("Nothing happens by opening the link: you decide on the page it leads to. It is yours alone."),
            *_preferences(),
        ),
    )


def _lead(facts: Facts) -> str:
    return _(
        "%(requester)s asks whether you would help with this: %(activity)s. You decide, and no is a fine answer."
    ) % {
        "requester": facts.requester,
        "activity": activity_words(facts.activity),
    }


def _what(facts: Facts) -> tuple[tuple[str, str], ...]:
    return told(
        (_("What"), activity_words(facts.activity)),
        (_("Who asks"), f"{facts.requester}, {facts.program}"),
        (_("For"), listed(facts.prospects)),
    ) + (() if facts.slot is None else tell_event(facts.slot))


def _when(facts: Facts) -> tuple[tuple[str, str], ...]:
    if facts.slot is not None:
        return (*tell_event(facts.slot), *told((_("From us"), facts.requester)))
    return told(
        (_("When"), moment(facts.starts_at)),
        (_("Takes"), minutes(facts)),
        (_("Where"), facts.meeting),
        (_("With"), listed(facts.prospects)),
        (_("From us"), facts.requester),
    )


def _title(facts: Facts) -> str:
    """What is met for, and with whom or where."""
    if facts.slot is not None:
        return _("%(activity)s: %(event)s") % {"activity": activity_words(facts.activity), "event": facts.slot.event}
    return _("%(activity)s with %(who)s") % {"activity": activity_words(facts.activity), "who": _with_whom(facts)}


def _thanks_for(facts: Facts) -> tuple[str, ...]:
    if facts.slot is not None:
        return (_("You spoke for us: %(event)s. That means a lot to us.") % {"event": facts.slot.event},)
    return (
        _("You took time for somebody who stands where you once stood. That means a lot to us."),
        _("We will tell you how it ended."),
    )


def _with_whom(facts: Facts) -> str:
    return listed(facts.prospects) or facts.requester


def _prepare(facts: Facts) -> tuple[str, ...]:
    """The preparation sheet in a few lines."""
    lines = [facts.why] if facts.why else []
    if facts.slot is not None:
        help_offered = _("%(requester)s gets in touch with you about all the rest, and helps you prepare.")
        return (*lines, help_offered % {"requester": facts.requester})
    if facts.questions:
        lines.append(_("They would like to know: %(questions)s") % {"questions": facts.questions})
    lines.append(
        _("Simply say how it was for you, the good and the bad. There is nothing to sell, and nothing to prepare.")
    )
    return tuple(lines)


def _preferences() -> tuple[str, ...]:
    return (
        _(
            "Too much, or not for you? On your own page you set how often and for what we may ask, pause, or leave: "
            "%(url)s"
        )
        % {"url": absolute_url("/p/")},
    )
