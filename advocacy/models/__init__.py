"""The rows of advocacy, by noun."""

from advocacy.models.adopters import AdopterFeedback, AdopterProgram, AdopterSeat
from advocacy.models.asks import Ask, AskAssignment, AskCampaign, ReviewSite
from advocacy.models.handovers import FraudFlag, Handover
from advocacy.models.points import Badge, BadgeAward, Level, PointsAccount, PointsEntry, PointsRule
from advocacy.models.recovery import PlayStep, PlayTemplate, RecoveryPlay
from advocacy.models.referrals import Referral
from advocacy.models.rewards import GiftRule, Redemption, Reward
from advocacy.models.settings import AdvocacySettings

__all__ = [
    "AdopterFeedback",
    "AdopterProgram",
    "AdopterSeat",
    "AdvocacySettings",
    "Ask",
    "AskAssignment",
    "AskCampaign",
    "Badge",
    "BadgeAward",
    "FraudFlag",
    "GiftRule",
    "Handover",
    "Level",
    "PlayStep",
    "PlayTemplate",
    "PointsAccount",
    "PointsEntry",
    "PointsRule",
    "RecoveryPlay",
    "Redemption",
    "Referral",
    "ReviewSite",
    "Reward",
]
