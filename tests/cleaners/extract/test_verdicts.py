"""Pages that are no page, and pages about the same things that are."""

import pytest

from cleaners.extract.page import extract
from schemas.page import Verdict

PARAGRAPH = (
    "<p>On the morning of the second day the ferry left the pier with eleven people on board, two dogs, and the mail "
    "that had waited in the customs house since the spring. The harbour master said that the crossing takes forty "
    "minutes, and an hour when the wind comes from the north, and that nobody would be left behind on the quay.</p>"
)
STORY = "".join(PARAGRAPH.replace("second", day) for day in ("third", "fourth", "fifth", "sixth"))


def page(title: str, body: str, head: str = "") -> str:
    return f"<!doctype html><html><head><title>{title}</title>{head}</head><body>{body}</body></html>"


def consent(text: str, *buttons: str) -> str:
    return page("News", f"<div><p>{text}</p>" + "".join(f"<button>{b}</button>" for b in buttons) + "</div>")


UNPAID = '<script type="application/ld+json">{"@type": "NewsArticle", "isAccessibleForFree": %s}</script>'

WALLS = {
    "consent, English": (
        Verdict.CONSENT_WALL,
        consent(
            "We and our 211 partners store cookies and process personal data, such as your address, to show you "
            "advertising that fits. You can change your consent at any time under Privacy.",
            "Accept all",
            "Manage options",
        ),
    ),
    "consent, in few words, with buttons in one row": (
        Verdict.CONSENT_WALL,
        page(
            "News",
            "<h2>We value your privacy</h2><p>We use cookies to make this site work, and to measure how it is used.</p>"
            "<p><span>Accept all</span> <span>Reject all</span></p>",
        ),
    ),
    "consent, German": (
        Verdict.CONSENT_WALL,
        consent(
            "Wir und unsere Partner verwenden Cookies und verarbeiten Daten mit Ihrer Einwilligung, damit wir Ihnen "
            "passende Werbung zeigen können. Mehr dazu steht in den Hinweisen zum Datenschutz.",
            "Alle akzeptieren",
            "Einstellungen",
        ),
    ),
    "consent, Russian": (
        Verdict.CONSENT_WALL,
        consent(
            "Мы используем файлы cookie и обрабатываем персональные данные с вашего согласия, чтобы показывать вам "
            "подходящую рекламу и считать, сколько людей читает наши страницы каждый день.",
            "Принять все",
        ),
    ),
    "consent, Turkish": (
        Verdict.CONSENT_WALL,
        consent(
            "Size uygun reklamlar göstermek için çerez kullanıyor ve kişisel verilerinizi işliyoruz. Çerez "
            "tercihlerinizi dilediğiniz zaman gizlilik sayfasından değiştirebilir ya da reddedebilirsiniz.",
            "Kabul et",
        ),
    ),
    "consent, of software, and long": (
        Verdict.CONSENT_WALL,
        page(
            "News",
            '<nav><a href="/">Home</a></nav><div id="onetrust-consent-sdk">' + "<p>These help us.</p>" * 200 + "</div>",
        ),
    ),
    "bot, English": (
        Verdict.BOT_WALL,
        page("Just a moment...", "<h1>news.example</h1><p>Verify you are human by completing the action below.</p>"),
    ),
    "bot, browser check": (
        Verdict.BOT_WALL,
        page("One moment", "<p>Checking your browser before you reach the page. This takes five seconds.</p>"),
    ),
    "bot, German": (
        Verdict.BOT_WALL,
        page("Prüfung", "<p>Bitte bestätigen Sie, dass Sie kein Roboter sind.</p>"),
    ),
    "bot, Russian": (Verdict.BOT_WALL, page("Ой!", "<p>Подтвердите, что вы не робот, и мы откроем страницу.</p>")),
    "bot, Turkish": (Verdict.BOT_WALL, page("Kontrol", "<p>Robot olmadığınızı doğrulayın.</p>")),
    "404, English": (
        Verdict.SOFT_404,
        page("Page not found - Harbour News", "<h1>Page not found</h1><p>Try the search, or go to the front page.</p>"),
    ),
    "404, number and words": (
        Verdict.SOFT_404,
        page("Harbour", "<h1>404 - The page you are looking for could not be found</h1><p>Go home.</p>"),
    ),
    "404, German": (Verdict.SOFT_404, page("x", "<h1>Seite nicht gefunden</h1><p>Zur Startseite</p>")),
    "404, French": (Verdict.SOFT_404, page("Page introuvable | Le Port", "<p>Revenir à la page d'accueil</p>")),
    "404, Russian": (Verdict.SOFT_404, page("Страница не найдена", "<p>Вернуться на главную</p>")),
    "404, Turkish": (Verdict.SOFT_404, page("x", "<h1>Aradığınız sayfa bulunamadı</h1><p>Ana sayfa</p>")),
    "404, Azerbaijani": (Verdict.SOFT_404, page("x", "<h1>Səhifə tapılmadı</h1><p>Ana səhifə</p>")),
    "404, Armenian": (Verdict.SOFT_404, page("x", "<h1>Էջը չի գտնվել</h1><p>Գլխավոր էջ</p>")),
    "shell, empty root": (
        Verdict.SCRIPT_SHELL,
        page("Harbour", '<div id="root"></div><script src="/main.js"></script>'),
    ),
    "shell, says so": (
        Verdict.SCRIPT_SHELL,
        page(
            "Harbour", '<noscript>You need to enable JavaScript to run this app.</noscript><script src="a.js"></script>'
        ),
    ),
    "shell, German": (
        Verdict.SCRIPT_SHELL,
        page("Hafen", '<p>Bitte aktivieren Sie JavaScript, um die Seite zu lesen.</p><script src="a.js"></script>'),
    ),
    "shell, of a forum": (
        Verdict.SCRIPT_SHELL,
        page("Harbour", '<section id="d-splash"><div class="dots"></div></section><script src="a.js"></script>'),
    ),
    "shell, of a forum, in a capture that lost its scripts": (
        Verdict.SCRIPT_SHELL,
        page("Harbour", '<section id="d-splash"></section>', '<link rel="preload" as="script" href="a.js">'),
    ),
    "shell, without a word": (
        Verdict.SCRIPT_SHELL,
        page("Harbour", '<img src="a.png">' + "".join(f'<script src="{name}.js"></script>' for name in "abc")),
    ),
    "stub, English": (
        Verdict.PAYWALL,
        page(
            "The ferry",
            f"<article><h1>The ferry</h1>{PARAGRAPH}<div><p>Subscribe to continue reading</p></div></article>",
            UNPAID % "false",
        ),
    ),
    "stub, German": (
        Verdict.PAYWALL,
        page(
            "Die Fähre",
            f"<article><h1>Die Fähre</h1>{PARAGRAPH}<p>Jetzt weiterlesen mit Plus</p></article>",
            UNPAID % '"False"',
        ),
    ),
}


@pytest.mark.parametrize(("verdict", "html"), WALLS.values(), ids=WALLS.keys())
def test_a_page_that_is_none_gets_its_verdict_and_keeps_what_it_shows(verdict: Verdict, html: str) -> None:
    found = extract(html, "https://example.org/a", None)
    assert (found.verdict, isinstance(found.text, str)) == (verdict, True)
    assert found.detail


PAGES = {
    "an article about cookies": page(
        "Cookies",
        f"<h1>What cookies are for</h1><p>Cookies hold what a page knows of its reader. Consent is asked "
        f"for since 2018.</p>{PARAGRAPH}<p>Privacy, a baker said, is dear to her.</p><button>Accept all</button>",
    ),
    "an article under a banner": page(
        "The ferry",
        f"<h1>The ferry</h1>{PARAGRAPH}<div class='banner'><p>We use cookies, with your consent, as said under "
        "Privacy, and share personal data with our partners.</p><button>Accept all</button></div>",
    ),
    "an article about error pages": page(
        "404: how a number became a joke", f"<h1>Page not found, and other stories</h1>{PARAGRAPH}"
    ),
    "an article about robots": page(
        "Are you a robot?", f"<h1>Are you a robot?</h1>{STORY}<p>Verify you are human, said the wall.</p>"
    ),
    "a paid article in full": page(
        "The ferry",
        f"<article><h1>The ferry</h1>{STORY}<p>Already a subscriber?</p></article>",
        UNPAID % "false",
    ),
    "a short article that is free": page(
        "The ferry", f"<article><h1>The ferry</h1>{PARAGRAPH}<p>Subscribe to read more</p></article>", UNPAID % "true"
    ),
    "a short article under the layer of consent software": page(
        "The ferry", f'<h1>The ferry</h1>{PARAGRAPH}<div id="didomi-host">' + "<p>These help us.</p>" * 200 + "</div>"
    ),
    "a short notice": page("Closed", "<h1>Closed on Monday</h1><p>The pier is closed on Monday for repairs.</p>"),
    "a page with scripts": page(
        "The ferry", f'<noscript>Please enable JavaScript.</noscript>{PARAGRAPH}<script src="a.js"></script>'
    ),
}


@pytest.mark.parametrize("html", PAGES.values(), ids=PAGES.keys())
def test_a_page_about_walls_is_a_page(html: str) -> None:
    found = extract(html, "https://example.org/a", None)
    assert (found.verdict, found.detail) == (Verdict.OK, None)
    assert "ferry" in found.text or "pier" in found.text


def test_a_page_without_a_word_that_counts_its_readers_is_empty_and_no_shell() -> None:
    found = extract(page("Harbour", '<img src="a.png"><script src="count.js"></script>'), None, None)
    assert (found.verdict, found.text) == (Verdict.EMPTY, "")
