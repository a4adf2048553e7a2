"""The purposes of signed links that surveys give out, and how their subjects are written."""

SURVEY = "survey"
"""Opens one person's survey, while its campaign runs."""
SURVEY_STOP = "survey_stop"
"""Opens the page by which one person ends surveys for good, long after the survey itself is over."""


def invitation_subject(invitation_id: int) -> str:
    """Subject of a link to one invitation: "invitation:12"."""
    return f"invitation:{invitation_id}"


def invitation_id_in(subject: str) -> int:
    """The id of a subject: "invitation:12" gives 12."""
    return int(subject.partition(":")[2])
