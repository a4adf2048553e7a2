"""How advocacy is run now: the one row of settings, made with its defaults where nobody has touched it."""

from advocacy.enums import Stage
from advocacy.models import AdvocacySettings


def current_settings() -> AdvocacySettings:
    """The settings as they stand; unsaved defaults where nobody has kept any. One query."""
    return AdvocacySettings.objects.filter(pk=1).first() or AdvocacySettings(pk=1)


def shares_of(row: AdvocacySettings) -> dict[str, int]:
    """The share in percent of each stage, in their order."""
    return {
        Stage.ACCEPTED: row.share_accepted,
        Stage.SCHEDULED: row.share_scheduled,
        Stage.DONE: row.share_done,
        Stage.CONFIRMED: row.share_confirmed,
    }
