"""The codes of what surveys promise in the outbox: letters and effects."""

LETTER_INVITATION = "survey_invitation"
LETTER_REMINDER = "survey_reminder"

INVITE = "survey.invite"
"""Invite the audience of a campaign that has begun."""
UNDELIVERED = "survey.undelivered"
"""Note that a letter of invitation could never be delivered."""
CLOSE_OFF = "survey.close_off"
"""Settle the invitations of a campaign that has closed."""

INVITE_JOB = "survey_invite"
"""The job by which many are invited, with progress."""
