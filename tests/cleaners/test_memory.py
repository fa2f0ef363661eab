"""What a site memory counts, and what it takes: menus and footers, and nothing of an article."""

import itertools
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from site_pages import FOOTER, HISTORY, LEGAL, MENU, page, story

from cleaners.clean import clean
from cleaners.recurrence import SiteCount, site_of
from schemas.memory import MemoryFileError, Origin, parse_memory, spell
from schemas.page import Page

ROOT = Path(__file__).parents[2]
ORIGIN = Origin("0" * 32, 1, "f" * 64, 12, "test")
URL = "https://www.harbour.example/99"


def memory(pages, site="harbour.example"):
    count = SiteCount(site)
    for text in pages:
        count.add(text)
    return parse_memory(spell(ORIGIN, list(count.shared())), "built")


def taken(pages):
    return {line.line for line in memory(pages).lines if line.taken}


def cleaned(text, known, url=URL, title=None):
    done = clean(Page(text.encode(), "text/plain", url, "utf-8", title), "keep-source", memory=known)
    return [line for line in done.text.split("\n") if line], done


PAGES = [page(number) for number in range(12)]
KNOWN = memory(PAGES)


def test_menu_and_footer_of_a_page_it_has_not_seen_are_taken_and_its_article_is_not():
    lines, done = cleaned(page(99), KNOWN)
    assert not {*MENU, *FOOTER[:-1]} & set(lines)
    assert [line for line in lines if line in story(99)] == story(99)
    assert "memory:repeated_block/12-of-12-pages" in {edit.rule for step in done.steps for edit in step.edits}


def test_without_a_memory_or_on_another_site_nothing_is_taken_by_it():
    for known, url in ((None, URL), (KNOWN, "https://other.example/99"), (KNOWN, None)):
        _, done = cleaned(page(99), known, url)
        assert "memory" not in {step.cleaner for step in done.steps}


def test_a_paragraph_that_pages_share_is_never_taken():
    assert taken(PAGES).isdisjoint({HISTORY, LEGAL})
    lines, _ = cleaned(page(99), KNOWN)
    assert HISTORY in lines


def test_headings_and_speakers_within_articles_are_never_taken():
    assert taken(PAGES).isdisjoint({"Background", "Q: Who waited?"})


def test_a_heading_that_stays_in_articles_stays_where_it_heads_the_last_paragraph():
    text = page(99).replace(HISTORY, f"{MENU[1]}\n\n{HISTORY}")
    assert MENU[1] in cleaned(text, KNOWN)[0]


def test_speakers_of_an_interview_with_short_answers_stay():
    def interview(number):
        talk = [
            line for turn in range(4) for line in ("Host", f"And then, {number}?", "Guest", f"Then {turn * number}.")
        ]
        return "\n".join([f"Talk {number}", story(number)[1], *talk, *FOOTER])

    found = taken(interview(number) for number in range(12))
    assert found.isdisjoint({"Host", "Guest"})
    assert set(FOOTER) <= found


@pytest.mark.parametrize(
    "line",
    [
        "Correction: an earlier version of this report had another number.",
        "This article has been updated.",
        "Updated in the evening",
        "Host:",
    ],
)
def test_what_editors_say_of_an_article_stays_though_it_ends_every_page(line):
    assert line not in taken(f"{text}\n{line}\n" for text in PAGES)


def test_a_line_that_differs_by_a_number_is_another_line():
    assert not {line for line in taken(f"{p}\nDay {n} of the strike\n" for n, p in enumerate(PAGES)) if "Day" in line}


@pytest.mark.parametrize(
    ("pages", "with_it", "is_taken"), [(9, 9, False), (10, 4, False), (20, 5, False), (12, 5, True)]
)
def test_a_line_needs_ten_pages_five_of_them_and_three_in_ten(pages, with_it, is_taken):
    texts = [page(n) + ("\nRing the harbour bell\n" if n < with_it else "") for n in range(pages)]
    assert ("Ring the harbour bell" in taken(texts)) is is_taken


def test_copies_of_one_article_do_not_make_its_lines_boilerplate():
    copies = [f"{MENU[0]}\nThe pier\n" + "\n".join(story(1)) + "\nThe end of it\n"] * 12
    assert taken(copies) == set()


def test_the_title_stays_though_lists_of_what_is_most_read_name_it():
    headline = "Ferry number 99 leaves on time"
    known = memory([f"{text}\n{headline}\n" for text in PAGES])
    assert headline in {line.line for line in known.lines if line.taken}
    assert headline in cleaned(page(99), known, title=f"{headline} - Harbour Wire")[0]


def test_a_page_without_a_paragraph_of_its_own_stays_whole():
    text = "\n".join((*MENU, "Day 3", *FOOTER))
    assert set(MENU[:4]) <= set(cleaned(text, KNOWN)[0])


def test_the_same_pages_in_any_order_give_the_same_bytes():
    shuffled = PAGES.copy()
    random.Random(7).shuffle(shuffled)
    assert memory(shuffled).sha256 == KNOWN.sha256


@pytest.mark.parametrize("name", ["www.harbour.example", "Harbour.Example.", "harbour.example:8080"])
def test_a_site_has_many_spellings(name):
    assert site_of(f"https://{name}/a") == "harbour.example"


def test_a_site_with_letters_of_its_own_has_one_name():
    assert site_of("https://xn--e1afmkfd.xn--p1ai/") == site_of("https://пример.рф/") == "пример.рф"


@pytest.mark.parametrize(
    "content",
    [b"", b"{}", b"[]", b"\xff\n", b'{"kind":"cleancopy site memory"}\n'],
)
def test_a_file_that_is_no_memory_is_refused(content):
    with pytest.raises(MemoryFileError, match="cleancopy memory build"):
        parse_memory(content, "x.jsonl")


def test_a_memory_that_was_changed_by_hand_is_refused():
    content = spell(ORIGIN, KNOWN.lines)
    assert parse_memory(content, "x").lines == KNOWN.lines
    with pytest.raises(MemoryFileError, match="not as it was built"):
        parse_memory(content.replace(b"Weather at the pier", b"Weather on the pier"), "x")


ORDER = [(page(n), URL) for n in range(4)] + [("The road to Shushi was closed.\n\nSupport us on Patreon\n", None)]
ALONE = [cleaned(text, KNOWN, url)[1] for text, url in ORDER]


@settings(deadline=None, max_examples=20)
@given(st.permutations(range(len(ORDER))), st.lists(st.text(max_size=60), max_size=3))
def test_law_no_result_depends_on_what_was_cleaned_before(order, others):
    """cleaning a, then b == cleaning b, then a, whatever else was cleaned in between."""
    for number, other in itertools.zip_longest(order, others, fillvalue=None):
        if other is not None:
            cleaned(other, memory([other] * 10) if len(other) > 30 else None)
        if number is not None:
            assert cleaned(ORDER[number][0], KNOWN, ORDER[number][1])[1] == ALONE[number]


IN_A_PROCESS = """
import hashlib, sys
from pathlib import Path
from cleaners.clean import clean
from schemas.memory import parse_memory
from schemas.page import Page
known = parse_memory(Path(sys.argv[1]).read_bytes(), "known")
for name in sys.argv[2:]:
    page = Page(Path(name).read_bytes(), "text/plain", "https://www.harbour.example/99", "utf-8")
    print(Path(name).name, hashlib.sha256(repr(clean(page, "common", memory=known)).encode()).hexdigest())
"""


@pytest.mark.slow
def test_no_result_depends_on_the_process_or_on_the_order_in_it(tmp_path):
    (tmp_path / "known.jsonl").write_bytes(spell(ORIGIN, KNOWN.lines))
    names = [str(tmp_path / f"{number}.txt") for number in range(len(ORDER))]
    for name, (text, _) in zip(names, ORDER, strict=True):
        Path(name).write_text(text, "utf-8")
    told = []
    for seed, order in (("1", names), ("2", names[::-1]), ("3", names[2:3])):
        environment = os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-c", IN_A_PROCESS, str(tmp_path / "known.jsonl"), *order]
        out = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
        told.append(set(out.splitlines()))
    assert told[0] == told[1]
    assert told[2] < told[0]
