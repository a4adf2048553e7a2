"""The fixed word lists of advocacy; every status and kind is one of these."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class AssignmentStatus(models.TextChoices):
    """Where one ask of one person stands."""

    ASKED = "asked", _("asked")
    ACCEPTED = "accepted", _("accepted")
    SCHEDULED = "scheduled", _("scheduled")
    DONE = "done", _("done")
    CONFIRMED = "confirmed", _("confirmed")
    DECLINED = "declined", _("declined")
    NO_ANSWER = "no_answer", _("no answer")
    WITHDRAWN = "withdrawn", _("withdrawn")
    CANCELLED = "cancelled", _("cancelled")


class AskCampaignStatus(models.TextChoices):
    DRAFT = "draft", _("draft")
    RUNNING = "running", _("running")
    CLOSED = "closed", _("closed")


class Stage(models.TextChoices):
    """How far taking part has come; each stage is worth its share of the points, once."""

    ACCEPTED = "accepted", _("accepted")
    SCHEDULED = "scheduled", _("scheduled")
    DONE = "done", _("done")
    CONFIRMED = "confirmed", _("confirmed")


class EntryKind(models.TextChoices):
    """Why points moved."""

    EARNED = "earned", _("earned")
    REVERSED = "reversed", _("taken back")
    SPENT = "spent", _("spent")
    REFUNDED = "refunded", _("given back")
    EXPIRED = "expired", _("expired")
    ADJUSTED = "adjusted", _("adjusted by hand")


class BadgeRule(models.TextChoices):
    """What earns a badge."""

    FIRST_ACT = "first_act", _("Did something for the first time")
    ACTS = "acts", _("Did a number of things")
    KINDS = "kinds", _("Did a number of different things")
    RUNG = "rung", _("Reached a rung of the ladder")
    REFERRALS_WON = "referrals_won", _("Referred customers who bought")
    YEARS = "years", _("Years in the program")


class RewardKind(models.TextChoices):
    VIP_SEAT = "vip_seat", _("VIP seat")
    DISCOUNT = "discount", _("Discount")
    SWAG = "swag", _("Swag")
    LUNCH = "lunch", _("Lunch")
    CHARITY = "charity", _("Gift to a charity")
    OTHER = "other", _("Something else")


class RedemptionStatus(models.TextChoices):
    REQUESTED = "requested", _("waiting for approval")
    APPROVED = "approved", _("approved")
    FULFILLED = "fulfilled", _("handed over")
    REJECTED = "rejected", _("not approved")
    CANCELLED = "cancelled", _("cancelled")


class ReferralStatus(models.TextChoices):
    NEW = "new", _("new")
    QUALIFIED = "qualified", _("qualified")
    WON = "won", _("won")
    LOST = "lost", _("lost")
    DISQUALIFIED = "disqualified", _("disqualified")


class ReferralVia(models.TextChoices):
    HUB = "hub", _("their own page")
    LINK = "link", _("their personal link")
    PAGE = "page", _("noted by us")
    API = "api", _("API")


class PlayKind(models.TextChoices):
    """How somebody who is not happy is won back."""

    CALL = "call", _("Call by the account owner")
    TRAINING = "training", _("Training")
    USER_GROUP = "user_group", _("User group")
    FEEDBACK = "feedback", _("Feedback round")
    BETA = "beta", _("Beta test")


class PlayStatus(models.TextChoices):
    OPEN = "open", _("open")
    IN_PROGRESS = "in_progress", _("in progress")
    DONE = "done", _("done")
    ABANDONED = "abandoned", _("given up")


class PlayResult(models.TextChoices):
    """What came of a play, told by the next score."""

    WAITING = "", _("no new score yet")
    RECOVERED = "recovered", _("promoter now")
    BETTER = "better", _("better")
    SAME = "same", _("the same")
    WORSE = "worse", _("worse")


class ProgramStatus(models.TextChoices):
    """Where an early-adopter program stands."""

    DRAFT = "draft", _("draft")
    RECRUITING = "recruiting", _("recruiting")
    RUNNING = "running", _("running")
    CLOSED = "closed", _("closed")


class SeatStatus(models.TextChoices):
    INVITED = "invited", _("invited")
    AGREED = "agreed", _("agreed")
    ACTIVE = "active", _("taking part")
    FINISHED = "finished", _("finished")
    DECLINED = "declined", _("declined")
    DROPPED = "dropped", _("dropped out")
    WITHDRAWN = "withdrawn", _("taken back")


class HandoverStatus(models.TextChoices):
    OPEN = "open", _("open")
    TAKEN = "taken", _("taken")
    DONE = "done", _("done")
    DECLINED = "declined", _("not now")


class FlagStatus(models.TextChoices):
    OPEN = "open", _("to be looked at")
    CLEARED = "cleared", _("nothing wrong")
    CONFIRMED = "confirmed", _("confirmed")
