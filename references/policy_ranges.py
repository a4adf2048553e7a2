"""What a policy's values must be beyond their type: ranges, known words, and hours in which anybody works at all."""

from dataclasses import replace
from datetime import date
from zoneinfo import available_timezones

from references.activities import CODES
from references.enums import Tier
from references.errors import DomainError
from references.policy import ApprovalRule, CapPolicy, FatiguePolicy, ProgramPolicy, RankingPolicy, ServicePolicy

APPROVERS = ("owner", "manager", "both", "none")
APPROVAL_BANDS = ("fresh", "soft", "approval")
MOST_RULES = 50
MOST_HOLIDAYS = 500
LONGEST_WHY = 300
MOST_DAYS = 3_650
MOST_HOURS = 2_000
_WORDS = {"activities": CODES, "tiers": tuple(Tier.values), "bands": APPROVAL_BANDS}
_MINUTES = {"24:00": 24 * 60}


def check_ranges(policy: ProgramPolicy) -> None:
    """Raises DomainError: wrong_setting, with the dotted key of the first setting out of range as `field`."""
    _check_fatigue(policy.fatigue)
    _check_caps(policy.caps)
    _check_ranking(policy.ranking)
    _check_service(policy.service)
    if len(policy.approvals) > MOST_RULES:
        raise wrong_setting("approvals", f"at most {MOST_RULES} rules")
    for place, rule in enumerate(policy.approvals):
        _check_rule(rule, f"approvals.{place}")
    if not 1 <= policy.hold_hours <= MOST_HOURS:
        raise wrong_setting("hold_hours", f"from 1 to {MOST_HOURS}")


def put_in_order(policy: ProgramPolicy) -> ProgramPolicy:
    """The same policy, what is chosen from a list in that list's order and once: so equal choices are equal."""
    service = policy.service
    return replace(
        policy,
        approvals=tuple(
            replace(
                rule,
                activities=_in_order("activities", rule.activities),
                tiers=_in_order("tiers", rule.tiers),
                bands=_in_order("bands", rule.bands),
            )
            for rule in policy.approvals
        ),
        service=replace(
            service,
            weekdays=tuple(sorted(set(service.weekdays))),
            holidays=tuple(sorted(set(service.holidays))),
        ),
    )


def minutes_of(clock: str) -> int | None:
    """Minutes after midnight of "HH:MM", "24:00" included; None for anything else."""
    hours, colon, minutes = clock.partition(":")
    if not (colon and len(hours) == len(minutes) == 2 and clock.replace(":", "").isascii()):
        return None
    if not (hours.isdigit() and minutes.isdigit() and int(hours) < 24 and int(minutes) < 60):
        return _MINUTES.get(clock)
    return int(hours) * 60 + int(minutes)


def wrong_setting(name: str, wanted: str) -> DomainError:
    """The refusal of a value that is not what is `wanted`."""
    return DomainError("wrong_setting", f"'{name}' must be {wanted}.", name)


def _check_fatigue(fatigue: FatiguePolicy) -> None:
    if not 0 < fatigue.soft < fatigue.needs_approval < fatigue.stop < 1:
        raise wrong_setting("fatigue.stop", "above needs_approval, which is above soft, all between 0 and 1")
    for name in ("half_life", "scale_normal", "scale_sensitive", "scale_ambassador"):
        if getattr(fatigue, name) <= 0:
            raise wrong_setting(f"fatigue.{name}", "above 0")
    for name in ("spill", "thanks", "reward", "relief_limit"):
        if getattr(fatigue, name) > 1:
            raise wrong_setting(f"fatigue.{name}", "at most 1")


def _check_caps(caps: CapPolicy) -> None:
    for name in CapPolicy.__slots__:
        if name.endswith("_days") and getattr(caps, name) > MOST_DAYS:
            raise wrong_setting(f"caps.{name}", f"at most {MOST_DAYS} days")


def _check_ranking(ranking: RankingPolicy) -> None:
    if ranking.stale_half_life <= 0:
        raise wrong_setting("ranking.stale_half_life", "above 0")
    if not ranking.band_similarity or max(ranking.band_similarity) > 1:
        raise wrong_setting("ranking.band_similarity", "shares of at most 1")
    if not 0 <= ranking.acceptance_default <= 1:
        raise wrong_setting("ranking.acceptance_default", "at most 1")
    if not any(ranking.weights.values()):
        raise wrong_setting("ranking.weights", "above 0 for some facet")


def _check_service(service: ServicePolicy) -> None:
    if service.time_zone not in available_timezones():
        raise wrong_setting("service.time_zone", "a time zone like Europe/Berlin")
    opens, closes = minutes_of(service.opens), minutes_of(service.closes)
    if opens is None:
        raise wrong_setting("service.opens", "a time like 09:00")
    if closes is None or closes - opens < 60:
        raise wrong_setting("service.closes", "a time like 17:00, at least an hour after opening")
    if not service.weekdays or not set(service.weekdays) <= set(range(7)):
        raise wrong_setting("service.weekdays", "some days from 0 (Monday) to 6 (Sunday)")
    if len(service.holidays) > MOST_HOLIDAYS or not all(map(_is_day, service.holidays)):
        raise wrong_setting("service.holidays", f"days like 2026-12-25, at most {MOST_HOLIDAYS}")
    for name in ServicePolicy.__slots__:
        if name.endswith("_hours") and not 0 < getattr(service, name) <= MOST_HOURS:
            raise wrong_setting(f"service.{name}", f"above 0 and at most {MOST_HOURS}")
    if not 1 <= service.invitation_days <= 365:
        raise wrong_setting("service.invitation_days", "from 1 to 365")
    if not 1 <= service.people_per_slot <= 20:
        raise wrong_setting("service.people_per_slot", "from 1 to 20")


def _check_rule(rule: ApprovalRule, name: str) -> None:
    if rule.approvers not in APPROVERS:
        raise wrong_setting(f"{name}.approvers", f"one of {', '.join(APPROVERS)}")
    for field, words in _WORDS.items():
        if not set(getattr(rule, field)) <= set(words):
            raise wrong_setting(f"{name}.{field}", f"some of {', '.join(words)}")
    if rule.max_value is not None and rule.max_value <= rule.min_value:
        raise wrong_setting(f"{name}.max_value", "above min_value")
    if len(rule.why) > LONGEST_WHY:
        raise wrong_setting(f"{name}.why", f"at most {LONGEST_WHY} characters")


def _in_order(field: str, chosen: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(word for word in _WORDS[field] if word in chosen)


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
