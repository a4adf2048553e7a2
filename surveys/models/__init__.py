"""The rows of surveys, by noun."""

from surveys.models.campaigns import Campaign, Invitation, SurveyOptOut
from surveys.models.responses import Amendment, Benchmark, Response, Topic

__all__ = ["Amendment", "Benchmark", "Campaign", "Invitation", "Response", "SurveyOptOut", "Topic"]
