"""`cleancopy rules try`: what the rules of a file would take, before they count."""

from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.commands.document import ArchiveOption, AtOption, JsonOption, the_archive
from flows.errors import UsageError
from flows.output import counted, one_line, print_json, print_table, removed

if TYPE_CHECKING:
    from flows.trial import Judged, Taken
    from schemas.ruleset import Ruleset

EXAMPLES = """Examples:

  cleancopy rules try my-rules.toml                       what they would take from the archive, with samples

  cleancopy rules try boilerplate --at 3 --samples 10     those of a ruleset of ours

  cleancopy rules try my-rules.toml --labelled texts/     and how many good lines of labelled texts they cost

  cleancopy rules try my-rules.toml --json | jq '.rules[] | select(.good_lines > 0)'
"""


@dataclass(slots=True)
class _Rule:
    """What one rule would take."""

    documents: set[str] = field(default_factory=set)
    times: int = 0
    characters: int = 0
    new_times: int = 0
    new_characters: int = 0
    sites: Counter[str] = field(default_factory=Counter)
    samples: "dict[str, Taken]" = field(default_factory=dict)
    good: "list[Judged]" = field(default_factory=list)
    bad: int = 0

    def add(self, taken: "Taken", samples: int) -> None:
        """Count a stretch; keep one sample a site, of what is new if there is any."""
        self.documents.add(taken.identity)
        self.times += 1
        self.characters += len(taken.text)
        self.new_times += taken.new
        self.new_characters += len(taken.text) if taken.new else 0
        self.sites[taken.site] += 1
        known = self.samples.get(taken.site)
        if (known is None and len(self.samples) < samples) or (known is not None and taken.new and not known.new):
            self.samples[taken.site] = taken


@dataclass(slots=True)
class _Trial:
    """What all rules of a file would take; good and bad lines are those of the labelled texts."""

    rules: dict[str, _Rule]
    documents: int = 0
    good: int = 0
    bad: int = 0


def rules_try(
    file: Annotated[
        str, typer.Argument(metavar="RULESET|FILE", help="A ruleset's name, or a TOML file as in cleaners/rules/.")
    ],
    labelled: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Also count good lines lost in the labelled texts of a folder.")
    ] = None,
    samples: Annotated[int, typer.Option(min=0, max=1000, help="So many samples a rule, each of another site.")] = 3,
    at: AtOption = None,
    archive: ArchiveOption = None,
    json: JsonOption = False,
) -> None:
    """Show what the rules of a file would take from an archive, by rule and site, in context; nothing is changed."""
    from archive.read import reading
    from flows.trial import LabelError, in_archive, in_labelled, labelled_files

    ruleset = _read(file)
    try:
        texts = labelled_files(labelled) if labelled else []
    except LabelError as error:
        raise UsageError(str(error)) from error
    trial = _Trial({ruleset.label(rule): _Rule() for rule in ruleset.rules})
    with reading(the_archive(archive), at) as reader:
        version = reader.version.version
        for taken in in_archive(reader, ruleset):
            if taken is None:
                trial.documents += 1
            else:
                trial.rules[taken.rule].add(taken, samples)
    try:
        for line in in_labelled(texts, ruleset):
            _judge(trial, line)
    except LabelError as error:
        raise UsageError(str(error)) from error
    if json:
        print_json(_told(ruleset, version, trial, samples))
        return
    met = f"version {version}: {counted(trial.documents, 'document')}"
    typer.echo(f"{one_line(ruleset.name)} {one_line(ruleset.version)} on {met}")
    _print_rules(trial)
    _print_samples(trial)
    if labelled:
        _print_cost(trial, samples)


def _read(name: str) -> "Ruleset":
    from cleaners.examples import refusals
    from flows.commands.rules import read

    ruleset = read(name)
    for refusal in refusals(ruleset):
        raise UsageError(f"{refusal.rule}: {refusal.happened}")
    return ruleset


def _judge(trial: _Trial, line: "Judged") -> None:
    trial.good += line.keep
    trial.bad += not line.keep
    if line.rule is not None:
        rule = trial.rules[line.rule]
        if line.keep:
            rule.good.append(line)
        else:
            rule.bad += 1


def _told(ruleset: "Ruleset", version: int, trial: _Trial, samples: int) -> dict[str, object]:
    return {
        "ruleset": ruleset.name,
        "ruleset_version": ruleset.version,
        "digest": ruleset.digest,
        "version": version,
        "documents": trial.documents,
        "labelled": {"good_lines": trial.good, "lines_to_drop": trial.bad},
        "rules": [
            {
                "rule": label,
                "documents": len(rule.documents),
                "times": rule.times,
                "characters": rule.characters,
                "new_times": rule.new_times,
                "new_characters": rule.new_characters,
                "sites": dict(sorted(rule.sites.items())),
                "samples": [asdict(taken) for taken in rule.samples.values()],
                "lines_to_drop": rule.bad,
                "good_lines": len(rule.good),
                "good_samples": [{"id": line.id, "text": line.text} for line in rule.good[:samples]],
            }
            for label, rule in trial.rules.items()
        ],
    }


def _print_rules(trial: _Trial) -> None:
    header = ("rule", "documents", "times", "characters", "new", "new characters")
    lines = (
        (label, len(r.documents), r.times, r.characters, r.new_times, r.new_characters) for label, r in _by_size(trial)
    )
    print_table(header, lines)
    sites = [(site or "(files)", -n, label) for label, rule in trial.rules.items() for site, n in rule.sites.items()]
    if sites:
        typer.echo()
        print_table(("site", "rule", "times"), ((site, label, -n) for site, n, label in sorted(sites)))


def _by_size(trial: _Trial) -> list[tuple[str, _Rule]]:
    return sorted(trial.rules.items(), key=lambda entry: (-entry[1].new_characters, -entry[1].characters, entry[0]))


def _print_samples(trial: _Trial) -> None:
    for label, rule in _by_size(trial):
        for taken in rule.samples.values():
            typer.echo(f"\n{one_line(label)}  {one_line(taken.identity)}{'' if taken.new else '  (left already)'}")
            typer.echo(f"  {one_line(taken.above, 100)}")
            typer.echo(f"  {removed(one_line(taken.text, 300))}")
            typer.echo(f"  {one_line(taken.below, 100)}")


def _print_cost(trial: _Trial, samples: int) -> None:
    typer.echo(f"\nlabelled texts: {counted(trial.good, 'good line')}, {trial.bad} to drop")
    lines = ((label, rule.bad, len(rule.good), _share(len(rule.good), trial.good)) for label, rule in _by_size(trial))
    print_table(("rule", "to drop, taken", "good, taken", "of all good"), lines)
    for label, rule in _by_size(trial):
        for line in rule.good[:samples]:
            typer.echo(f"\n{one_line(label)}  good line of {one_line(line.id)}\n  {removed(one_line(line.text, 300))}")


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.3f}%" if whole else ""
