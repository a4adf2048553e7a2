"""How a Net Promoter Score is told: with how sure it is, and not at all where too few answered."""

from typing import Any

from rest_framework import serializers

from surveys.intervals import Interval, tango_interval
from surveys.scores import BANDS, HIDDEN, INDICATIVE, RELIABLE, Change, Tally

SAMPLES = (HIDDEN, INDICATIVE, RELIABLE)
BAND_CODES = tuple(code for code, _begins in BANDS)


class IntervalSerializer(serializers.Serializer[Any]):
    """Where the true score lies with 95 % confidence, in points of −100 to 100."""

    low = serializers.FloatField()
    high = serializers.FloatField()


class ScoreSerializer(serializers.Serializer[Any]):
    """The score of some answers. Where fewer than ten answered, `sample` is hidden and all but `responses` null."""

    responses = serializers.IntegerField()
    promoters = serializers.IntegerField(allow_null=True, help_text="Scores of 9 and 10.")
    passives = serializers.IntegerField(allow_null=True, help_text="Scores of 7 and 8.")
    detractors = serializers.IntegerField(allow_null=True, help_text="Scores of 0 to 6.")
    nps = serializers.FloatField(allow_null=True, help_text="−100 to 100, to two decimals.")
    score_band = serializers.ChoiceField(choices=BAND_CODES, allow_null=True)
    interval = IntervalSerializer(allow_null=True)
    sample = serializers.ChoiceField(choices=SAMPLES, help_text="Below 10 answers hidden, below 30 indicative.")


class ChangeSerializer(serializers.Serializer[Any]):
    """By how many points a score differs from another, and how often chance alone would make it so."""

    points = serializers.FloatField()
    p_value = serializers.FloatField()
    is_significant = serializers.BooleanField(help_text="After adjusting for how many were compared.")


def tell_score(tally: Tally, interval: Interval | None = None) -> dict[str, Any]:
    """A tally as `ScoreSerializer` shows it; its interval is computed where it is not given."""
    is_hidden = tally.sample == HIDDEN
    interval = None if is_hidden else interval or tango_interval(tally)
    return {
        "responses": tally.responses,
        "promoters": None if is_hidden else tally.promoters,
        "passives": None if is_hidden else tally.passives,
        "detractors": None if is_hidden else tally.detractors,
        "nps": None if is_hidden else tally.nps,
        "score_band": None if is_hidden else tally.band,
        "interval": None if interval is None else {"low": round(interval.low, 2), "high": round(interval.high, 2)},
        "sample": tally.sample,
    }


def tell_change(change: Change | None, *, is_significant: bool) -> dict[str, Any] | None:
    """A change as `ChangeSerializer` shows it; None for none."""
    if change is None:
        return None
    return {"points": round(change.points, 2), "p_value": change.p_value, "is_significant": is_significant}
