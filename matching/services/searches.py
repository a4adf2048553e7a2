"""Writes saved searches, and promises the letters that tell what is new in them."""

from django.db import transaction
from django.utils import timezone

from delivery.mails import send_later
from delivery.promises import enqueue
from matching.kinds import CHECK_SEARCH, LETTER_SEARCH
from matching.models import SavedSearch
from matching.searches import MOST_FOLLOWED, NOUNS, filter_search, find_ids, read_news, told_ids
from references.errors import DomainError
from references.services.saving import save_checked
from users.models import User

MOST_SEARCHES = 50
MOST_TOLD = 200


@transaction.atomic
def save_search(*, user: User, name: str, noun: str, query: str, mails: bool = True) -> SavedSearch:
    """Save a list with its filters; what fits now is no news.

    Raises DomainError: unknown_noun, invalid_filters, too_many, name_taken, and what is wrong with a field.
    """
    if noun not in NOUNS:
        raise DomainError("unknown_noun", f"'{noun}' is nothing to search for.", "noun")
    filters = filter_search(noun, query, user)
    if not filters.form.is_valid():
        raise DomainError("invalid_filters", "These filters make no sense.", "query")
    if SavedSearch.objects.filter(user=user).count() >= MOST_SEARCHES:
        raise DomainError("too_many", f"You can keep {MOST_SEARCHES} searches; delete one first.")
    search = SavedSearch(user=user, noun=noun, query=query, mails=mails, looked_at=timezone.now())
    search.known = _seen(frozenset(find_ids(filters)))
    _rename(search, name)
    return search


@transaction.atomic
def change_search(*, search: SavedSearch, name: str, mails: bool) -> SavedSearch:
    """Rename a search, and say whether its news are mailed. Raises DomainError: name_taken, and a field's own fault."""
    search = SavedSearch.objects.select_for_update(no_key=True).get(pk=search.pk)
    search.mails = mails
    _rename(search, name)
    return search


def delete_search(*, search: SavedSearch) -> None:
    """Forget a search."""
    SavedSearch.objects.filter(pk=search.pk).delete()


@transaction.atomic
def look_at_search(*, search: SavedSearch) -> None:
    """Note that its owner looks now: what fits is no news from here on."""
    row = SavedSearch.objects.select_for_update(no_key=True).select_related("user").get(pk=search.pk)
    filters = filter_search(row.noun, row.query, row.user)
    if filters.form.is_valid():
        row.known = _seen(find_ids(filters))
    row.looked_at = timezone.now()
    row.save(update_fields=["known", "looked_at"])


@transaction.atomic
def promise_checks() -> int:
    """Promise today's look at every search whose owner wants mail; gives how many. Twice a day is once."""
    wanted = SavedSearch.objects.filter(mails=True, user__is_active=True).exclude(user__email="")
    today = timezone.localdate()
    ids = list(wanted.order_by("pk").values_list("pk", flat=True))
    for pk in ids:
        enqueue(kind=CHECK_SEARCH, key=f"{CHECK_SEARCH}:{pk}:{today}", payload={"search": pk})
    return len(ids)


@transaction.atomic
def check_search(*, search_id: int) -> bool:
    """Promise a letter where something fits that its owner has neither seen nor been told of; False for no letter."""
    search = SavedSearch.objects.select_for_update(no_key=True).select_related("user").filter(pk=search_id).first()
    if search is None or not search.mails or not search.user.is_active:
        return False
    told = told_ids(search)
    fresh = sorted(read_news(search).new - told)
    if not fresh:
        return False
    search.known = {**_seen_of(search), "told": sorted(told | set(fresh))}
    search.save(update_fields=["known"])
    key = f"{LETTER_SEARCH}:{search.pk}:{timezone.localdate()}"
    send_later(kind=LETTER_SEARCH, key=key, payload={"search": search.pk, "new": fresh[:MOST_TOLD]})
    return True


def _rename(search: SavedSearch, name: str) -> None:
    search.name = " ".join(name.split())
    taken = SavedSearch.objects.filter(user=search.user_id, name=search.name).exclude(pk=search.pk)
    if taken.exists():
        raise DomainError("name_taken", "You have a search of this name already.", "name")
    save_checked(search)


def _seen(ids: frozenset[int]) -> dict[str, list[int]]:
    return {"seen": sorted(ids)[:MOST_FOLLOWED], "told": []}


def _seen_of(search: SavedSearch) -> dict[str, list[int]]:
    return dict(search.known) if isinstance(search.known, dict) else _seen(frozenset())
