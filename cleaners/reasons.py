"""Why an edit was made: the reason that its rule gives, or what the cleaner does that is code."""

import re
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from cleaners import memory
from cleaners.rulesets import read_ruleset
from schemas.ruleset import RulesetError

BY_CODE: Mapping[str, str] = MappingProxyType(
    {
        "encoding:encoding_mojibake": "Letters that somebody read in a wrong encoding, put right.",
        "encoding:encoding_control": "A control character, which no reader sees.",
        "markup:markup_script": "A script or a style sheet.",
        "markup:markup_comment": "A comment in HTML, which no reader sees.",
        "markup:markup_tag": "A tag of HTML; the words in it stay.",
        "markup:markup_entity": "A character that was written as its entity in HTML.",
        "markup:markup_bold": "Marks of bold in Markdown; the words between them stay.",
        "markup:markup_heading": "Marks of a heading in Markdown; its words stay.",
        "markup:markup_image": "A picture in Markdown or a wiki's text.",
        "markup:markup_link": "Marks and address of a link in Markdown or a wiki's text; its words stay.",
        "markup:markup_template": "A template of a wiki, which was not filled in.",
        "markup:markup_shortcode": "A code in brackets for the site's own software.",
        "model:line": "The line model holds it to be no part of the article, by its words, place and neighbours.",
        "model:comments": 'One of several comments of readers below the text, each with a name and a time or "says".',
        "memory:repeated_block": "A line that many pages of its site share; the label says how many.",
        "names:name_typo": "A misspelling of a name, corrected.",
        "names:name_translit": "One name in another spelling, written as the policy has it.",
        "names:name_policy": "One of several competing names, and the naming policy has another.",
        "layout:layout_blank": "White space that was left over.",
    }
)
"""What each kind of edit is that no ruleset makes, by the label of its edits up to the stroke."""

_SURE = re.compile(r"model:line/p(\d\d)")


def why(label: str) -> str | None:
    """Return why an edit was made, by its label; where several rules did it (`a+b`), what each says, once.

    None where nothing is known of it, as of a rule that has another name by now.

    >>> why("model:line/p97")
    'The line model holds it to be no part of the article, by its words, place and neighbours; sure to 97%.'
    """
    reasons = dict.fromkeys(filter(None, map(_why, label.split("+"))))
    return " / ".join(reasons) or None


def _why(label: str) -> str | None:
    if said := memory.why(label):
        return said
    if said := BY_CODE.get(label.partition("/")[0]):
        sure = _SURE.fullmatch(label)
        return f"{said[:-1]}; sure to {sure[1]}%." if sure else said
    return _of_ruleset(label.partition(":")[0]).get(label)


@cache
def _of_ruleset(name: str) -> Mapping[str, str]:
    if not name.replace("-", "").isalnum():
        return {}
    try:
        ruleset = read_ruleset(name)
    except (OSError, RulesetError):
        return {}
    return {ruleset.label(rule): rule.why for rule in ruleset.rules}
