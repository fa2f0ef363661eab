"""Pages that are no page: a wall, a stub, an error page or an empty shell, told by what they show.

Every rule wants a short page that says little else: a page with a text of its own keeps its verdict, whatever its
subject. Phrases are those that sites and their protection services show, in the languages of the region and of Europe.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser

from cleaners.extract.blocks import MARKS, Page
from cleaners.extract.consent import consent_blocks
from cleaners.extract.head import Head
from schemas.page import Verdict

_HIDDEN = 1 << MARKS.index("hidden")
_AROUND = sum(1 << MARKS.index(name) for name in ("nav", "footer", "header"))
_MOST_WORDS = 400
"""Of the whole page; no wall measured has more."""
_WALL_WORDS, _ERROR_WORDS, _SHELL_WORDS, _STUB_WORDS = 150, 150, 40, 130
_CONSENT_WORDS, _CONSENT_REST = 12, 60

_BOT = re.compile(
    r"(?i)checking (?:if the site connection is secure|your browser)|verify(?:ing)? (?:that )?you(?:'re| "
    r"are) (?:a )?human|"
    r"(?:are|confirm) you(?:'re| are)? (?:not )?a (?:ro)?bot|enable javascript and cookies to continue|"
    r"unusual traffic from|"
    r"complete the (?:security check|captcha)|ddos protection by|please enable js and disable any ad blocker|"
    r"pardon our interruption|access to this page has been denied|press (?:&|and) hold to confirm|"
    r"request unsuccessful\. incapsula|"
    r"(?:sie|du) (?:ein mensch|kein roboter) (?:sind|bist)|vérifi(?:er|ez|ons) que vous (?:êtes|n'êtes pas) (?:un )?"
    r"(?:humain|robot)|(?:que no eres|no soy) un robot|(?:вы не робот|что вы человек|проверка браузера)|"
    r"robot olmadığın|"
    r"insan olduğunuzu doğrula|ռոբոտ չեք|tarayıcınız kontrol ediliyor|brauzeriniz yoxlanılır"
)
_MISSING = re.compile(
    r"(?i)(?:error |oops[!.,]? |sorry[!.,]? |http )?(?:404(?: error)?|"
    r"(?:404[\s:–—-]*)?(?:error[\s:–—-]*)?(?:the |this |that )?"
    r"(?:page|article|content|document|story|url)(?: you (?:were|are) looking for| you requested| requested)?"
    r"(?: (?:was|is|could|can|cannot|can't|couldn't|does|doesn't|has)(?: not)?(?: be| been)?)? ?(?:not "
    r"found|found|exist|"
    r"no longer (?:available|exists)|unavailable|removed)|not found|"
    r"(?:404[\s:–—-]*)?(?:diese |die )?seite (?:wurde )?nicht gefunden|(?:404[\s:–—-]*)?page "
    r"(?:introuvable|non trouvée)|"
    r"(?:404[\s:–—-]*)?página no encontrada|(?:404[\s:–—-]*)?pagina non trovata|"
    r"(?:404[\s:–—-]*)?(?:такая )?страница не (?:найдена|существует)|(?:404[\s:–—-]*)?(?:aradığınız )?sayfa(?:ya)? "
    r"(?:bulunamadı|ulaşılamıyor)|(?:404[\s:–—-]*)?(?:axtardığınız )?səhifə tapılmadı|(?:404[\s:–—-]*)?էջը չի գտնվել|"
    r"(?:404[\s:–—-]*)?էջը գոյություն չունի)[\s.!…404-]*(?:error)?[.!]?"
)
_CONSENT = re.compile(
    r"(?i)cookies?|consent|our (?:\d+ )?partners|personal data|privacy|einwilligung|datenschutz|zustimm|"
    r"partnern?|tracking|"
    r"consentement|données personnelles|partenaires|consentimiento|datos personales|файл\w* cookie|куки|"
    r"персональн\w+ данн|согласи|çerez|kişisel veri|kuki|fərdi məlumat|թխուկ|անձնական տվյալ|gizlilik|"
    r"măxfilik|məxfilik"
)
_AGREE = (
    r"(?:i )?(?:accept|agree|allow|consent|reject|decline)(?: (?:all|and (?:close|continue|proceed)|"
    r"to all|cookies))*|got it|ok|manage (?:options|preferences|settings|cookies)|(?:alle )?(?:akzeptieren|"
    r"zustimmen|ablehnen)"
    r"(?: und (?:weiter|schließen))?|einstellungen|(?:tout )?(?:accepter|refuser)(?: tout)?|j'accepte|"
    r"aceptar(?: todo)?|rechazar|"
    r"принять(?: все)?|согласен|отклонить|(?:tümünü )?kabul et|reddet|(?:hamısını )?qəbul et|(?:ընդունել|"
    r"համաձայն եմ)(?: բոլորը)?"
)
_BUTTONS = re.compile(rf"(?i)(?:{_AGREE})(?:[\s|·.!,]+(?:{_AGREE}))*[\s.!]*")
"""Buttons to agree with, or several in a row."""
_PAY = re.compile(
    r"(?i)subscribe (?:now )?to (?:continue|read|keep reading|unlock)|(?:to )?continue reading(?:,| this article)|"
    r"already (?:a |have a )?(?:subscriber|subscription|member)|(?:this (?:article|content|story) is |"
    r"exclusive(?:ly)? )?"
    r"for subscribers|subscribers only|unlock this article|register to (?:read|continue)|"
    r"jetzt (?:weiterlesen|abonnieren|testen)|für abonnenten|weiterlesen mit|bereits abonnent|réservé aux abonnés|"
    r"abonnez-vous|déjà abonné|suscríbete para|solo para suscriptores|ya eres suscriptor|только (?:для )?подписчик|"
    r"оформите подписку|по подписке|(?:okumaya devam|devamını okumak)|abone ol|abunə ol|բաժանորդագր"
)
_NEEDS_SCRIPT = re.compile(
    r"(?i)(?:enable|requires?|need|turn on|aktivier|activ|habilit|включ|etkinleştir|aktiv|"
    r"միացր)\w*\b.{0,60}java\s?script|"
    r"java\s?script.{0,60}(?:enable|required|disabled|aktivier|erforderlich|activ|désactiv|habilit|включ|"
    r"отключ|etkin|aktiv|միացր)"
)
_CONTAINERS = (
    "#root, #app, #__next, #__nuxt, #___gatsby, #application, #svelte, #d-splash, app-root, [ng-app], [data-reactroot]"
)
_SCRIPTS = 'script, link[rel="modulepreload"], link[rel="preload"][as="script"]'
"""What a shell is filled by; a capture that lost its scripts still has the links that load them early."""
_MANY_SCRIPTS = 3
"""Files of scripts that a page without a word loads where they are to fill it; to count readers takes one or two."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a page shows and what was made of it; `free` is its own statement of whether it is free to read."""

    page: Page
    head: Head
    tree: LexborHTMLParser
    text: str
    free: bool | None


def judge(seen: Seen) -> tuple[Verdict, str] | None:
    """Return what kind of no-page this is, with the words that say so; None for a page."""
    kept = len(seen.text.split(maxsplit=_MOST_WORDS))
    if kept > _MOST_WORDS:
        return None
    asking = set(consent_blocks(seen.page))
    shown = [
        text
        for number, (text, element) in enumerate(zip(seen.page.blocks.text, seen.page.blocks.element, strict=True))
        if not (seen.page.elements.marks[element] & _HIDDEN or number in asking)
    ]
    words = _words(shown)
    titles = [" ".join(t.split()) for t in (*seen.head.headings, seen.head.title)]
    if kept < _ERROR_WORDS and (missing := next(filter(None, map(_missing, titles)), None)):
        return Verdict.SOFT_404, f"the page says {missing!r}"
    if words < _STUB_WORDS * 3 and (stub := _stub(seen, shown)):
        return Verdict.PAYWALL, stub
    if max(words, kept) > _MOST_WORDS:
        return None
    if max(words, kept) <= _WALL_WORDS and (found := _first(_BOT, [*titles, *shown])):
        return Verdict.BOT_WALL, f"the page says {found!r}"
    if _asks_consent(seen.page, shown, asking):
        return Verdict.CONSENT_WALL, "the page shows little but a request for consent"
    if max(words, kept) <= _SHELL_WORDS and (why := _shell(seen.tree, shown)):
        return Verdict.SCRIPT_SHELL, why
    return None


def _first(pattern: re.Pattern[str], texts: list[str]) -> str | None:
    return next((found[0] for text in texts if (found := pattern.search(text[:2_000]))), None)


def _missing(title: str) -> str | None:
    """Return the title where it, or what stands before or after the site's name in it, says that there is no page."""
    if len(title) > 200:
        return None
    parts = [part.strip() for part in re.split(r" [|–—·»-] ", title)]
    return next((part for part in (title, *parts) if part and _MISSING.fullmatch(part) and part != "404"), None)


def _stub(seen: Seen, shown: list[str]) -> str | None:
    """Return why a page is the beginning of an article only: it says that it is not free, and asks to be paid."""
    if seen.free is not False or len(seen.text.split()) > _STUB_WORDS:
        return None
    asked = _first(_PAY, shown)
    return f"not free to read by its own account, and it says {asked!r}" if asked else None


def _asks_consent(page: Page, shown: list[str], asking: Collection[int]) -> bool:
    """Return whether consent is most of what is shown, with something to press, and hardly anything else is.

    `asking` are the blocks that consent software put in, which has buttons. It stands in many pages, long and unseen:
    with it there must be nothing else.
    """
    about = [text for text in shown if _CONSENT.search(text[:2_000])]
    pressed = any(len(text) < 60 and _BUTTONS.fullmatch(text) for text in shown)
    rest = [
        text
        for number, (text, element) in enumerate(zip(page.blocks.text, page.blocks.element, strict=True))
        if not (page.elements.marks[element] & (_HIDDEN | _AROUND) or number in asking)
        and not _CONSENT.search(text[:2_000])
        and not _BUTTONS.fullmatch(text)
    ]
    words, others = _words(about), _words(rest)
    if _words([page.blocks.text[number] for number in asking]) >= _CONSENT_WORDS and others < _CONSENT_WORDS:
        return True
    return pressed and words >= _CONSENT_WORDS and others <= min(_CONSENT_REST, words)


def _words(texts: Iterable[str]) -> int:
    return sum(len(text.split()) for text in texts)


def _shell(tree: LexborHTMLParser, shown: list[str]) -> str | None:
    """Return why a page is an empty shell: it says that it needs scripts, or holds an empty place for them."""
    said = [node.text() for node in tree.css("noscript")[:20]] + shown
    if (found := _first(_NEEDS_SCRIPT, said)) and tree.css_first(_SCRIPTS) is not None:
        return f"the page says {' '.join(found.split())!r}"
    empty = next((node for node in tree.css(_CONTAINERS) if not node.text(deep=True).strip()), None)
    if empty is not None and tree.css_first(_SCRIPTS) is not None:
        return "an empty place that scripts fill, and hardly any text"
    files = [node for node in tree.css(_SCRIPTS) if node.tag == "link" or "src" in node.attributes]
    return "no word, and scripts that would fill the page" if not shown and len(files) >= _MANY_SCRIPTS else None
