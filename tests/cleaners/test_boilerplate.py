"""Boilerplate: blocks, what is below the article, and languages."""

from dataclasses import replace

from cleaners.boilerplate import CLEANER
from cleaners.ledger import apply, settle
from schemas.edit import kind_of
from schemas.page import Document

PROSE = (
    "On the morning of the second day the ferry left the pier with eleven people on board, two dogs, and the mail "
    "that had waited in the customs house since the spring."
)


def clean(text: str) -> list[str]:
    return [line for line in apply(text, settle(CLEANER.propose(Document(text)))).split("\n") if line]


def test_a_donation_block_goes_to_its_last_address() -> None:
    block = "Support Desk One\n\nPayPal: desk@example.org\n\nYour support keeps us going.\nIBAN: XX00 0000 0000 0000"
    assert clean(f"{PROSE}\n\n{block}\n\nThe mail came too.") == [PROSE, "The mail came too."]


def test_each_line_of_a_block_is_an_edit_of_its_own_and_blank_lines_stay() -> None:
    text = f"{PROSE}\n\nSUPPORT US:\n\nPayPal: desk@example.org\n"
    edits = settle(CLEANER.propose(Document(text)))
    assert [edit.before for edit in edits] == ["SUPPORT US:\n", "PayPal: desk@example.org\n"]
    assert {kind_of(edit.rule) for edit in edits} == {"donation"}


def test_a_heading_without_an_address_below_it_stays() -> None:
    assert clean(f"{PROSE}\n\nSupport for the ferry\n\n{PROSE}") == [PROSE, "Support for the ferry", PROSE]


def test_a_lone_network_goes_below_the_article_and_stays_within_it() -> None:
    assert clean(f"{PROSE}\n\nTelegram\n\n{PROSE}\n\nTelegram\nA short line\nFacebook") == [
        PROSE,
        "Telegram",
        PROSE,
        "A short line",
    ]


def test_bullets_arrows_and_capitals_do_not_hide_a_prompt() -> None:
    prompts = "• SUBSCRIBE TO OUR NEWSLETTER!\n👉 Follow us on Telegram →\n  - share this\u00a0article:"
    assert clean(f"{PROSE}\n\n{prompts}") == [PROSE]


def test_the_turkish_i_is_one_letter() -> None:
    assert clean(f"{PROSE}\n\nBİZİ TAKİP EDİN\nBıze destek olun") == [PROSE]


def test_prompts_go_whatever_language_the_page_is_in() -> None:
    text = f"{PROSE}\n\nПоделиться\nPaylaş\nՏարածել\nShare"
    for language in ("und", "en", "ru", "ka"):
        edits = settle(CLEANER.propose(replace(Document(text), language=language)))
        assert apply(text, edits).strip() == PROSE


def test_headlines_below_a_heading_go_and_a_sentence_among_them_stays() -> None:
    text = (
        f"{PROSE}\n\nRelated articles\nWho will guard the road\nThe hearing is set for 26 June at nine.\nRain and snow"
    )
    assert clean(text) == [PROSE, "The hearing is set for 26 June at nine.", "Rain and snow"]
