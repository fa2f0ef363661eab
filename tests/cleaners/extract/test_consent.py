"""What consent software puts into a page is no text, whatever its share; what the page says of cookies itself is."""

from dataclasses import replace

import numpy as np
import pytest

from cleaners.extract.article import best, read
from cleaners.extract.blocks import parse, read_blocks
from cleaners.extract.model import load
from cleaners.extract.page import extract
from schemas.account import Fate

STORY = (
    "<h1>Is the bridge open?</h1><p>I came back from the other side on Monday and the barrier was down, although the "
    "notice says that walkers may cross until the autumn.</p><p>It was open when I went there. Ask for Anna.</p>"
)
ASKING = "".join(
    f"<h4>Kind {number}</h4><p>These technologies help us to understand how our site is used, and cannot be switched "
    f"off in our systems. They are set in answer to what you do, of the {number}th kind.</p>"
    for number in range(9)
)


@pytest.mark.parametrize(
    "box",
    [
        '<div id="onetrust-consent-sdk"><div class="ot-sdk-row">',
        '<div id="CybotCookiebotDialog"><div>',
        '<div id="usercentrics-root"><div>',
        '<div id="didomi-host"><div class="didomi-popup-container">',
        '<div class="qc-cmp2-container" id="qc-cmp2-container"><div>',
        '<div id="truste-consent-track"><div>',
        '<div id="sp_message_container_86221"><div>',
        '<section><div class="x cky-consent-container">',
    ],
)
def test_the_layer_of_consent_software_is_never_the_text(box: str) -> None:
    found = extract(f"<body>{STORY}{box}{ASKING}</div></div></body>", None, None)
    assert "walkers may cross" in found.text
    assert "technologies" not in found.text
    assert found.account is not None
    told = [(block.kind, block.rule) for block in found.account.blocks if block.fate is Fate.LEFT_OUT]
    assert told.count(("consent", "consent")) == ASKING.count("<p>") * 2


def test_where_nothing_else_is_shown_there_is_no_text() -> None:
    assert extract(f'<body><div id="onetrust-consent-sdk">{ASKING}</div></body>', None, None).text == ""


@pytest.mark.parametrize("around", ['<div id="ot-sdk-cookie-policy">', '<body class="didomi-popup-open">'])
def test_a_policy_on_cookies_and_a_page_beneath_a_layer_are_text(around: str) -> None:
    assert "technologies" in extract(f"{around}<h1>Cookies</h1>{ASKING}", None, None).text


@pytest.mark.parametrize("around", ['<div id="onetrust-consent-sdk">', '<body class="klaro">'])
def test_an_article_in_a_box_that_was_never_closed_stays(around: str) -> None:
    assert "walkers may cross" in extract(f"{around}<article>{STORY}{STORY}</article>", None, None).text


class Always:
    """Trees that say the same of every page."""

    def __init__(self, value: float) -> None:
        self.value = value

    def predict(self, data, /):
        return np.full(len(data), self.value)


def test_a_second_opinion_that_read_the_layer_is_not_taken() -> None:
    page = read_blocks(parse(f'{STORY}<div id="didomi-host">{ASKING}</div>'))
    model = replace(load(), sure=Always(0.0), better=Always(1.0))
    (reading,) = read([page], model)
    theirs = "\n".join(page.blocks.text)
    assert best(page, reading, model, lambda: theirs).source == "blocks"
    assert best(page, reading, model, lambda: theirs[:150]).source == "second opinion"
