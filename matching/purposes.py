"""The purposes of signed links that requests give out, and how their subjects are written."""

INVITATION = "invitation"
APPROVAL = "approval"
FEEDBACK = "feedback"
HUB = "hub"
CALENDAR_OF_USER = "calendar_of_user"
CALENDAR_OF_PROGRAM = "calendar_of_program"
CALENDAR_OF_PROMOTER = "calendar_of_promoter"
CALENDARS = (CALENDAR_OF_USER, CALENDAR_OF_PROGRAM, CALENDAR_OF_PROMOTER)


def match_subject(match_id: int) -> str:
    """Subject of a link to one match: "match:12"."""
    return f"match:{match_id}"


def approval_subject(approval_id: int, user_id: int) -> str:
    """Subject of one user's link to one approval: "approval:7:user:3"."""
    return f"approval:{approval_id}:user:{user_id}"


def contact_subject(contact_id: int) -> str:
    """Subject of a promoter's own page: "contact:5"."""
    return f"contact:{contact_id}"


def user_subject(user_id: int) -> str:
    """Subject of what is one user's own: "user:3"."""
    return f"user:{user_id}"


def ids_in(subject: str) -> tuple[int, ...]:
    """The ids of a subject, in order: "approval:7:user:3" gives (7, 3)."""
    return tuple(int(part) for part in subject.split(":")[1::2])
