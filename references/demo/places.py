"""Where the invented customers are: regions of the starter vocabulary with their languages, clocks and money."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """A country: `towns` are region slugs within it, `culture` the list that people's names are drawn from."""

    region: str
    towns: tuple[str, ...]
    languages: tuple[str, ...]
    time_zone: str
    culture: str
    currency: str
    weight: int


PLACES: tuple[Place, ...] = (
    Place("united-states", ("california", "new-york-state", "texas", "illinois", "florida", "massachusetts", "ohio",
                            "washington-state", "georgia-us", "colorado"), ("english",), "America/New_York",
          "english", "USD", 110),
    Place("united-kingdom", ("london", "manchester", "scotland", "bristol"), ("english",), "Europe/London",
          "english", "GBP", 44),
    Place("germany", ("berlin", "munich", "hamburg", "frankfurt", "stuttgart"), ("german", "english"),
          "Europe/Berlin", "german", "EUR", 44),
    Place("sweden", ("stockholm", "gothenburg"), ("swedish", "english"), "Europe/Stockholm", "nordic", "SEK", 16),
    Place("denmark", ("copenhagen",), ("danish", "english"), "Europe/Copenhagen", "nordic", "DKK", 14),
    Place("norway", ("oslo",), ("norwegian", "english"), "Europe/Oslo", "nordic", "NOK", 10),
    Place("finland", ("helsinki",), ("finnish", "english"), "Europe/Helsinki", "finnish", "EUR", 10),
    Place("netherlands", ("amsterdam", "rotterdam", "utrecht"), ("dutch", "english"), "Europe/Amsterdam",
          "dutch", "EUR", 20),
    Place("france", ("paris", "lyon", "toulouse"), ("french",), "Europe/Paris", "french", "EUR", 22),
    Place("switzerland", ("zurich", "geneva", "basel"), ("german", "french"), "Europe/Zurich", "german", "CHF", 12),
    Place("austria", ("vienna",), ("german",), "Europe/Vienna", "german", "EUR", 8),
    Place("spain", ("madrid", "barcelona"), ("spanish",), "Europe/Madrid", "spanish", "EUR", 14),
    Place("italy", ("milan", "turin"), ("italian",), "Europe/Rome", "italian", "EUR", 10),
    Place("poland", ("warsaw", "krakow"), ("polish", "english"), "Europe/Warsaw", "polish", "PLN", 10),
    Place("canada", ("ontario", "quebec", "british-columbia"), ("english",), "America/Toronto", "english", "CAD", 18),
    Place("brazil", ("sao-paulo",), ("portuguese",), "America/Sao_Paulo", "portuguese", "BRL", 10),
    Place("mexico", ("mexico-city", "monterrey"), ("spanish",), "America/Mexico_City", "spanish", "MXN", 6),
    Place("india", ("mumbai", "bengaluru"), ("english", "hindi"), "Asia/Kolkata", "indian", "INR", 12),
    Place("australia", ("sydney", "melbourne"), ("english",), "Australia/Sydney", "english", "AUD", 14),
    Place("singapore", (), ("english", "mandarin-chinese"), "Asia/Singapore", "chinese", "SGD", 8),
    Place("united-arab-emirates", ("dubai",), ("english", "arabic"), "Asia/Dubai", "arabic", "AED", 6),
    Place("japan", ("tokyo",), ("japanese",), "Asia/Tokyo", "japanese", "JPY", 8),
)  # fmt: skip
