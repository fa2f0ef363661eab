"""How much damage the audit notices: random faults, one at a time, in a copy of an archive.

    python -m benchmarks.faults ARCHIVE --faults 100 --seed 1

A fault is found if the audit has any finding, and named if the paths of its findings include every file that was
damaged. Exit status 1 if the sound archive has findings or a fault was missed. The same seed makes the same faults
in the same archive.
"""

import argparse
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from archive.audit import audit


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one fault: its kind, the files it damaged, and whether the audit found and named them."""

    kind: str
    files: tuple[str, ...]
    detail: str
    found: bool
    named: bool


@dataclass(frozen=True, slots=True)
class _Fault:
    files: tuple[Path, ...]
    detail: str


def campaign(archive: Path, faults: int, seed: int) -> Iterator[Outcome]:
    """Yield the outcomes of that many faults, the kinds in turn, in a copy of the archive.

    ValueError if the archive has findings before any fault.
    """
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch) / "archive"
        shutil.copytree(archive, copy)
        if findings := list(audit(copy)):
            raise ValueError(f"{archive} is not sound to begin with: {findings[0]}")
        dice = random.Random(seed)  # noqa: S311 - faults must come again with the same seed
        kinds = list(KINDS)
        for number in range(faults):
            kind = kinds[number % len(kinds)]
            yield _outcome(copy, kind, dice)


def _outcome(copy: Path, kind: str, dice: random.Random) -> Outcome:
    files = sorted(path for path in copy.rglob("*") if path.is_file())
    before = {path: path.read_bytes() for path in files}
    fault = KINDS[kind](files, dice)
    findings = list(audit(copy))
    for path in fault.files:
        path.write_bytes(before[path])
    names = tuple(path.relative_to(copy).as_posix() for path in fault.files)
    return Outcome(kind, names, fault.detail, bool(findings), {f.path for f in findings}.issuperset(names))


def _flip(files: Sequence[Path], dice: random.Random) -> _Fault:
    path = dice.choice([p for p in files if p.stat().st_size])
    content = bytearray(path.read_bytes())
    place, bit = dice.randrange(len(content)), dice.randrange(8)
    content[place] ^= 1 << bit
    path.write_bytes(content)
    return _Fault((path,), f"bit {bit} of byte {place}")


def _truncate(files: Sequence[Path], dice: random.Random) -> _Fault:
    path = dice.choice([p for p in files if p.stat().st_size])
    content = path.read_bytes()
    kept = dice.randrange(len(content))
    path.write_bytes(content[:kept])
    return _Fault((path,), f"{kept} of {len(content)} bytes kept")


def _delete(files: Sequence[Path], dice: random.Random) -> _Fault:
    path = dice.choice(files)
    path.unlink()
    return _Fault((path,), "deleted")


def _append(files: Sequence[Path], dice: random.Random) -> _Fault:
    path = dice.choice(files)
    more = dice.randbytes(dice.randint(1, 100))
    with path.open("ab") as stream:
        stream.write(more)
    return _Fault((path,), f"{len(more)} bytes appended")


def _swap(files: Sequence[Path], dice: random.Random) -> _Fault:
    one = dice.choice(files)
    other = dice.choice([p for p in files if p.read_bytes() != one.read_bytes()])
    contents = one.read_bytes(), other.read_bytes()
    one.write_bytes(contents[1])
    other.write_bytes(contents[0])
    return _Fault((one, other), "exchanged")


def _remove_commit(files: Sequence[Path], dice: random.Random) -> _Fault:
    path = dice.choice([p for p in files if p.parent.name == "_delta_log"])
    path.unlink()
    return _Fault((path,), "deleted")


KINDS: dict[str, Callable[[Sequence[Path], random.Random], _Fault]] = {
    "flip a bit": _flip,
    "truncate": _truncate,
    "delete": _delete,
    "append": _append,
    "swap two files": _swap,
    "remove a commit": _remove_commit,
}
"""The kinds of faults, in the order in which a campaign takes turns."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a campaign and print its table; return 1 if a fault was missed, 2 if the archive was not sound."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.faults", description="Damage a copy of an archive.")
    parser.add_argument("archive", type=Path)
    parser.add_argument("--faults", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    started = time.monotonic()
    try:
        outcomes = list(campaign(options.archive, options.faults, options.seed))
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    print(f"{'fault':<18}{'made':>6}{'found':>7}{'named':>7}{'missed':>8}")
    made = Counter(o.kind for o in outcomes)
    found = Counter(o.kind for o in outcomes if o.found)
    named = Counter(o.kind for o in outcomes if o.named)
    for kind in KINDS:
        print(f"{kind:<18}{made[kind]:>6}{found[kind]:>7}{named[kind]:>7}{made[kind] - found[kind]:>8}")
    total = len(outcomes), found.total(), named.total()
    print(f"{'all':<18}{total[0]:>6}{total[1]:>7}{total[2]:>7}{total[0] - total[1]:>8}")
    print(f"{time.monotonic() - started:.0f} s")
    for outcome in outcomes:
        if not outcome.named:
            print(f"{'not named' if outcome.found else 'MISSED'}: {outcome.kind}: {outcome.files}: {outcome.detail}")
    return 0 if total[0] == total[1] else 1


if __name__ == "__main__":
    sys.exit(main())
