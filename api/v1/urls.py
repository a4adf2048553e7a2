"""Addresses of version 1."""

from django.contrib.auth.decorators import login_required
from django.urls import URLPattern, URLResolver, include, path, re_path
from rest_framework.routers import SimpleRouter

from api.v1.adopters import AdopterProgramViewSet, AdopterSeatViewSet
from api.v1.after_yes import MatchCalendarView, MatchContactDataView
from api.v1.approvals import ApprovalViewSet
from api.v1.ask_assignments import AskAssignmentViewSet
from api.v1.asks import AskCampaignViewSet, AskSuggestionsView, AskViewSet, ReviewSiteViewSet
from api.v1.benchmarks import BenchmarkViewSet
from api.v1.candidates import RequestCandidatesView
from api.v1.content import CaseStudyViewSet, TestimonialViewSet
from api.v1.customers import CustomerViewSet
from api.v1.demand import DemandViewSet, TaskViewSet
from api.v1.disclosures import DisclosureViewSet
from api.v1.documents import DocumentView, SchemaView
from api.v1.duplicates import DuplicateViewSet
from api.v1.engagements import EngagementViewSet
from api.v1.errors import NotFoundView
from api.v1.exports import export_paths
from api.v1.figures import FiguresView
from api.v1.matches import MatchSearchView
from api.v1.moments import MomentViewSet
from api.v1.nominations import NominationViewSet
from api.v1.nps import AtRiskViewSet, NpsViewSet
from api.v1.points import BadgeViewSet, LeaderboardView, LevelViewSet, PointsAccountViewSet, PointsEntryViewSet
from api.v1.policies import PolicyViewSet
from api.v1.promoters import PromoterViewSet
from api.v1.proof_points import ProofPointViewSet
from api.v1.recovery_plays import RecoveryPlayViewSet
from api.v1.referrals import LeadContactDataView, ReferralViewSet
from api.v1.removals import RemovalsView
from api.v1.request_matches import RequestMatchViewSet
from api.v1.requests import RequestViewSet
from api.v1.rewards import RedemptionViewSet, RewardViewSet
from api.v1.segments import CustomerSegmentsView, QuietAdvocateViewSet
from api.v1.speakers import SpeakerViewSet
from api.v1.speaking_slots import SpeakingSlotViewSet
from api.v1.survey_responses import SurveyResponseViewSet
from api.v1.surveys import SurveyCampaignViewSet, SurveyInvitationViewSet
from api.v1.tags import TagViewSet
from api.v1.webhooks import WebhookLogView, WebhookViewSet

app_name = "v1"

router = SimpleRouter(use_regex_path=False)
router.register("promoters", PromoterViewSet, basename="promoter")
router.register("customers", CustomerViewSet, basename="customer")
router.register("tags", TagViewSet, basename="tag")
router.register("speakers", SpeakerViewSet, basename="speaker")
router.register("testimonials", TestimonialViewSet, basename="testimonial")
router.register("case-studies", CaseStudyViewSet, basename="case-study")
router.register("proof-points", ProofPointViewSet, basename="proof-point")
router.register("speaking-slots", SpeakingSlotViewSet, basename="speaking-slot")
router.register("nominations", NominationViewSet, basename="nomination")
router.register("engagements", EngagementViewSet, basename="engagement")
router.register("disclosures", DisclosureViewSet, basename="disclosure")
router.register("duplicates", DuplicateViewSet, basename="duplicate")
router.register("requests", RequestViewSet, basename="request")
router.register("approvals", ApprovalViewSet, basename="approval")
router.register("unmet-demands", DemandViewSet, basename="unmet-demand")
router.register("recruiting-tasks", TaskViewSet, basename="recruiting-task")
router.register("policies", PolicyViewSet, basename="policy")
router.register("webhooks", WebhookViewSet, basename="webhook")
router.register("survey-campaigns", SurveyCampaignViewSet, basename="survey-campaign")
router.register("survey-invitations", SurveyInvitationViewSet, basename="survey-invitation")
router.register("survey-responses", SurveyResponseViewSet, basename="survey-response")
router.register("benchmarks", BenchmarkViewSet, basename="benchmark")
router.register("asks", AskViewSet, basename="ask")
router.register("review-sites", ReviewSiteViewSet, basename="review-site")
router.register("ask-campaigns", AskCampaignViewSet, basename="ask-campaign")
router.register("ask-assignments", AskAssignmentViewSet, basename="ask-assignment")
router.register("points-accounts", PointsAccountViewSet, basename="points-account")
router.register("points-entries", PointsEntryViewSet, basename="points-entry")
router.register("levels", LevelViewSet, basename="level")
router.register("badges", BadgeViewSet, basename="badge")
router.register("rewards", RewardViewSet, basename="reward")
router.register("redemptions", RedemptionViewSet, basename="redemption")
router.register("referrals", ReferralViewSet, basename="referral")
router.register("recovery-plays", RecoveryPlayViewSet, basename="recovery-play")
router.register("moments", MomentViewSet, basename="moment")
router.register("adopter-programs", AdopterProgramViewSet, basename="adopter-program")
router.register("adopter-seats", AdopterSeatViewSet, basename="adopter-seat")

MATCH_VERBS = (
    "approve", "reject", "swap", "accept", "decline", "schedule", "complete", "no_show", "cancel", "feedback",
)  # fmt: skip
MATCHES, MATCH = "requests/<int:pk>/matches/", "requests/<int:pk>/matches/<int:match_id>/"
matches = [
    path("requests/<int:pk>/candidates/", RequestCandidatesView.as_view(), name="request-candidates"),
    path(MATCHES, RequestMatchViewSet.as_view({"get": "list", "post": "create"}), name="request-matches"),
    path(MATCH, RequestMatchViewSet.as_view({"get": "retrieve"}), name="request-match"),
    path(f"{MATCH}contact-data/", MatchContactDataView.as_view(), name="request-match-contact-data"),
    path(f"{MATCH}calendar/", MatchCalendarView.as_view(), name="request-match-calendar"),
    *(
        path(f"{MATCH}{slug}/", RequestMatchViewSet.as_view({"post": verb}), name=f"request-match-{slug}")
        for verb, slug in ((verb, verb.replace("_", "-")) for verb in MATCH_VERBS)
    ),
]

scores = [
    path("nps/", NpsViewSet.as_view({"get": "overall"}), name="nps"),
    path("nps/trend/", NpsViewSet.as_view({"get": "trend"}), name="nps-trend"),
    path("nps/segments/", NpsViewSet.as_view({"get": "segments"}), name="nps-segments"),
    path("nps/at-risk/", AtRiskViewSet.as_view({"get": "list"}), name="nps-at-risk"),
]

advocacy = [
    path("ask-suggestions/", AskSuggestionsView.as_view({"get": "suggest"}), name="ask-suggestions"),
    path("leaderboard/", LeaderboardView.as_view({"get": "read_board"}), name="leaderboard"),
    path("customer-segments/", CustomerSegmentsView.as_view({"get": "split"}), name="customer-segments"),
    path("quiet-advocates/", QuietAdvocateViewSet.as_view({"get": "list"}), name="quiet-advocates"),
    path(
        "referrals/<int:pk>/contact-data/",
        LeadContactDataView.as_view({"post": "disclose"}),
        name="referral-contact-data",
    ),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("matches/search/", MatchSearchView.as_view(), name="match-search"),
    path("", include(matches)),
    path("", include(scores)),
    path("", include(advocacy)),
    path("webhooks/<uuid:webhook_id>/deliveries/", WebhookLogView.as_view(), name="webhook-log"),
    path("figures/", FiguresView.as_view(), name="figures"),
    path("removals/", RemovalsView.as_view(), name="removals"),
    path("", include(router.urls)),
    path("", include(export_paths())),
    path("schema/", SchemaView.as_view(), name="schema"),
    path("docs/", login_required(DocumentView.as_view(url_name="api:v1:schema")), name="docs"),
    re_path(r"", NotFoundView.as_view(), name="not-found"),
]
