"""Prints how often the kind of page is told right, by type and by half of the sites.

    python benchmarks/pagetype.py DATA

DATA holds a folder a page set, as for `metadata.py`; pages whose truth has no `type` are passed over. A page belongs to
half A or B by the digest of its site: the rules were written on A. `found` is the share of a type's pages that got it,
`right` the share of the pages that got it that are of it.
"""

import argparse
import gzip
import json
from collections import Counter
from pathlib import Path

from folds import half_of

from cleaners.extract.page import extract


def main() -> None:
    """Print a row for each half and type, and one for each half."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    counts: Counter[tuple[str, str, str]] = Counter()
    for truth in sorted(parser.parse_args().data.glob("*/truth.jsonl.gz")):
        # a line separator within a string ends no row
        for line in gzip.decompress(truth.read_bytes()).decode("utf-8").strip().split("\n"):
            row = json.loads(line)
            if row.get("type"):
                with gzip.open(
                    truth.parent / "pages" / f"{row['id']}.html.gz", "rt", encoding="utf-8", newline=""
                ) as file:
                    told = extract(file.read(), row["url"], None).metadata.page_type
                counts[half_of(row["site"]), row["type"], told or "none"] += 1
    print(f"{'half':<5} {'type':<14} {'pages':>6} {'found':>7} {'right':>7}  mostly taken for")
    for half in "AB":
        mine = {(kind, told): n for (of, kind, told), n in counts.items() if of == half}
        for kind in sorted({kind for kind, _ in mine}):
            pages = sum(n for (of, _), n in mine.items() if of == kind)
            given = sum(n for (_, told), n in mine.items() if told == kind)
            hit = mine.get((kind, kind), 0)
            others = Counter({told: n for (of, told), n in mine.items() if of == kind != told})
            mostly = ", ".join(f"{told} {n}" for told, n in others.most_common(2))
            print(f"{half:<5} {kind:<14} {pages:>6} {hit / pages:>7.1%} {hit / max(given, 1):>7.1%}  {mostly}")
        hits = sum(n for (kind, told), n in mine.items() if kind == told)
        print(f"{half:<5} {'all':<14} {sum(mine.values()):>6} {hits / max(sum(mine.values()), 1):>7.1%}")


if __name__ == "__main__":
    main()
