"""The rows of requests and what becomes of them; one module per noun."""

from matching.models.aftermath import Feedback, Outcome
from matching.models.demand import RecruitingCandidate, RecruitingTask, UnmetDemand
from matching.models.matches import Approval, Match
from matching.models.proof import ProofUse, SavedSearch
from matching.models.requests import Request, RequestComment

__all__ = [
    "Approval",
    "Feedback",
    "Match",
    "Outcome",
    "ProofUse",
    "RecruitingCandidate",
    "RecruitingTask",
    "Request",
    "RequestComment",
    "SavedSearch",
    "UnmetDemand",
]
