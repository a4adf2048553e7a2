"""The deals of the demonstration: who wants what for which prospect, how long ago, and how it went."""

from dataclasses import dataclass

OPEN_WAYS = ("draft", "owner_review", "manager_review", "invited", "accepted", "scheduled", "needs_manager", "unmet")


@dataclass(frozen=True)
class Deal:
    """One request to be: `owner` by login, `value` in thousands, `ago` days since it was sent.

    `tries` are how earlier people ended, in order; `way` is where it stands now: one of OPEN_WAYS, or fulfilled, won,
    lost, met (unmet at first, fulfilled after all), cancelled, expired. `comments` are (login, text).
    """

    owner: str
    prospect: str
    subject: str
    value: int
    currency: str
    stage: str
    brief: str
    ago: int
    way: str
    activity: str = "call"
    tries: tuple[str, ...] = ()
    is_urgent: bool = False
    questions: str = ""
    comments: tuple[tuple[str, str], ...] = ()
    quantity: int = 1
    uses_story: bool = False
    watcher: str = ""


_OUTAGE = "How long were you down during the move?\nWhat would you do differently?"

DEALS: tuple[Deal, ...] = (
    Deal("sales", "Harrowmere Bank", "core banking", 640, "EUR", "Proposal",
         "Retail bank in Germany replacing its payment platform. The CIO wants to talk to a peer who runs Kestrel "
         "Runtime.", 1, "owner_review", questions=_OUTAGE,
         comments=(("sales", "They decide on Thursday; mornings suit them best."),)),
    Deal("owen", "Quillfeather Insurance", "claims", 380, "GBP", "Shortlist",
         "Insurer in the United Kingdom that wants a reference call about claims automation.", 2, "owner_review"),
    Deal("petra", "Dunmarrow Steelworks", "plant data", 220, "EUR", "Proposal",
         "Manufacturer of industrial machinery, predictive maintenance, reference call with a plant manager.", 6,
         "owner_review", tries=("rejected",),
         comments=(("petra", "Any news? The prospect asks every day."),
                   ("manager", "The account owner is on leave; I will decide today."))),
    Deal("sales", "Northpier Capital", "risk platform", 2_400, "USD", "Negotiation",
         "Large bank in the United States, risk and compliance, wants to hear a peer before signing.", 1,
         "manager_review", is_urgent=True, questions="How did your regulator take it?", watcher="owen"),
    Deal("ravi", "Sablecrest Retail", "peak season", 1_250, "USD", "Proposal",
         "Fashion retailer preparing for peak load: a call with somebody in e-commerce.", 1, "manager_review"),
    Deal("sofie", "Lindqvist & Morrow", "website relaunch", 90, "EUR", "Discovery",
         "A written quote for the website from a bank or insurer about shorter time to value.", 1, "manager_review",
         activity="quote"),
    Deal("tomas", "Calderon Foods", "webinar in spring", 310, "EUR", "Discovery",
         "Speaker for our webinar on supply chain traceability, food or retail.", 5, "manager_review",
         activity="webinar", watcher="sales"),
    Deal("owen", "Tidewater Health", "patient portal", 540, "USD", "Shortlist",
         "Hospital group in the United States, telehealth, wants a reference call with IT leadership.", 4, "invited",
         tries=("declined",)),
    Deal("sales", "Ostermann Logistik", "track and trace", 260, "EUR", "Proposal",
         "Logistics company in Germany, route planning and tracking. Reference call with operations.", 3, "invited"),
    Deal("petra", "Fennimore Chemicals", "quality data", 175, "EUR", "Shortlist",
         "Chemicals maker, manufacturing execution, call with a head of quality.", 5, "invited",
         tries=("no_answer",)),
    Deal("ravi", "Bluewren Telecom", "network analytics", 830, "USD", "Negotiation",
         "Telecom operator, streaming data in real time, call with a data or analytics lead.", 7, "accepted",
         questions="How many people run it?\nWhat does it cost to keep?"),
    Deal("sofie", "Aldermoor Council", "citizen services", 120, "GBP", "Proposal",
         "Public sector in the United Kingdom, digital services, reference call.", 6, "accepted",
         tries=("withdrawn",)),
    Deal("sales", "Brightling Energy", "smart metering", 470, "EUR", "Negotiation",
         "Utility for electricity and grid, smart metering, reference call with an IT leader.", 9, "scheduled",
         comments=(("sales", "Their CTO joins as well."),), watcher="manager"),
    Deal("tomas", "Vireo Motors", "connected cars", 980, "EUR", "Proposal",
         "Automotive supplier, connected products, call with engineering.", 8, "scheduled", tries=("declined",)),
    Deal("owen", "Marchbank Mutual", "three peers at once", 700, "GBP", "Shortlist",
         "Savings bank or credit union: two peers for reference calls about fraud detection.", 10, "scheduled",
         quantity=2),
    Deal("petra", "Cobalt Reach Mining", "remote sites", 410, "USD", "Proposal",
         "Reference call with an operations lead about energy management at remote sites.", 14, "needs_manager",
         tries=("declined", "no_answer", "declined"),
         comments=(("petra", "Three noes in a row. Is there anybody else?"),)),
    Deal("ravi", "Kitahara Shipyards", "yard planning", 1_100, "USD", "Shortlist",
         "Must be a mining company in Japan: reference call with a CFO about Kestrel Runtime.", 4, "unmet",
         uses_story=True, comments=(("ravi", "Without a peer from mining they will not go on."),)),
    Deal("sofie", "Osaka Rail Freight", "freight booking", 650, "EUR", "Proposal",
         "Must be in Japan: reference call about route planning with a transport company.", 2, "unmet"),
    Deal("sales", "Penhallow Pharma", "trial data", 360, "EUR", "Discovery",
         "Pharmaceuticals, clinical research data, reference call with research and development.", 1, "draft"),
    Deal("tomas", "Greywater Utilities", "leak detection", 150, "USD", "Discovery",
         "Water utility, remote monitoring, reference call.", 3, "draft"),
    Deal("owen", "Rookhope Savings", "mobile wallet", 290, "GBP", "Closed",
         "Savings bank, mobile wallets, reference call.", 24, "fulfilled", uses_story=True),
    Deal("ravi", "Solano Media", "ad platform", 205, "USD", "Closed",
         "Media company, data analytics in real time, reference call.", 31, "fulfilled", tries=("declined",)),
    Deal("sales", "Wetterstein Bank", "instant payments", 890, "EUR", "Closed",
         "Bank in Germany or Austria, instant payments, reference call with risk or IT.", 46, "won",
         questions=_OUTAGE, comments=(("sales", "Signed on Friday. The call decided it."),)),
    Deal("petra", "Hollander Packaging", "planning", 185, "EUR", "Closed",
         "Packaging maker, production planning, reference call with manufacturing.", 58, "won"),
    Deal("sofie", "Kestrelgate Airlines", "crew rostering", 730, "GBP", "Closed",
         "Airline or travel company, autoscaling, reference call.", 67, "won", tries=("no_answer",)),
    Deal("owen", "Amberlow Credit Union", "lending", 240, "USD", "Closed",
         "Lending and credit, anti money laundering, reference call with compliance.", 79, "lost",
         comments=(("owen", "They stayed with what they have; nothing to do with the call."),)),
    Deal("tomas", "Ibarra Retail Group", "stock data", 330, "EUR", "Closed",
         "Grocery retailer, inventory and supply chain, reference call.", 96, "won", quantity=2),
    Deal("ravi", "Nandipur Hospitals", "lab workflows", 160, "USD", "Closed",
         "Hospital, clinical lab workflows, reference call.", 118, "lost", tries=("cancelled",)),
    Deal("sales", "Falkenrath Versicherung", "underwriting", 520, "EUR", "Closed",
         "Property insurer in Switzerland or Germany, risk management, reference call.", 150, "won",
         uses_story=True),
    Deal("petra", "Sundmark Bygg", "site planning", 140, "SEK", "Closed",
         "Construction or building materials in Sweden, planning, reference call.", 73, "met"),
    Deal("sofie", "Torvald Grid", "outage alerts", 210, "NOK", "Closed",
         "Electricity grid in Norway, remote monitoring, reference call.", 40, "cancelled", tries=("declined",)),
    Deal("tomas", "Bellacqua Hotels", "booking engine", 95, "EUR", "Closed",
         "Hotel or leisure company, cloud migration, reference call.", 52, "expired", tries=("no_answer", "declined")),
)  # fmt: skip
