"""Readers' comments that are known by their form go as a whole; what reporters and witnesses say by the hour stays."""

import pytest

from cleaners.clean import clean
from cleaners.lines import COMMENT, EAGER, model, proposals
from cleaners.model.features import Text, see
from cleaners.reasons import why
from cleaners.threads import entries
from schemas.page import Document, Page

ARTICLE = (
    "The ferry left the pier at seven in the morning with eleven people on board, two dogs, and the mail of a month.",
    "By noon the wind had turned, and the captain decided to wait behind the island until the worst of it was over.",
    "The harbour office said in the evening that the line would run again on Monday, unless the forecast changed.",
    "Two of the passengers went back by road, which took them the better part of the night and most of the next day.",
)
NAMES = (
    "Anna K",
    "Peter",
    "old_sailor",
    "Mira",
    "Jo from the pier",
    "Tom",
    "quay7",
    "Ms. Otter",
    "Ben",
    "Lou",
    "Ida",
    "zz",
)
SAID = (
    "I was on that boat and it was awful. Thanks so much for writing this, I love your blog!",
    "Happens every spring. My cousin works there and I can tell you that nobody listens.",
    "@Peter lol, a bridge would cost more than ten ferries.",
    "Great post, thank you!!",
    "“Nobody did”",
    "Same here. I'd love to read more about the dogs :)",
    "Thanks for sharing! Can't wait for the next one.",
    "I totally agree with Anna, this is such a shame.",
    "Wow, I didn't know that. Where can I buy a ticket?",
    "Thank you for this article, it made my day.",
    "Sorry, but I don't think you are right about the wind.",
    "Nice! I'm going to try this with my kids.",
)
PAIRS = tuple(zip(NAMES, SAID, strict=True))
BLOG = tuple(line for name, said in PAIRS[:6] for line in (f"{name} says", "May 3, 2021 at 9:08 am", said))
PAPER = tuple(line for name, said in PAIRS for line in (name, "3 hours ago", said))
RUSSIAN = tuple(line for name, said in PAIRS for line in (name, "3 часа назад", said))
REPORTERS = (
    *("Mary Holt", "14 October 2020, 10:05", "Two villages in the south were shelled in the night, the ministry says."),
    *("Peter Lang", "14 October 2020, 10:40", "Residents of the lower town are told to stay in their cellars."),
    *("Jane Roe", "14 October 2020, 12:10", "The president calls for a truce and says talks may begin on Friday."),
    *("Ali Veli", "14 October 2020, 13:30", "Both sides accuse each other of breaking the truce within an hour."),
    *("Ida Bell", "14 October 2020, 15:00", "The Red Cross has brought the bodies of eleven soldiers over the line."),
)
LIVE = (
    *("Mary Holt", "12 minutes ago", "The depot is still burning", "Nobody was hurt, the brigade says."),
    *("Peter Lang", "34 minutes ago", "Smoke seen from the bridge", "You can see it from ten kilometres away."),
    *("Jane Roe", "1 hour ago", "What we know so far", "A depot caught fire at noon. Two engines are on their way."),
    *("Ali Veli", "2 hours ago", "First reports of a fire", "Residents report a loud bang."),
)
WITNESSES = (
    *("Anahit, 41", "27 September 2020, 07:10", "We heard the first blasts when the children were getting dressed."),
    *("Karen, 60", "27 September 2020, 07:25", "I carried my mother down to the cellar. There were thirty of us."),
    *("Sona, 19", "27 September 2020, 08:00", "My phone had no signal, so I walked through the orchards."),
    *("Vahan, 33", "27 September 2020, 09:30", "The road to the hospital was already closed."),
)
STATEMENTS = (
    *("Macron says:", "There can be no military solution to this conflict, and talks must begin at once."),
    *("Putin says:", "We call on both sides to stop the fighting and to exchange the bodies of the fallen."),
    *("Erdogan says:", "The land must be returned to those whom it belongs to before there is peace."),
    *("Pashinyan says:", "The people of the region have the right to decide on their own fate."),
)


def cleaned(*lines):
    return clean(
        Page("\n\n".join(lines).encode(), "text/plain", "https://example.org/a", "utf-8", None, None), "keep-source"
    )


@pytest.mark.parametrize("heading", ["Comments", "7 thoughts on “The ferry”"])
def test_comments_go_whole_with_names_and_times_and_the_article_stays(heading):
    assert cleaned(*ARTICLE, heading, *BLOG).text.split("\n\n") == list(ARTICLE)


def test_statements_stay_above_comments_of_the_same_form():
    left = cleaned(*ARTICLE, *STATEMENTS, "Comments", *BLOG).text.split("\n\n")
    assert left == [*ARTICLE, *STATEMENTS]


@pytest.mark.parametrize(
    "below", [REPORTERS, LIVE, WITNESSES, STATEMENTS], ids=["reporters", "live", "witnesses", "said"]
)
def test_what_is_told_by_name_and_hour_in_an_article_stays(below):
    page = Document("\n\n".join((*ARTICLE, *below)), language="en")
    assert COMMENT not in {edit.rule for edit in proposals(page, model(), EAGER)}


@pytest.mark.parametrize("below", [REPORTERS, WITNESSES, STATEMENTS], ids=["reporters", "witnesses", "said"])
def test_those_who_speak_in_an_article_keep_their_names_and_hours(below):
    assert set(below) <= set(cleaned(*ARTICLE, *below).text.split("\n\n"))


def known(*lines, score=2.0):
    seen = see([Text(lines, [-1.0] * len(lines))], model().lexicon)
    return entries(lines, seen, seen.length * 0 + score, "\n".join(lines))[0]


@pytest.mark.parametrize("below", [BLOG, PAPER, RUSSIAN], ids=["blog", "paper", "russian"])
def test_where_nothing_says_that_comments_follow_the_model_has_to_be_sure(below):
    assert known(*ARTICLE, "Comments", *below, score=0.5).sum() == len(below)
    assert not known(*ARTICLE, *below, score=0.5).any()
    assert known(*ARTICLE, *below, score=2.5).sum() == len(below)


def test_buttons_and_numbers_say_that_comments_follow():
    replied = [line for at, line in enumerate(PAPER) for line in ([line, "Reply"] if at % 3 == 2 else [line])]
    assert known(*ARTICLE, *replied, score=0.5).any()
    numbered = [line for n, (name, said) in enumerate(PAIRS) for line in (f"{n + 1}. {name} says:", said)]
    assert known(*ARTICLE, *numbered, score=-0.9).sum() == len(numbered)


def test_a_line_that_stands_over_every_time_is_no_name():
    pairs = [(f"Name {chr(65 + n)} • 2 years ago", said) for n, said in enumerate(SAID)]
    assert known(*ARTICLE, "Comments", *(line for pair in pairs for line in ("Share ›", *pair)), score=0.5).any()


def test_names_may_end_in_an_initial():
    pairs = zip(("Petra M.", "Gary W.", "Ole B.", "Ann K."), SAID, strict=False)
    assert known(*ARTICLE, "Comments", *(line for name, said in pairs for line in (f"{name} says:", said))).sum() == 8


def test_three_entries_are_no_thread():
    assert not known(*ARTICLE, "Comments", *BLOG[:9]).any()
    assert known(*ARTICLE, "Comments", *BLOG[:12]).sum() == 12


def test_entries_by_the_same_few_are_no_thread():
    assert not known(*ARTICLE, *(BLOG[:6] * 3)).any()


def test_entries_without_an_article_above_are_what_the_page_is_about():
    assert not known(*ARTICLE[:2], *BLOG).any()


def test_lines_that_the_model_holds_to_be_the_articles_stay():
    assert known(*ARTICLE, "Comments", *BLOG, score=-0.4).any()
    assert not known(*ARTICLE, "Comments", *BLOG, score=-0.6).any()


def test_the_reason_is_told():
    rules = {edit.rule for step in cleaned(*ARTICLE, "Comments", *BLOG).steps for edit in step.edits}
    assert COMMENT in rules
    assert "comments of readers" in why(COMMENT)
