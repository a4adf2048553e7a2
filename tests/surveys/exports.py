"""Small invented exports in the shapes of the survey tools that people come from."""

DELIGHTED = (
    [
        "Response ID",
        "Person ID",
        "Name",
        "Email",
        "Score",
        "Comment",
        "Created At",
        "Updated At",
        "Survey type",
        "plan",
    ],
    [
        ["1", "77", "Ada Berg", "ada@berg.test", "9", "Love it", "2026-01-05 10:00:00 UTC", "2026-02-01", "nps", "pro"],
        ["2", "78", "Bo Lund", "bo@lund.test", "3", "", "2026-01-06 11:00:00 UTC", "2026-02-01", "nps", "free"],
    ],
)
SURVEY_MONKEY = (
    ["Respondent ID", "Collector ID", "Start Date", "End Date", "IP Address", "Email Address", "First Name",
     "Last Name", "Custom Data 1", "How likely is it that you would recommend Halvenor to a friend or colleague?",
     "What is the main reason for your score?", "Which team are you in?", ""],
    [
        ["", "", "", "", "", "", "", "", "", "Response", "Open-Ended Response", "Response", "Other (please specify)"],
        ["114", "9", "01/14/2026 08:00:11 AM", "01/14/2026 08:01:00 AM", "192.0.2.1", "ada@berg.test", "Ada", "Berg",
         "", "10 - Extremely likely", "Fast", "Finance", ""],
        ["115", "9", "01/15/2026 08:00:11 AM", "01/15/2026 08:01:00 AM", "192.0.2.2", "", "", "", "", "6", "", "Other",
         "Legal"],
    ],
)  # fmt: skip
TYPEFORM = (
    ["#", "How likely are you to recommend Halvenor to a friend?", "What could we do better to earn a higher score?",
     "Start Date (UTC)", "Submit Date (UTC)", "Network ID", "Tags"],
    [
        ["a1", "9", "Nothing at all", "2026-01-05 10:00:00", "2026-01-05 10:02:00", "ff01", ""],
        ["a2", "7", "More colors, please", "2026-01-06 10:00:00", "2026-01-06 10:02:00", "ff02", ""],
    ],
)  # fmt: skip
QUALTRICS = (
    ["StartDate", "EndDate", "Status", "IPAddress", "Progress", "Finished", "RecordedDate", "ResponseId",
     "RecipientLastName", "RecipientFirstName", "RecipientEmail", "ExternalReference", "UserLanguage", "Q1_NPS_GROUP",
     "Q1", "Q2"],
    [
        ["Start Date", "End Date", "Response Type", "IP Address", "Progress", "Finished", "Recorded Date",
         "Response ID", "Recipient Last Name", "Recipient First Name", "Recipient Email", "External Data Reference",
         "User Language",
         "On a scale from 0-10, how likely are you to recommend Halvenor? - Group",
         "On a scale from 0-10, how likely are you to recommend Halvenor?", "Why did you give that score?"],
        ['{"ImportId":"startDate","timeZone":"Z"}', '{"ImportId":"endDate"}', *['{"ImportId":"x"}'] * 14],
        ["2026-01-05 10:00:00", "2026-01-05 10:02:00", "IP Address", "192.0.2.1", "100", "True", "2026-01-05 10:02:01",
         "R_1", "Berg", "Ada", "ada@berg.test", "003A", "EN", "3", "9", "It works"],
        ["2026-01-06 10:00:00", "2026-01-06 10:02:00", "IP Address", "192.0.2.1", "100", "True", "2026-01-06 10:02:01",
         "R_2", "Lund", "Bo", "bo@lund.test", "003B", "DE", "1", "4", ""],
    ],
)  # fmt: skip
GOOGLE_FORMS = (
    ["Timestamp", "Email Address", "How likely are you to recommend us to a colleague? (0–10)",
     "How satisfied are you with our support?", "Any other comments?"],
    [
        ["1/5/2026 10:00:00", "ada@berg.test", "9", "5", "Thanks"],
        ["1/25/2026 10:00:00", "bo@lund.test", "8", "4", ""],
    ],
)  # fmt: skip
ZENDESK = (
    ["User ID", "Name", "Email", "Organization", "Rating", "Comment", "Responded at", "Survey name"],
    [
        ["8", "Ada Berg", "ada@berg.test", "Berg AG", "9", "Good", "2026-01-05", "Q1"],
        ["9", "Bo Lund", "bo@lund.test", "Lund AB", "2", "Slow", "2026-01-06", "Q1"],
    ],
)
HUBSPOT = (
    ["Contact ID", "First Name", "Last Name", "Email", "Company Name", "Survey Name", "Rating", "Follow up response",
     "Submission Date", "HubSpot Score", "Lifecycle Stage"],
    [
        ["51", "Ada", "Berg", "ada@berg.test", "Berg AG", "NPS", "10", "Great", "2026-01-05 09:00", "7", "Customer"],
        ["52", "Bo", "Lund", "bo@lund.test", "Lund AB", "NPS", "5", "", "2026-01-06 09:00", "8", "Customer"],
    ],
)  # fmt: skip
ASK_NICELY = (
    ["Email", "Name", "Answer", "Answer Label", "Comment", "Sent", "Opened", "Responded", "Segment", "Days to respond"],
    [
        ["ada@berg.test", "Ada Berg", "9", "promoter", "Good", "2026-01-01", "2026-01-02", "2026-01-05", "Gold", "4"],
        ["bo@lund.test", "Bo Lund", "5", "detractor", "", "2026-01-01", "2026-01-02", "2026-01-06", "Silver", "5"],
    ],
)
RETENTLY = (
    ["Customer Email", "First name", "Last name", "Company", "NPS Score", "Score type", "Feedback", "Survey date",
     "Last contacted", "Trend", "Previous score"],
    [
        ["ada@berg.test", "Ada", "Berg", "Berg AG", "9", "Promoter", "Good", "2026-01-05", "2026-01-01", "up", "7"],
        ["bo@lund.test", "Bo", "Lund", "Lund AB", "0", "Detractor", "", "2026-01-06", "2026-01-01", "down", "8"],
    ],
)  # fmt: skip
ALL = {
    "delighted": DELIGHTED, "survey_monkey": SURVEY_MONKEY, "typeform": TYPEFORM, "qualtrics": QUALTRICS,
    "google_forms": GOOGLE_FORMS, "zendesk": ZENDESK, "hubspot": HUBSPOT, "ask_nicely": ASK_NICELY,
    "retently": RETENTLY,
}  # fmt: skip
