"""How often one user may call, and how an answer says what is left."""

from rest_framework.throttling import UserRateThrottle


class CallThrottle(UserRateThrottle):
    """Counts a user's calls over sliding windows, whichever key or session they come by (setting API_RATE)."""

    num_requests: int
    duration: int

    def headers(self) -> dict[str, str]:
        """RateLimit headers for the answer: the limit, what is left, and seconds until all of it is back."""
        if not getattr(self, "history", None):
            return {}
        left = max(0, self.num_requests - len(self.history))
        reset = max(0, round(self.history[0] + self.duration - self.now))
        return {
            "RateLimit-Limit": str(self.num_requests),
            "RateLimit-Remaining": str(left),
            "RateLimit-Reset": str(reset),
        }
