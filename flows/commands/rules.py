"""`cleancopy rules`: the rules' examples put to the test, and what rules there are."""

from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.commands.document import JsonOption
from flows.errors import UsageError
from flows.output import counted, one_line, print_json_rows, print_table, say

if TYPE_CHECKING:
    from cleaners.examples import Failure
    from schemas.ruleset import Ruleset

EXAMPLES = """Examples:

  cleancopy rules test                     every example of every rule

  cleancopy rules test boilerplate-ru      of one ruleset

  cleancopy rules test my-rules.toml       of a file of your own

  cleancopy rules list
"""

RulesetArgument = Annotated[
    list[str] | None,
    typer.Argument(metavar="[RULESET|FILE]...", help="A ruleset's name or a TOML file; all of ours if none."),
]


def run_examples(rulesets: RulesetArgument = None, json: JsonOption = False) -> None:
    """Run every example of rules: what they remove has to leave whole, what they keep has to stay.

    Exit status 1 where an example fails, a pattern is refused, or a ruleset does not fit its lock.
    """
    results = [_examined(file) for file in _files(rulesets)]
    found = [failure for _, failures in results for failure in failures]
    if json:
        print_json_rows(asdict(failure) for failure in found)
    for failure in () if json else found:
        example = f'  {failure.problem.replace("_", " ")}: "{one_line(failure.example)}"' if failure.example else ""
        typer.echo(typer.style(failure.rule, bold=True, fg=typer.colors.RED) + example)
        for line in failure.happened.split("\n"):
            typer.echo(f"    {one_line(line)}")
    if found:
        say(f"{len(found)} found")
        raise typer.Exit(1)
    rules = [rule for ruleset, _ in results if ruleset for rule in ruleset.rules]
    examples = sum(len(rule.removes) + len(rule.keeps) for rule in rules)
    say(f"{counted(len(results), 'ruleset')}, {counted(len(rules), 'rule')}, {examples} examples: nothing found")


def list_rulesets(rulesets: RulesetArgument = None, json: JsonOption = False) -> None:
    """List rulesets with their versions, languages, and how many rules of which kind each has."""
    from cleaners.rulesets import ALL

    parsed = [read(name) for name in rulesets or ALL]
    rows = [
        {
            "ruleset": ruleset.name,
            "version": ruleset.version,
            "rules": len(ruleset.rules),
            "languages": sorted({code for rule in ruleset.rules for code in rule.languages}),
            "kinds": dict(Counter(rule.kind for rule in ruleset.rules)),
        }
        for ruleset in parsed
    ]
    if json:
        print_json_rows(rows)
        return
    header = ("ruleset", "version", "rules", "languages", "kinds")
    spoken = ({code for rule in ruleset.rules for code in rule.languages} for ruleset in parsed)
    lines = (
        (ruleset.name, ruleset.version, len(ruleset.rules), ", ".join(sorted(codes)) or "any", _kinds(ruleset))
        for ruleset, codes in zip(parsed, spoken, strict=True)
    )
    print_table(header, lines, width=0)


def _kinds(ruleset: "Ruleset") -> str:
    kinds = Counter(rule.kind for rule in ruleset.rules)
    return ", ".join(f"{kind} {count}" if count > 1 else kind for kind, count in sorted(kinds.items()))


def read(name: str) -> "Ruleset":
    """Return a ruleset of ours by its name, or the one in a file; UsageError, RulesetError where there is none."""
    from schemas.ruleset import parse_ruleset

    file = _file(name)
    try:
        return parse_ruleset(file.read_bytes(), file.name)
    except OSError as error:
        raise _unread(file, error) from error


def _examined(file: Path) -> "tuple[Ruleset | None, list[Failure]]":
    from cleaners.examples import examined

    try:
        return examined(file)
    except OSError as error:
        raise _unread(file, error) from error


def _files(rulesets: list[str] | None) -> list[Path]:
    from cleaners.rulesets import ALL

    return [_file(name) for name in rulesets or ALL]


def _file(name: str) -> Path:
    """Return the file that the user named; UsageError where there is no such thing."""
    from cleaners.rulesets import ALL, FOLDER

    file = FOLDER / f"{name}.toml" if name in ALL else Path(name)
    if not file.is_file():
        raise UsageError(f"{name}: neither a file nor a ruleset; rulesets are {', '.join(ALL)}")
    return file


def _unread(file: Path, error: OSError) -> UsageError:
    return UsageError(f"{file} cannot be read: {error.strerror or error}")
