"""Saves searches of the demonstration's marketer, one of them with something new in it."""

from datetime import timedelta

from matching.demo.stage import Stage
from matching.models import SavedSearch
from matching.services.searches import save_search

SEARCHES = (
    ("Quotes from banks for the web", "testimonial", "industry=banking&channel=web", 6),
    ("Speakers who may go on stage in Germany", "speaker", "activity=speaking&region=germany", 13),
)
NEW = 2


def tell_searches(stage: Stage) -> int:
    """Write the searches, the first with pieces in it that were not there when it was last looked at; gives how many.

    They are marked as told, so that no letter goes out for them.
    """
    user = stage.users["marketer"]
    SavedSearch.objects.filter(user=user, name__in=[name for name, *_ in SEARCHES]).delete()
    for place, (name, noun, query, ago) in enumerate(SEARCHES):
        row = save_search(user=user, name=name, noun=noun, query=query, mails=True)
        looked_at = stage.now - timedelta(days=ago)
        if place == 0:
            seen = row.known["seen"]
            row.known = {"seen": seen[:-NEW], "told": seen[-NEW:]}
            row.save(update_fields=["known"])
        stage.past.date(row, looked_at=looked_at, created_at=looked_at)
    return len(SEARCHES)
