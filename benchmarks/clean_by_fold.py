"""Cleans labelled texts with line models that have not seen their sites: a filter for honest figures.

    score_lines.py --cmd "python benchmarks/clean_by_fold.py DATA" --data DATA/dev.jsonl.gz

Reads and writes the rows of `cleancopy clean --jsonl --names keep-source` and gives what it gives, but for the model:
each text is cleaned by the one of `train_lines.py DATA` whose training left its site out.
"""

import argparse
import gzip
import json
import sys
from pathlib import Path

from folds import FOLDS, fold_of
from train_lines import ROOT
from unseen import clean_by

from cleaners import lines
from cleaners.model.weights import load
from schemas.page import Removal


def main() -> None:
    """Clean standard input."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="folder with dev.jsonl.gz, which names the site of each text")
    parser.add_argument("--folds", type=Path, default=ROOT / "build" / "line-folds")
    parser.add_argument("--setting", type=Removal, choices=list(Removal), default=Removal.DEFAULT)
    arguments = parser.parse_args()
    with gzip.open(arguments.data / "dev.jsonl.gz", "rt", encoding="utf-8") as rows:
        sites = {item["id"]: item["site"] for item in map(json.loads, rows)}
    models = [load(arguments.folds / f"{fold}.npz") for fold in range(FOLDS)]
    for row in sys.stdin:
        item = json.loads(row)
        model = models[fold_of(sites[item["id"]], FOLDS)]
        text = clean_by(model, item["text"], item["url"], lines.SETTINGS[arguments.setting])
        print(json.dumps({"id": item["id"], "text": text}))


if __name__ == "__main__":
    main()
