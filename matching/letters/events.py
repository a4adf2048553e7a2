"""What a promoter is told of an event they are asked to speak at, in the language and the zone that are current."""

from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from references.models import SpeakingSlot


def tell_event(slot: SpeakingSlot) -> tuple[tuple[str, str], ...]:
    """Each fact with its name, in reading order, those that are not known left out."""
    here = timezone.get_current_timezone_name()
    pairs = (
        (_("Event"), slot.event),
        (_("Topic"), slot.topic),
        (_("When"), _moment(slot, here)),
        (_("There it is"), _moment(slot, slot.time_zone) if slot.time_zone != here else ""),
        (_("Where"), slot.place),
        (_("Takes"), _("about %(minutes)s minutes") % {"minutes": slot.minutes}),
        (_("Format"), slot.format),
        (_("Audience"), slot.audience),
        (_("Language"), _language(slot.language)),
        (_("Travel"), slot.travel),
        (_("More"), slot.url),
    )
    return tuple((name, value) for name, value in pairs if value)


def _moment(slot: SpeakingSlot, zone: str) -> str:
    local = timezone.localtime(slot.starts_at, ZoneInfo(zone))
    return f"{date_format(local, 'DATETIME_FORMAT')} ({zone})"


def _language(code: str) -> str:
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code
