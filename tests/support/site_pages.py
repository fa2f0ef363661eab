"""A site of our own making: articles that share a menu and a footer, as text."""

MENU = ("Harbour Wire", "World", "Region", "Weather at the pier", "Become a friend of the pier")
FOOTER = ("Most read this week", "Ferry times and fares", "Write to the harbour desk", "Terms of this site")
LEGAL = (
    "All that stands on these pages belongs to the harbour wire and may be carried on by other ports if they name it."
)
HISTORY = (
    "The ferry between the two towns was opened in the spring of 1911 and has been closed by three wars since then."
)


def story(number: int) -> list[str]:
    """Return the article of a number: paragraphs that no other page has, with a heading that every page has."""
    day = f"on the morning of day {number}"
    return [
        f"Ferry number {number} leaves on time",
        f"The ferry with the number {number} left the pier {day} with {number + 7} people, two dogs and all the mail.",
        "Background",
        f"It was said at the harbour office {day} that {number + 3} of them had waited there since the spring.",
        "Q: Who waited?",
        f"“I have waited for {number + 2} days,” one of them said {day}, “and I would wait for a further {number}.”",
        HISTORY,
    ]


def page(number: int) -> str:
    """Return a page of the site, article, menu and all."""
    return "\n\n".join((*MENU, *story(number), *FOOTER, LEGAL)) + "\n"


def rows(count: int, site: str = "harbour.example") -> list[dict[str, str]]:
    """Return pages of the site as rows of JSONL."""
    return [{"url": f"https://www.{site}/{number}", "text": page(number)} for number in range(count)]
