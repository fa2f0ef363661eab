"""Why an edit was made: nothing that is taken out or put in goes without a reason."""

from cleaners.clean import clean
from cleaners.reasons import why
from cleaners.rulesets import ALL, read_ruleset
from schemas.page import Page

REMNANTS = """Home | News | Sport

# The road to Shushi

<p>The governor of Shushi said that the cafÃ© by the road was closed &mdash; <!-- why? --> for the winter\x07, and
**nobody** could say when it would open.</p><script>count()</script>

## What comes next ##

![A bridge](https://road.example/bridge.jpg) In Nagarno-Karabakh the [road](https://road.example/) was open, said Ilham
Aliev, and [[Goris|the town]] {{citation needed}} had bread. [caption id="1"]


Sign up for our weekly newsletter and never miss a story
"""


def test_each_edit_has_a_reason():
    cleaned = clean(Page(REMNANTS.encode(), "text/plain", charset="utf-8"), "common")
    reasons = {edit.rule: why(edit.rule) for step in cleaned.steps for edit in step.edits}
    cleaners = {label.partition(":")[0] for label in reasons}
    assert {"encoding", "markup", "boilerplate", "names", "layout"} <= cleaners
    assert not [label for label, reason in reasons.items() if not reason]


def test_each_rule_gives_its_own_and_two_that_met_give_both():
    for ruleset in map(read_ruleset, ALL):
        assert all(why(ruleset.label(rule)) == rule.why for rule in ruleset.rules)
    both = why("markup:markup_tag/u+memory:repeated_block/12-of-40-pages+markup:markup_tag/b")
    assert both.count("A tag of HTML") == 1
    assert "12 of the 40 pages" in both


def test_a_rule_that_nobody_knows_has_none():
    assert why("boilerplate:donation/no-such-rule") is None
    assert why("../../etc:passwd/x") is None
