"""Writes what changes about a recovery play under way: its owner, its day, comments, and the letter once it is late."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from advocacy.models import RecoveryPlay
from advocacy.querysets import OPEN_PLAYS
from advocacy.services.recovery import require_owner, tell_owner
from delivery.mails import send_later
from references.errors import DomainError
from references.services.saving import record_change, save_checked
from users.models import User

LETTER_OVERDUE = "recovery_overdue"
MOST_SWEPT = 500
LONGEST_COMMENT = 300


@transaction.atomic
def change_play(*, play: RecoveryPlay, owner: User | None, due_on: date, by: User) -> RecoveryPlay:
    """Give a play to somebody else, or another day; a new owner hears of it by letter.

    Raises DomainError: play_over, owner_may_not_see, or a field's own code.
    """
    row = _lock(play)
    if row.status not in OPEN_PLAYS:
        raise DomainError("play_over", _("This play has ended."))
    has_new_owner = owner is not None and owner.pk != row.owner_id
    if has_new_owner:
        require_owner(owner, row.contact)
    told = _tell_changes(row, owner, due_on)
    if not told:
        return row
    row.owner, row.due_on = owner, due_on
    save_checked(row, update_fields=["owner", "due_on"])
    change = record_change(subject=row, before=row.status, after=row.status, by=by, why=" ".join(told))
    if has_new_owner:
        tell_owner(row, by=by, key=change.pk)
    play.refresh_from_db()
    return play


@transaction.atomic
def comment_play(*, play: RecoveryPlay, text: str, by: User) -> None:
    """Keep a word in the history of a play; raises DomainError: comment_empty, comment_too_long."""
    text = text.strip()
    if not text:
        raise DomainError("comment_empty", _("Write something first."), "text")
    if len(text) > LONGEST_COMMENT:
        message = _("Keep it to %(n)s characters.") % {"n": LONGEST_COMMENT}
        raise DomainError("comment_too_long", message, "text")
    row = _lock(play)
    record_change(subject=row, before=row.status, after=row.status, by=by, why=text)


def remind_overdue(*, today: date | None = None) -> int:
    """Promise each owner a letter about plays whose day is over, once per play and day; gives how many are late."""
    late = RecoveryPlay.objects.open().filter(due_on__lt=today or timezone.localdate(), owner__is_active=True)
    rows = list(late.order_by("due_on", "pk").values_list("pk", "due_on", "owner")[:MOST_SWEPT])
    for pk, due_on, owner_id in rows:
        with transaction.atomic():
            send_later(kind=LETTER_OVERDUE, key=f"recovery-overdue:{pk}:{due_on}:{owner_id}", payload={"play": pk})
    return len(rows)


def _lock(play: RecoveryPlay) -> RecoveryPlay:
    rows = RecoveryPlay.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("contact__customer", "owner").get(pk=play.pk)


def _tell_changes(row: RecoveryPlay, owner: User | None, due_on: date) -> list[str]:
    told = []
    if (owner.pk if owner else None) != row.owner_id:
        told.append(_("Given to %(owner)s.") % {"owner": owner} if owner else _("Given to nobody."))
    if due_on != row.due_on:
        told.append(_("Due on %(day)s, not %(before)s.") % {"day": due_on, "before": row.due_on})
    return told
