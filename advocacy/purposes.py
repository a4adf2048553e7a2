"""The purposes of signed links that advocacy gives out, and how their subjects are written."""

ASK_LINK = "ask"
"""By which a promoter answers one ask."""
SEAT_LINK = "seat"
"""By which a promoter takes a seat in an early-adopter program, and says what they found."""
REFER_NAMED_LINK = "refer_named"
"""By which others come to us through a promoter, whose first name the page says."""
REFER_UNNAMED_LINK = "refer"
"""The same, without a name."""
REFER_LINKS = (REFER_NAMED_LINK, REFER_UNNAMED_LINK)
LEAD_LINK = "lead"
"""By which a lead sees what we keep of them, and has it erased."""


def assignment_subject(assignment_id: int) -> str:
    """Subject of the link to one ask of one person: "assignment:12"."""
    return f"assignment:{assignment_id}"


def seat_subject(seat_id: int) -> str:
    """Subject of the link to one seat in a program: "seat:12"."""
    return f"seat:{seat_id}"


def referrer_subject(contact_id: int) -> str:
    """Subject of the link through which others come to us: "referrer:5"."""
    return f"referrer:{contact_id}"
