"""What a program begins with: asks on every rung, review sites, what acts are worth, levels, badges, recovery plays.

A manager owns the rows once they are loaded: these are only the beginning of a program.
"""

from dataclasses import dataclass

from advocacy.enums import BadgeRule, PlayKind
from references.enums import Loyalty

DISCLOSURE = "I received points of a customer program for my time. What I wrote was up to me."
"""What whoever is given points for a review is asked to repeat in it."""

POINTS: dict[str, int] = {
    "share": 10, "logo": 30, "quote": 50, "review": 50, "beta": 80, "group_call": 100, "call": 120, "referral": 150,
    "press": 150, "analyst": 150, "webinar": 180, "advisory": 200, "case_study": 250, "video": 250, "speaking": 300,
    "site_visit": 300,
}  # fmt: skip
"""What taking part in each activity is worth; answering a survey is worth nothing."""


@dataclass(frozen=True, slots=True)
class StarterAsk:
    """One ask; its rung and points are those of its activity."""

    activity: str
    name: str
    text: str
    minutes: int
    cool_down_days: int
    needs_evidence: bool = False


ASKS: tuple[StarterAsk, ...] = (
    StarterAsk(
        "survey",
        "Tell us how we are doing",
        "One question, and a word on why. It helps us to get better.",
        2,
        90,
    ),
    StarterAsk(
        "share",
        "Share a post",
        "Would you share one of our posts with your network, with a sentence of your own?",
        5,
        60,
        True,
    ),
    StarterAsk(
        "logo",
        "Lend us your logo",
        "May we show your logo among our customers on our website?",
        10,
        365,
    ),
    StarterAsk(
        "quote",
        "One sentence about us",
        "Would you put into a sentence or two what has changed since you work with us?",
        10,
        180,
    ),
    StarterAsk(
        "review",
        "Write a review",
        "Would you review us where you yourself look for software? Write what you think, the good and the bad.",
        15,
        180,
        True,
    ),
    StarterAsk(
        "beta",
        "Try something new first",
        "Would you try what comes next before all others, and tell us what you think?",
        120,
        120,
    ),
    StarterAsk(
        "group_call",
        "Join a round table",
        "Would you join a few customers and prospects in a call, and tell how you do it?",
        60,
        120,
    ),
    StarterAsk(
        "call",
        "Take a reference call",
        "May we ask you, now and then, for a half-hour call with somebody who stands where you stood?",
        30,
        90,
    ),
    StarterAsk(
        "press",
        "Speak with a journalist",
        "A journalist writes about your field. Would you give them an interview?",
        45,
        180,
    ),
    StarterAsk(
        "analyst",
        "Speak with an analyst",
        "An analyst looks at our market. Would you tell them of your experience?",
        45,
        180,
    ),
    StarterAsk(
        "webinar",
        "Join us in a webinar",
        "Would you tell your story in a webinar or podcast? We prepare it with you.",
        120,
        240,
    ),
    StarterAsk(
        "advisory",
        "Join our advisory board",
        "Would you tell us twice a year, with a few other customers, where we should go?",
        240,
        365,
    ),
    StarterAsk(
        "case_study",
        "Let us write your story",
        "May we write down what you achieved? An interview of 45 minutes; you approve every word.",
        90,
        365,
    ),
    StarterAsk(
        "video",
        "Tell it on camera",
        "Would you tell your story on camera? We come to you, and you approve the cut.",
        180,
        365,
    ),
    StarterAsk(
        "speaking",
        "Speak at an event",
        "Would you speak about your project at an event? We help with slides and travel.",
        480,
        365,
    ),
    StarterAsk(
        "site_visit",
        "Show others how you do it",
        "Would you show a prospect around, and let them see how you work?",
        240,
        365,
    ),
    StarterAsk(
        "referral",
        "Introduce us to somebody",
        "Do you know somebody who has the problem that you had? Would you introduce us?",
        10,
        90,
    ),
)

SITES: tuple[tuple[str, str], ...] = (
    ("Capterra", "https://www.capterra.com/"),
    ("G2", "https://www.g2.com/"),
    ("Gartner Peer Insights", "https://www.gartner.com/reviews/home"),
    ("Trustpilot", "https://www.trustpilot.com/"),
    ("TrustRadius", "https://www.trustradius.com/"),
)
"""Sites by name, out of use until a manager gives each the address where one's own product is reviewed."""

LEVELS: tuple[tuple[str, int, str], ...] = (
    ("Supporter", 0, "Our thanks, and news before others hear them"),
    ("Advocate", 250, "A day with our product team"),
    ("Champion", 750, "A seat at our customer dinner"),
    ("Ambassador", 2_000, "A free place at our conference"),
)

BADGES: tuple[tuple[str, str, str, int, str], ...] = (
    ("First step", "Did something for us for the first time", BadgeRule.FIRST_ACT, 1, ""),
    ("On stage", "Spoke for us at an event", BadgeRule.FIRST_ACT, 1, "speaking"),
    ("Good voice", "Took five reference calls", BadgeRule.ACTS, 5, "call"),
    ("Ten times", "Did ten things for us", BadgeRule.ACTS, 10, ""),
    ("All-rounder", "Did five different things", BadgeRule.KINDS, 5, ""),
    ("Top of the ladder", "Reached the highest rung", BadgeRule.RUNG, 8, ""),
    ("Matchmaker", "Referred somebody who became a customer", BadgeRule.REFERRALS_WON, 1, ""),
    ("Five years", "With us for five years", BadgeRule.YEARS, 5, ""),
)
"""Name, what for, rule, number, activity."""


@dataclass(frozen=True, slots=True)
class StarterPlay:
    """One recovery play."""

    name: str
    kind: str
    about: str
    steps: tuple[str, ...]
    due_days: int
    opens_for: str = ""


PLAYS: tuple[StarterPlay, ...] = (
    StarterPlay(
        "Call by the account owner",
        PlayKind.CALL,
        "Somebody is unhappy: whoever knows them calls within three days, listens, and comes back with an answer.",
        (
            "Read what they wrote, and what support knows of them",
            "Call: listen, ask what one thing would help most, promise only what you can keep",
            "Write down the cause and who solves it by when",
            "Tell them what was done",
            "Ask again how it is after 60 days",
        ),
        3,
        Loyalty.DETRACTOR,
    ),
    StarterPlay(
        "Feedback round",
        PlayKind.FEEDBACK,
        "Satisfied, not more: find the one thing that would make them recommend us.",
        ("Ask what one thing would make it a ten", "Hand it to the product team", "Tell them what became of it"),
        14,
        Loyalty.PASSIVE,
    ),
    StarterPlay(
        "Training",
        PlayKind.TRAINING,
        "They use less than they pay for: show them what they miss.",
        ("Look at what they use, and what not", "Offer a training on it", "Hold it", "Look at their use after 30 days"),
        21,
    ),
    StarterPlay(
        "User group",
        PlayKind.USER_GROUP,
        "They are alone with it: bring them together with others of their field.",
        ("Pick a user group of their field or region", "Invite them, and introduce them to somebody", "Ask how it was"),
        30,
    ),
    StarterPlay(
        "Beta test",
        PlayKind.BETA,
        "They wait for something: let them try it first.",
        ("Pick what they wished for and is coming", "Give them access", "Ask what they think after two weeks"),
        30,
    ),
)
