"""The sieve leaves out no rule that matches: patterns are asked as if each were asked of each line."""

import re

import re2
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cleaners.fragments import expand, plain
from cleaners.patterns import Sentences, for_lines, for_sentences
from cleaners.rulesets import ALL, read_ruleset
from cleaners.sieve import Sieve
from schemas.ruleset import LONGEST, Where

RULES = [rule for name in ALL for rule in read_ruleset(name).rules]
LINES = {number: rule.match for number, rule in enumerate(RULES) if rule.where is not Where.SENTENCE}
SENTENCES = {number: rule.match for number, rule in enumerate(RULES) if rule.where is Where.SENTENCE}
SIEVE = Sieve(LINES, SENTENCES)
SIGNS = st.sampled_from(["", "- ", "• ", "(", "  ", ":", "→", "*", "...", "\u00a0"])
EXAMPLES = sorted({line for rule in RULES for text in (*rule.removes, *rule.keeps) for line in text.split("\n")})
PIECES = st.one_of(
    st.sampled_from(["share", "İ", "ſ", "K", "ß", "SS", "-", " ", "by", "Σ", "ς", "é", "no. ", "20", "{name}"]),
    st.sampled_from(["[a-c]", "[^x]", "[-–( ]", r"\d", r"\S", ".", r"\.", r"\b", r"[\x{200b}-\x{200f}]", "[ſk]"]),
)
PATTERNS = st.recursive(
    PIECES,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=4).map("".join),
        st.lists(inner, min_size=1, max_size=4).map(lambda parts: f"(?:{'|'.join(parts)})"),
        st.tuples(inner, st.sampled_from(["?", "*", "+", "{2}", "{0,3}", "{1,2}", "+?"])).map(
            lambda pair: f"(?:{pair[0]}){pair[1]}"
        ),
        inner.map("(?-i:{})".format),
    ),
    max_leaves=12,
)


def for_python(pattern: str) -> str:
    """Return an RE2 pattern for Python's `re`, which has no `\\pL`: nearly the same strings match."""
    without = expand(pattern).replace(r"\pL", r"\w")
    return re.sub(r"\\x\{([0-9a-f]+)\}", lambda code: f"\\u{int(code[1], 16):04x}", without)


def drawn(pattern: str) -> st.SearchStrategy[str]:
    """Return what draws strings that a rule's pattern matches as a whole, and seldom others."""
    return st.from_regex(re.compile(for_python(pattern), re.IGNORECASE), fullmatch=True)


def seen(text: str) -> str:
    return plain(" ".join(text.split()))


def test_every_rule_can_be_drawn_from() -> None:
    for rule in RULES:
        drawn(rule.match).validate()


@settings(deadline=None, max_examples=40)  # drawing takes most of the time
@given(data=st.data(), number=st.sampled_from(range(len(RULES))), before=SIGNS, after=SIGNS)
def test_what_a_rule_matches_is_worth_asking_it(data: st.DataObject, number: int, before: str, after: str) -> None:
    said = data.draw(drawn(RULES[number].match))
    line = seen(f"{before}{said}{after}")
    lines, sentences = SIEVE.sift(["", line, "Another."])
    if number in LINES:
        assume(for_lines(LINES[number], "rule").matches(line.encode()))
        assert number in lines[1]
    else:
        options = re2.Options()
        options.case_sensitive = False
        assume(re2.search(f"{expand(RULES[number].match)}", line, options))
        assert number in sentences[1]


@settings(deadline=None)
@given(pattern=PATTERNS, data=st.data(), before=SIGNS, after=SIGNS)
def test_what_any_pattern_matches_is_worth_asking_it(
    pattern: str, data: st.DataObject, before: str, after: str
) -> None:
    said = data.draw(drawn(pattern))
    line = seen(f"{before}{said}{after}")
    assume(line)
    lines, sentences = Sieve({0: pattern}, {1: pattern}).sift([line])
    assume(for_lines(pattern, "rule").matches(line.encode()))
    assert 0 in lines.get(0, ())
    assert 1 in sentences.get(0, ())


@settings(deadline=None)
@given(st.lists(st.one_of(st.sampled_from(EXAMPLES), st.text()), max_size=3))
def test_lines_are_matched_as_if_each_pattern_were_asked(lines: list[str]) -> None:
    given_lines = [seen(line)[:LONGEST] for line in lines]
    likely, _ = SIEVE.sift(given_lines)
    for number, line in enumerate(given_lines):
        left_out = LINES.keys() - likely.get(number, frozenset()) if line else ()
        assert not [rule for rule in left_out if for_lines(LINES[rule], "rule").matches(line.encode())]


@settings(deadline=None)
@given(pattern=PATTERNS, data=st.data(), before=SIGNS, after=SIGNS)
def test_a_sentence_is_taken_if_the_pattern_matches_it(
    pattern: str, data: st.DataObject, before: str, after: str
) -> None:
    said = data.draw(st.one_of(drawn(pattern), st.sampled_from(EXAMPLES)))
    sentence = seen(f"{before}{said}{after}")[:LONGEST]
    assume("." not in sentence and "," not in sentence and "…" not in sentence)  # one sentence, and nobody's speech
    taken, is_whole = Sentences([("kind:label", pattern)]).taken(sentence, sentence, [0])
    assert bool(taken) == is_whole == for_sentences(pattern, "rule").matches(sentence.strip().encode())
