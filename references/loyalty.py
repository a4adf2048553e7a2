"""The classes of the Net Promoter question: what a score of 0 to 10 says about someone's loyalty."""

from references.enums import Loyalty


def classify_score(score: int | None) -> Loyalty:
    """9–10 promoter, 7–8 passive, 0–6 detractor, None unknown. ValueError outside 0–10."""
    if score is None:
        return Loyalty.UNKNOWN
    if not 0 <= score <= 10:
        raise ValueError(f"An NPS score lies in 0 to 10, not at {score}")
    if score >= 9:
        return Loyalty.PROMOTER
    return Loyalty.PASSIVE if score >= 7 else Loyalty.DETRACTOR
