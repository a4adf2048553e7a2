"""What the invented customers do: trades with their industries, people and sizes; texts stand in trade_texts.toml."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Trade:
    """A trade: `industries` are leaf slugs of the starter vocabulary, `weight` how many customers of it there are.

    `products` and `sizes` are weights, in the order of PRODUCTS and of the size bands; `roles` starter slugs. A trade
    without promoters shows as a gap in the pool.
    """

    code: str
    industries: tuple[str, ...]
    endings: tuple[str, ...]
    weight: int
    products: tuple[int, int, int, int, int, int]
    sizes: tuple[int, int, int, int, int]
    roles: tuple[str, ...]
    extra_solutions: tuple[str, ...] = ()
    has_promoters: bool = True


_ANY = ("it-leadership", "engineering-leadership", "data-analytics", "information-security", "devops-sre",
        "project-program-management")  # fmt: skip

TRADES: tuple[Trade, ...] = (
    Trade("banking", ("retail-banking", "commercial-corporate-banking", "private-banking-wealth", "digital-banks",
                      "savings-banks-credit-unions"), ("Bank", "Savings Bank", "Bank Group", "Private Bank"), 38,
          (3, 4, 3, 5, 3, 3), (0, 1, 4, 6, 3), (*_ANY, "risk-compliance", "finance-accounting"),
          ("core-banking-lending-platforms", "anti-money-laundering-kyc", "fraud-detection")),
    Trade("insurance", ("property-casualty-insurance", "life-pensions-insurance", "health-insurance", "reinsurance"),
          ("Insurance", "Mutual", "Assurance"), 26, (3, 4, 2, 3, 3, 5), (0, 2, 4, 5, 1),
          (*_ANY, "risk-compliance", "business-operations", "finance-accounting"),
          ("claims-policy-administration", "risk-management")),
    Trade("payments", ("payments", "mobile-wallets", "fintech", "lending-credit"), ("Pay", "Payments", "Credit"), 22,
          (5, 2, 5, 4, 4, 3), (3, 5, 5, 1, 0), (*_ANY, "product-management", "risk-compliance"),
          ("payment-processing", "fraud-detection", "anti-money-laundering-kyc")),
    Trade("care", ("hospitals-health-systems", "clinics-physicians", "diagnostics-laboratories", "digital-health",
                   "elderly-social-care"), ("Hospitals", "Health", "Clinics", "Care"), 30, (2, 4, 3, 5, 4, 2),
          (0, 2, 4, 6, 2), (*_ANY, "healthcare-professionals", "business-operations"),
          ("electronic-health-records", "clinical-lab-workflows", "telehealth-patient-monitoring")),
    Trade("lifescience", ("pharmaceuticals", "biotechnology", "medical-devices", "clinical-research"),
          ("Pharma", "Biotech", "Medical", "Therapeutics"), 20, (2, 5, 1, 3, 2, 5), (1, 3, 4, 4, 1),
          (*_ANY, "research-development", "manufacturing-production"), ("regulatory-compliance", "traceability")),
    Trade("manufacturing", ("industrial-machinery", "electrical-equipment", "plastics-rubber-packaging",
                            "metals-metalworking", "building-materials", "chemicals-materials"),
          ("Machinery", "Industries", "Works", "Materials", "Tools"), 46, (2, 4, 2, 2, 5, 5), (0, 3, 7, 7, 1),
          (*_ANY, "manufacturing-production", "supply-chain-logistics", "finance-accounting"),
          ("predictive-maintenance", "manufacturing-execution", "quality-management")),
    Trade("automotive", ("automotive-suppliers", "vehicle-manufacturers", "electric-vehicles-charging"),
          ("Motors", "Automotive", "Mobility"), 20, (3, 4, 2, 3, 5, 4), (0, 1, 4, 6, 3),
          (*_ANY, "manufacturing-production", "supply-chain-logistics"),
          ("production-planning-scheduling", "connected-products", "traceability")),
    Trade("energy", ("renewable-energy", "electricity-grid", "water-wastewater", "power-generation",
                     "energy-retail-trading"), ("Energy", "Power", "Water", "Grid"), 28, (2, 4, 4, 4, 3, 4),
          (0, 3, 5, 5, 1), (*_ANY, "business-operations", "finance-accounting"),
          ("smart-metering", "energy-management", "remote-monitoring")),
    Trade("retail", ("fashion-retail", "grocery-supermarkets", "e-commerce", "home-improvement-garden",
                     "specialty-retail"), ("Stores", "Retail", "Market", "Fashion", "Shops"), 42, (5, 4, 4, 2, 5, 4),
          (1, 4, 6, 6, 2), (*_ANY, "marketing-communications", "supply-chain-logistics", "finance-accounting"),
          ("online-storefronts", "loyalty-programs", "pricing-promotions")),
    Trade("logistics", ("freight-forwarding", "trucking-road-freight", "postal-parcel-delivery", "shipping-ports",
                        "warehousing-fulfilment", "airlines"), ("Logistics", "Freight", "Lines", "Parcel"), 30,
          (3, 4, 3, 2, 6, 3), (0, 4, 6, 5, 1), (*_ANY, "supply-chain-logistics", "business-operations"),
          ("transport-route-planning", "fleet-vehicle-tracking")),
    Trade("telecom", ("mobile-operators", "internet-broadband-providers", "telecom-equipment"),
          ("Telecom", "Mobile", "Broadband"), 16, (4, 3, 6, 4, 3, 3), (0, 1, 4, 5, 2),
          (*_ANY, "customer-success-support"), ("contact-center-customer-service", "subscription-billing")),
    Trade("media", ("broadcasting-television", "news-publishing", "video-streaming", "video-games"),
          ("Media", "Broadcasting", "Press", "Games"), 16, (5, 3, 5, 2, 2, 4), (1, 4, 5, 2, 0),
          (*_ANY, "product-management"), ("content-delivery-streaming", "recommendations-personalization")),
    Trade("software", ("software-saas", "it-services-consulting", "cloud-hosting", "data-ai-companies"),
          ("Software", "Labs", "Systems", "Cloud"), 34, (6, 3, 6, 3, 2, 4), (5, 7, 5, 2, 0),
          ("engineering-leadership", "devops-sre", "technical-architecture", "product-management",
           "information-security", "data-science-machine-learning"), ("infrastructure-as-code", "test-automation")),
    Trade("government", ("local-government", "federal-national-government", "tax-customs", "public-safety-emergency",
                         "transport-infrastructure-authorities"), ("City Council", "Agency", "County", "Authority"),
          24, (3, 3, 2, 5, 4, 1), (0, 2, 5, 5, 1), (*_ANY, "public-sector-leadership"),
          ("digital-citizen-services", "document-management")),
    Trade("education", ("higher-education", "research-computing-centers", "schools"),
          ("University", "Institute", "College"), 20, (3, 4, 2, 4, 2, 3), (0, 2, 6, 4, 0),
          (*_ANY, "research-development"), ("learning-training", "high-performance-computing")),
    Trade("travel", ("hotels-lodging", "travel-booking-agencies", "restaurants-cafes"),
          ("Hotels", "Travel", "Resorts"), 14, (5, 3, 3, 2, 4, 3), (1, 4, 5, 3, 0),
          (*_ANY, "marketing-communications"), ("online-booking-ticketing", "loyalty-programs")),
    Trade("aerospace", ("aircraft-manufacturing", "space-satellites", "defense-contractors"),
          ("Aerospace", "Aviation", "Space"), 8, (3, 3, 2, 6, 3, 3), (0, 1, 3, 4, 1), _ANY,
          ("product-lifecycle-design",), has_promoters=False),
    Trade("mining", ("mining-quarrying",), ("Mining", "Minerals"), 5, (2, 3, 3, 2, 3, 4), (0, 1, 2, 3, 1), _ANY,
          ("remote-monitoring",), has_promoters=False),
)  # fmt: skip

TITLES: dict[str, tuple[tuple[str, str], ...]] = {
    "it-leadership": (("c_level", "Chief Information Officer"), ("c_level", "CIO"), ("vp", "VP Information Technology"),
                      ("director", "IT Director"), ("director", "Head of IT"), ("manager", "IT Manager")),
    "engineering-leadership": (("c_level", "Chief Technology Officer"), ("vp", "VP Engineering"),
                               ("director", "Director of Engineering"), ("director", "Head of Engineering"),
                               ("manager", "Engineering Manager")),
    "data-analytics": (("c_level", "Chief Data Officer"), ("director", "Head of Data & Analytics"),
                       ("director", "Head of Business Intelligence"), ("manager", "Analytics Manager"),
                       ("senior", "Senior Data Analyst")),
    "data-science-machine-learning": (("director", "Head of Data Science"), ("senior", "Lead Data Scientist"),
                                      ("manager", "Machine Learning Manager")),
    "information-security": (("c_level", "Chief Information Security Officer"), ("c_level", "CISO"),
                             ("director", "Head of Information Security"), ("manager", "Security Manager"),
                             ("senior", "Senior Security Architect")),
    "devops-sre": (("director", "Head of Platform Engineering"), ("manager", "Platform Engineering Manager"),
                   ("senior", "Lead DevOps Engineer"), ("senior", "Principal Site Reliability Engineer"),
                   ("staff", "Site Reliability Engineer")),
    "technical-architecture": (("director", "Chief Architect"), ("senior", "Principal Architect"),
                               ("senior", "Enterprise Architect")),
    "project-program-management": (("director", "Director Digital Transformation"), ("manager", "Program Manager"),
                                   ("vp", "VP Digital Transformation"), ("manager", "Project Manager Digital Core")),
    "finance-accounting": (("director", "Finance Director"), ("vp", "VP Finance"), ("manager", "Financial Controller"),
                           ("c_level", "Chief Financial Officer")),
    "risk-compliance": (("c_level", "Chief Risk Officer"), ("director", "Head of Risk"),
                        ("director", "Head of Compliance"), ("manager", "Compliance Manager")),
    "product-management": (("c_level", "Chief Product Officer"), ("director", "Head of Product"),
                           ("manager", "Senior Product Manager")),
    "business-operations": (("c_level", "Chief Operating Officer"), ("vp", "VP Operations"),
                            ("director", "Operations Director"), ("manager", "Operations Manager")),
    "supply-chain-logistics": (("vp", "VP Supply Chain"), ("director", "Head of Logistics"),
                               ("manager", "Supply Chain Manager")),
    "manufacturing-production": (("vp", "VP Manufacturing"), ("manager", "Plant Manager"),
                                 ("director", "Head of Production Systems")),
    "research-development": (("vp", "VP Research"), ("director", "Head of Research Computing"),
                             ("senior", "Principal Scientist")),
    "healthcare-professionals": (("c_level", "Chief Medical Information Officer"), ("director", "Nursing Director"),
                                 ("senior", "Lead Pharmacist")),
    "marketing-communications": (("c_level", "Chief Marketing Officer"), ("director", "Head of Digital Marketing"),
                                 ("manager", "CRM Marketing Manager")),
    "customer-success-support": (("vp", "VP Customer Operations"), ("director", "Head of Customer Service"),
                                 ("manager", "Service Desk Manager")),
    "public-sector-leadership": (("director", "Director of Digital Services"), ("c_level", "Chief Digital Officer"),
                                 ("director", "Deputy Director Administration")),
}  # fmt: skip
