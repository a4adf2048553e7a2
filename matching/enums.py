"""The fixed word lists of requests: statuses, who chose, how an answer was given, and what came of a deal."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RequestStatus(models.TextChoices):
    DRAFT = "draft", _("draft")
    OPEN = "open", _("open")
    FULFILLED = "fulfilled", _("fulfilled")
    CLOSED = "closed", _("closed")
    CANCELLED = "cancelled", _("cancelled")
    UNMET = "unmet", _("unmet")
    EXPIRED = "expired", _("expired")


UNSETTLED = (RequestStatus.DRAFT, RequestStatus.OPEN, RequestStatus.UNMET)
"""A request for which somebody is still looked for, or will be."""


class Urgency(models.TextChoices):
    NORMAL = "normal", _("Normal")
    URGENT = "urgent", _("Urgent")


class MatchStatus(models.TextChoices):
    PROPOSED = "proposed", _("proposed")
    OWNER_REVIEW = "owner_review", _("with the account owner")
    MANAGER_REVIEW = "manager_review", _("with the manager")
    APPROVED = "approved", _("approved")
    INVITED = "invited", _("invited")
    ACCEPTED = "accepted", _("accepted")
    SCHEDULED = "scheduled", _("scheduled")
    COMPLETED = "completed", _("completed")
    REJECTED = "rejected", _("rejected")
    DECLINED = "declined", _("declined")
    NO_ANSWER = "no_answer", _("no answer")
    WITHDRAWN = "withdrawn", _("withdrawn")
    CANCELLED = "cancelled", _("cancelled by the customer")
    NO_SHOW = "no_show", _("did not take place")


IN_REVIEW = (MatchStatus.OWNER_REVIEW, MatchStatus.MANAGER_REVIEW)
BEFORE_ASKING = (MatchStatus.PROPOSED, *IN_REVIEW, MatchStatus.APPROVED)
SAID_YES = (MatchStatus.ACCEPTED, MatchStatus.SCHEDULED, MatchStatus.COMPLETED)
LIVE = (*BEFORE_ASKING, MatchStatus.INVITED, MatchStatus.ACCEPTED, MatchStatus.SCHEDULED)
"""A match that still goes somewhere: it fills its slot, and its person is held, asked or booked."""


class ChosenBy(models.TextChoices):
    """Who put a match forward: the ranking, the salesperson, a manager, the rule after a no, or a draw."""

    RANKING = "ranking", _("the ranking")
    REQUESTER = "requester", _("the requester")
    MANAGER = "manager", _("a manager")
    NEXT_BEST = "next_best", _("next best after a no")
    EXPLORATION = "exploration", _("a fair chance for someone new")


class ApprovalStep(models.TextChoices):
    OWNER = "owner", _("Account owner")
    MANAGER = "manager", _("Reference manager")


class ApprovalStatus(models.TextChoices):
    PENDING = "pending", _("pending")
    APPROVED = "approved", _("approved")
    REJECTED = "rejected", _("rejected")
    SUPERSEDED = "superseded", _("no longer needed")


class DeclineReason(models.TextChoices):
    NO_TIME = "no_time", _("No time")
    NOT_NOW = "not_now", _("Not now, maybe later")
    NOT_THIS = "not_this", _("Not this kind of thing")
    NOT_SUITED = "not_suited", _("Somebody else would suit better")
    POLICY = "policy", _("My employer does not allow it")
    UNHAPPY = "unhappy", _("I am not happy at the moment")
    OTHER = "other", _("Another reason")


class Side(models.TextChoices):
    """Whose view a feedback is."""

    REQUESTER = "requester", _("Requester")
    PROMOTER = "promoter", _("Promoter")


class DealResult(models.TextChoices):
    WON = "won", _("Won")
    LOST = "lost", _("Lost")


class TaskStatus(models.TextChoices):
    OPEN = "open", _("open")
    DONE = "done", _("done")
    DISMISSED = "dismissed", _("dismissed")


class Via(models.TextChoices):
    """The door through which something came in."""

    PAGE = "page", _("page")
    API = "api", _("API")
    TERMINAL = "terminal", _("terminal")
    PROMOTER = "promoter", _("promoter's page")
