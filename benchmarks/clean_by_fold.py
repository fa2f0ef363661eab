"""Cleans labelled texts with line models that have not seen their sites: a filter for honest figures.

    score_lines.py --cmd "python benchmarks/clean_by_fold.py DATA" --data DATA/dev.jsonl.gz

Reads and writes the rows of `cleancopy clean --jsonl --names keep-source` and gives what it gives, but for the model:
each text is cleaned by the one of `train_lines.py DATA` whose training left its site out.
"""

import argparse
import gzip
import json
import sys
from functools import partial
from pathlib import Path

from folds import FOLDS, fold_of
from train_lines import ROOT

from cleaners import clean, lines
from cleaners.model.weights import load
from schemas.cleaner import Cleaner
from schemas.page import Page, Removal


def main() -> None:
    """Clean standard input."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="folder with dev.jsonl.gz, which names the site of each text")
    parser.add_argument("--folds", type=Path, default=ROOT / "build" / "line-folds")
    parser.add_argument("--setting", type=Removal, choices=list(Removal), default=Removal.DEFAULT)
    arguments = parser.parse_args()
    with gzip.open(arguments.data / "dev.jsonl.gz", "rt", encoding="utf-8") as rows:
        sites = {item["id"]: item["site"] for item in map(json.loads, rows)}
    every = clean.CLEANERS
    models = [load(arguments.folds / f"{fold}.npz") for fold in range(FOLDS)]
    for row in sys.stdin:
        item = json.loads(row)
        model = models[fold_of(sites[item["id"]], FOLDS)]
        unseen = partial(lines.proposals, trained=model, setting=lines.SETTINGS[arguments.setting])
        # the only thing that is replaced: which model, and how sure it has to be
        clean.CLEANERS = tuple(Cleaner(c.name, c.version, unseen) if c.name == "model" else c for c in every)
        page = Page(item["text"].encode("utf-8", "surrogatepass"), "text/plain", item["url"], "utf-8", None, None)
        print(json.dumps({"id": item["id"], "text": clean.clean(page, "keep-source").text}))


if __name__ == "__main__":
    main()
