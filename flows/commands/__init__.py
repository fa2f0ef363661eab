"""The subcommands of `cleancopy`, in the order of its help. Each imports what is slow to load when it runs."""

from collections.abc import Callable

from flows.commands import memory, names, rules, sources
from flows.commands.changes import changes
from flows.commands.clean import clean
from flows.commands.diff import diff
from flows.commands.explain import explain
from flows.commands.export import export
from flows.commands.history import history
from flows.commands.ingest import ingest
from flows.commands.log import log
from flows.commands.reclean import reclean
from flows.commands.rules_try import rules_try
from flows.commands.schedule import schedule
from flows.commands.schema import schema
from flows.commands.show import show
from flows.commands.sql import sql
from flows.commands.status import status
from flows.commands.verify import verify
from flows.output import ending_quietly

COMMANDS: tuple[tuple[str, Callable[..., None]], ...] = (
    ("ingest", ending_quietly(ingest)),
    ("schedule", ending_quietly(schedule)),
    ("status", ending_quietly(status)),
    ("reclean", ending_quietly(reclean)),
    ("clean", ending_quietly(clean)),
    ("log", ending_quietly(log)),
    ("history", ending_quietly(history)),
    ("show", ending_quietly(show)),
    ("diff", ending_quietly(diff)),
    ("explain", ending_quietly(explain)),
    ("sql", ending_quietly(sql)),
    ("export", ending_quietly(export)),
    ("changes", ending_quietly(changes)),
    ("schema", ending_quietly(schema)),
    ("verify", ending_quietly(verify)),
    ("sources list", ending_quietly(sources.list_sources)),
    ("sources check", ending_quietly(sources.check)),
    ("memory build", ending_quietly(memory.build)),
    ("memory show", ending_quietly(memory.show)),
    ("memory diff", ending_quietly(memory.diff)),
    ("memory adopt", ending_quietly(memory.adopt)),
    ("rules test", ending_quietly(rules.run_examples)),
    ("rules list", ending_quietly(rules.list_rulesets)),
    ("rules try", ending_quietly(rules_try)),
    ("names show", ending_quietly(names.show)),
    ("names lint", ending_quietly(names.lint)),
)
"""Name and function of each, `memory build` for `build` of a group; a module's EXAMPLES stand below its help."""

GROUPS = {
    "sources": "Where pages come from: what cleancopy.toml names, and what each would fetch.",
    "memory": "Lines that many pages of one site share: count them, compare, adopt.",
    "rules": "Rules: put to their examples, listed, tried before they count.",
    "names": "What the gazetteer knows of a name, and whether its data can be used.",
}
"""Groups of subcommands, with their help."""
