"""What the invented company sells: six products of a cloud platform, what each solves, and what is said of it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Product:
    """A product: `solutions` are starter slugs it serves; the texts fit any customer that uses it."""

    slug: str
    name: str
    synonyms: tuple[str, ...]
    solutions: tuple[str, ...]
    problems: tuple[str, ...]
    answers: tuple[str, ...]
    gains: tuple[str, ...]
    praise: tuple[str, ...]
    gripe: str


PRODUCTS: tuple[Product, ...] = (
    Product(
        "kestrel-runtime",
        "Kestrel Runtime",
        ("Kestrel", "Halvenor Kestrel", "Kestrel platform", "container platform"),
        (
            "cloud-migration",
            "cloud-native-platforms",
            "platform-engineering",
            "application-modernization",
            "microservices-apis",
            "autoscaling-elasticity",
            "cost-optimization",
            "ci-cd",
            "hybrid-multi-cloud",
        ),
        (
            "A release took a weekend and a conference call with forty people on it.",
            "Every team ran its own servers, patched when somebody had time, and nobody knew what the whole cost.",
            "The data center contract was about to end, and two hundred applications had never been moved before.",
            "At peak the application servers fell over; the rest of the year they stood idle.",
        ),
        (
            "The teams moved onto Kestrel Runtime in waves of ten applications, each with a rehearsed way back.",
            "A platform team of five set up Kestrel Runtime: a template, a pipeline and a budget for every service.",
            "The oldest system stayed where it was, behind an interface; all around it moved to Kestrel Runtime.",
            "Kestrel Runtime now scales the front end with demand and puts it to sleep at night.",
        ),
        (
            "Teams release on any working day, in office hours.",
            "New services are live in an afternoon instead of a quarter.",
            "Spend on infrastructure is known per team and per month.",
        ),
        (
            "Kestrel took the drama out of releases. People go home at five.",
            "We stopped talking about servers. I did not expect to miss those meetings so little.",
            "The migration guide was honest about what would hurt, and so it hurt less.",
            "Our developers asked for it by name after the pilot, which never happens.",
            "It scaled through our busiest day without anyone touching a thing.",
        ),
        "Upgrading the clusters still needs more of our time than we were promised.",
    ),
    Product(
        "tidewater-lake",
        "Tidewater Lake",
        ("Tidewater", "Halvenor Tidewater", "lakehouse", "Tidewater data lake"),
        (
            "data-warehousing",
            "real-time-analytics",
            "dashboards-reporting",
            "data-pipelines",
            "customer-analytics",
            "planning-budgeting",
            "data-storage",
            "analytics-business-intelligence",
        ),
        (
            "Five departments reported five different numbers for the same month.",
            "Analysts spent four days a week collecting data and one looking at it.",
            "The warehouse was full, slow, and three years behind on upgrades.",
            "Questions from the board took two weeks, and by then it had others.",
        ),
        (
            "Tidewater Lake became the one place where figures are kept, with an owner for every table.",
            "The nightly exports were replaced by feeds into Tidewater Lake that arrive within minutes.",
            "Finance and operations agreed on forty definitions first; Tidewater Lake then enforced them.",
            "The old warehouse was moved table by table into Tidewater Lake and switched off after one quarter-end.",
        ),
        (
            "Meetings start from the same figures.",
            "Analysts answer in hours what used to take weeks.",
            "Four hundred people build their own reports without asking for help.",
        ),
        (
            "For the first time the board and the shop floor look at the same number.",
            "Tidewater paid for itself the day we switched off the old warehouse.",
            "I ask a question in the morning and have the answer before lunch.",
            "We argue about what to do now, no longer about whose figures are right.",
            "It made our analysts happy, and they are hard to please.",
        ),
        "Permissions per column are tedious to keep up.",
    ),
    Product(
        "beacon-watch",
        "Beacon Watch",
        ("Beacon", "Halvenor Beacon", "Beacon monitoring"),
        (
            "monitoring-observability",
            "incident-response",
            "low-latency-performance",
            "reliability-observability",
            "it-service-management",
            "network-cloud-security",
        ),
        (
            "Customers noticed outages before the operators did.",
            "Nine monitoring tools raised four thousand alarms a week, and people had learned to ignore them.",
            "Finding the cause of a slow page meant getting six teams on a call.",
            "Nobody could say how available the service had really been.",
        ),
        (
            "Beacon Watch replaced the nine tools and follows a request through every system it touches.",
            "Alarms were cut to those a person must act on; each carries its runbook in Beacon Watch.",
            "The teams set service levels with the business and watch them in Beacon Watch.",
            "Beacon Watch was rolled out with the on-call engineers, who chose what wakes them.",
        ),
        (
            "Most incidents are closed before anyone calls.",
            "The on-call phone rings twice a month instead of twice a night.",
            "Availability is a figure the business and IT both trust.",
        ),
        (
            "We now know before our customers do. That alone was worth it.",
            "My team sleeps again. I cannot put a price on that, but retention did.",
            "One screen, one truth, no more finger-pointing at two in the morning.",
            "The first week Beacon found a leak we had been paying for since spring.",
            "Even the mainframe people like it.",
        ),
        "The price per host makes us think twice about watching everything.",
    ),
    Product(
        "ironbark-shield",
        "Ironbark Shield",
        ("Ironbark", "Halvenor Ironbark", "Ironbark security"),
        (
            "identity-access-management",
            "threat-detection-response",
            "data-protection-privacy",
            "regulatory-compliance",
            "network-cloud-security",
            "cybersecurity",
            "application-security",
        ),
        (
            "Leavers kept their access for weeks, and auditors had started to count.",
            "Phishing reached forty mailboxes before anybody raised a hand.",
            "Evidence for the yearly audit was collected by hand for six weeks.",
            "Every application had passwords of its own, on sticky notes in the end.",
        ),
        (
            "Ironbark Shield ties access to the personnel system: who leaves at noon is out at noon.",
            "Sign-in moved to Ironbark Shield with a second factor, one department at a time and with coffee.",
            "Ironbark Shield gathers the evidence that auditors ask for as a matter of course.",
            "A small security team uses Ironbark Shield to see, and stop, what ten people could not watch before.",
        ),
        (
            "The last audit had no findings on access.",
            "Accounts of leavers are closed within the hour.",
            "The security team investigates a handful of alarms a day, and they are real ones.",
        ),
        (
            "Ironbark turned our audit from six weeks of panic into an export.",
            "Staff complained about sign-in for one week, then thanked us.",
            "It stopped an attack on a Sunday, and I read about it on Monday.",
            "The regulator asked what we use, and wrote it down.",
            "Clear alarms, few of them, and each with something to do.",
        ),
        "Setting up roles for contractors took far too many workshops.",
    ),
    Product(
        "sluice-streams",
        "Sluice Streams",
        ("Sluice", "Halvenor Sluice", "Sluice integration"),
        (
            "systems-integration",
            "data-pipelines",
            "order-inventory-management",
            "workflow-process-automation",
            "real-time-analytics",
            "supply-chain-planning",
            "microservices-apis",
            "traceability",
        ),
        (
            "Sixty systems exchanged files at night; when one was late, all were.",
            "Stock on the shelf and stock in the system differed by a day.",
            "Each new partner meant four months of interfaces.",
            "Orders were typed twice, and one in fifty wrongly.",
        ),
        (
            "Sluice Streams carries every order, movement and payment as it happens, and keeps it for replay.",
            "The nightly files were replaced one at a time by Sluice Streams, beginning with the one that failed most.",
            "Partners connect to Sluice Streams by a published interface and test themselves against it.",
            "Sluice Streams links the old core with the new applications without changing either.",
        ),
        (
            "Stock is right to the minute.",
            "A new partner is connected in two weeks.",
            "Nobody types an order twice.",
        ),
        (
            "Sluice is plumbing in the best sense: it just runs, and nobody talks about it.",
            "We connected our biggest partner in nine days. The last one took five months.",
            "When a system goes down, nothing is lost. We replay and carry on.",
            "Our night shift no longer waits for files. There is no night shift for files any more.",
            "The support engineers know integration better than some consultants we paid.",
        ),
        "Error messages of the connectors could be friendlier.",
    ),
    Product(
        "larkspur-ai",
        "Larkspur AI",
        ("Larkspur", "Halvenor Larkspur", "Larkspur machine learning"),
        (
            "predictive-analytics",
            "predictive-maintenance",
            "generative-ai",
            "chatbots-virtual-assistants",
            "recommendations-personalization",
            "fraud-detection",
            "mlops-data-science-platforms",
            "artificial-intelligence-machine-learning",
            "natural-language-processing",
        ),
        (
            "Three data scientists had built thirty models, and two of them ran.",
            "Experts read thousands of documents a month to find the ten that mattered.",
            "The forecast was a spreadsheet, and its author was about to retire.",
            "False alarms cost more than what they were meant to prevent.",
        ),
        (
            "Larkspur AI takes a model from the notebook to operation, with checks for drift and fairness on the way.",
            "A small team trained its models on Larkspur AI with two years of the company's own history.",
            "Larkspur AI drafts, people decide: every answer shows the passages it rests on.",
            "The forecast now runs on Larkspur AI every night and explains what has changed.",
        ),
        (
            "Models reach operation in weeks, and somebody owns each of them.",
            "People look at the cases that need judgment, the rest is done.",
            "The forecast is better than the old one in eleven months of twelve.",
        ),
        (
            "Larkspur shows why it says what it says. That won over our skeptics.",
            "The pilot was in operation after seven weeks. Our record before was fourteen months.",
            "It does the dull part, and our experts got their job back.",
            "We began with one use case and have nineteen now.",
            "Drift alarms caught what we would have noticed at year-end.",
        ),
        "Training on larger data sets queues for longer than we like.",
    ),
)
