"""Notes on a recovery play what the person themselves would like, as one more step of it."""

from datetime import date

from django.db import transaction
from django.db.models import Max, Q
from django.utils.translation import gettext as _

from advocacy.enums import PlayKind
from advocacy.models import PlayStep, RecoveryPlay
from advocacy.services.recovery import open_play
from references.errors import DomainError
from references.models import Contact

LONGEST = 200


@transaction.atomic
def note_wish(
    *, contact: Contact, wish: str, words: str = "", source: str, score: int | None = None, on: date | None = None
) -> PlayStep:
    """Note that a person wishes for one of the kinds of plays; who has no open play gets one. The same wish is once.

    Raises DomainError: unknown_wish, has_opted_out.
    """
    if wish not in PlayKind.values:
        raise DomainError("unknown_wish", f"There is no play '{wish}'.", "wish")
    label = str(PlayKind(wish).label)
    play = RecoveryPlay.objects.open().filter(contact=contact).first() or open_play(
        contact=contact,
        source=_unused(source),
        why=_("They wish: %(wish)s") % {"wish": label},
        score=score,
        score_on=on,
    )
    play = RecoveryPlay.objects.select_for_update(no_key=True).get(pk=play.pk)
    text = _("They wish: %(wish)s") % {"wish": label}
    if words.strip():
        text = f"{text}: “{' '.join(words.split())[:LONGEST]}”"
    there = play.steps.filter(text=text).first()
    if there is not None:
        return there
    last = play.steps.aggregate(last=Max("position"))["last"] or 0
    return PlayStep.objects.create(play=play, position=last + 1, text=text[:300])


def _unused(source: str) -> str:
    """The source of a new play: the one that `source` opened before may be over."""
    tries = RecoveryPlay.objects.filter(Q(source=source) | Q(source__startswith=f"{source}:")).count()
    return f"{source}:{tries}" if tries else source
