"""What the invented customers wrote, by class, with the topic each comment is about."""

COMMENTS: dict[str, tuple[tuple[str, str], ...]] = {
    "promoter": (
        ("The month-end close takes two days now. It took nine.", "Results"),
        ("Whenever we call, somebody answers who knows our set-up.", "Support"),
        ("We showed it to our sister company and they bought it.", "Results"),
        ("The release notes are honest. That is rare.", "Product"),
        ("Onboarding was three weeks, as promised, to the day.", "Onboarding"),
        ("My team asked me not to change it. They never ask that.", "Ease of use"),
        ("You told us what would not work before we bought. We trust you.", "Support"),
        ("It paid for itself in the first half-year.", "Results"),
    ),
    "passive": (
        ("Does the job. The reports could be better.", "Reporting"),
        ("Solid, though there is a lot that we do not use yet.", "Onboarding"),
        ("Good product. The price rises every year.", "Price"),
        ("Fine, once one has found where things are.", "Ease of use"),
        ("We would like more training for new colleagues.", "Onboarding"),
        ("Fast since the last release; it was slow before.", "Speed"),
    ),
    "detractor": (
        ("Four days until support answered, twice in a month.", "Support"),
        ("The price went up and nobody told us why.", "Price"),
        ("Exports break as soon as there is a comma in a name.", "Reporting"),
        ("Our account manager changed three times in a year.", "Support"),
        ("Slow on Mondays, when everybody needs it.", "Speed"),
        ("Getting there took a year longer than planned.", "Onboarding"),
    ),
}
TOPICS = ("Ease of use", "Onboarding", "Price", "Product", "Reporting", "Results", "Speed", "Support")
BENCHMARKS: tuple[tuple[str, str, int, str], ...] = (
    ("Business software, Europe", "market", 31, "An invented yearly study"),
    ("Business software, all", "market", 36, "An invented yearly study"),
    ("Ledgerline", "competitor", 24, "Their own word at their spring event"),
)
"""Name, kind, score, origin."""
CALL_NOTES = ("Voice mail, try before ten.", "In a meeting, asked for Thursday.", "Assistant answered.")
