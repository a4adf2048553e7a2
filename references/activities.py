"""The one table of activities: effort, rung, notice and other names of all that a promoter can be asked to do."""

from dataclasses import dataclass

from django.utils.translation import gettext_noop as _


@dataclass(frozen=True, slots=True)
class Activity:
    """One kind of ask: `effort` is the fatigue weight w, `lead_days` its notice, `live` whether people meet."""

    code: str
    label: str
    effort: float
    rung: int
    lead_days: int
    live: bool
    also: tuple[str, ...] = ()

    @property
    def is_light(self) -> bool:
        """True below effort .5: weighs on the person only, outside caps and spill (docs/matching.md, fatigue)."""
        return self.effort < 0.5


ACTIVITIES: tuple[Activity, ...] = (
    Activity("survey", _("Survey"), 0.2, 0, 0, False, ("nps",)),
    Activity("share", _("Shared post"), 0.2, 1, 0, False, ("share a post", "social share")),
    Activity("logo", _("Logo use"), 0.2, 2, 5, False, ("logo",)),
    Activity("quote", _("Quote"), 0.25, 2, 5, False, ("testimonial", "written quote", "written testimonial")),
    Activity("review", _("Review"), 0.5, 3, 5, False, ("review site", "online review")),
    Activity("beta", _("Beta test"), 0.5, 3, 10, False, ("early adopter", "beta tester", "beta program")),
    Activity("referral", _("Referral"), 0.5, 8, 0, False, ("introduction", "lead")),
    Activity("group_call", _("Group call"), 0.8, 4, 10, True, ("reference webinar", "peer round table", "roundtable")),
    Activity("call", _("Reference call"), 1.0, 4, 3, True, ("live reference", "reference", "phone reference")),
    Activity("press", _("Press interview"), 1.4, 5, 5, True, ("journalist", "media interview", "reporter")),
    Activity("analyst", _("Analyst interview"), 1.4, 5, 5, True, ("analyst call", "analyst briefing")),
    Activity("webinar", _("Webinar"), 1.6, 6, 21, True, ("podcast", "panel online", "online panel")),
    Activity("advisory", _("Advisory board"), 2.0, 6, 30, True, ("customer advisory board", "cab")),
    Activity("case_study", _("Case study"), 2.2, 6, 30, False, ("success story", "written story")),
    Activity("video", _("Video testimonial"), 2.2, 6, 30, True, ("video", "on camera", "filmed testimonial")),
    Activity("speaking", _("Speaking"), 2.5, 7, 60, True, ("event", "conference", "keynote", "speaker", "panel")),
    Activity("site_visit", _("Site visit"), 3.2, 7, 21, True, ("on-site reference", "onsite visit", "plant tour")),
)

BY_CODE: dict[str, Activity] = {activity.code: activity for activity in ACTIVITIES}
CODES: tuple[str, ...] = tuple(BY_CODE)
CHOICES: list[tuple[str, str]] = [(activity.code, activity.label) for activity in ACTIVITIES]
