"""Takes matches back: by us, with the promoter told where they had been asked."""

from delivery.links import revoke_links
from delivery.mails import send_later
from matching.enums import MatchStatus
from matching.kinds import LETTER_WITHDRAWN
from matching.models import Match
from matching.purposes import match_subject
from matching.services.states import move_match
from references.services.grants import revoke_grants
from users.models import User

HEARD_OF_IT = (MatchStatus.INVITED, MatchStatus.ACCEPTED, MatchStatus.SCHEDULED)


def withdraw_match(match: Match, *, by: User | None = None, why: str = "", tells: bool = True) -> None:
    """Withdraw a live match whose request is locked, inside a `pool_write`: links close, contact data is hidden again.

    A promoter who was asked is told, unless `tells` is false. Raises DomainError(move_not_allowed).
    """
    had_heard = match.status in HEARD_OF_IT
    move_match(match, MatchStatus.WITHDRAWN, by=by, why=why)
    close_doors(match)
    if had_heard and tells:
        send_later(kind=LETTER_WITHDRAWN, key=f"{LETTER_WITHDRAWN}:{match.pk}", payload={"match": match.pk})


def close_doors(match: Match) -> None:
    """Close the links to a match, and take back what its requester could see of the person."""
    revoke_links(subject=match_subject(match.pk))
    revoke_grants(source=match_subject(match.pk))
