"""Cleans pages with block models that have not seen their sites: a filter for honest figures.

    python benchmarks/train_blocks.py DATA --folds-to FOLDS
    score_html.py --set fundus --cmd "python benchmarks/extract_by_fold.py DATA FOLDS"

Reads rows `{id, url, html}` and gives what `cleancopy clean --jsonl --names keep-source` gives, but for the model: each
page is read by the one whose training left its site out. `--bare` gives the extracted text before the text cleaners.
"""

import argparse
import gzip
import json
import sys
from functools import partial
from pathlib import Path

from folds import FOLDS, fold_of

from cleaners.clean import clean
from cleaners.extract import model
from cleaners.extract.page import extract
from schemas.page import Page


def read_sites(data: Path) -> dict[str, str]:
    """Return the site of each page of the sets in a folder."""
    found = {}
    for truth in sorted(data.glob("*/truth.jsonl.gz")):
        with gzip.open(truth, "rt", encoding="utf-8") as rows:
            found |= {item["id"]: item["site"] for item in map(json.loads, rows)}
    return found


def read_models(folder: Path) -> list[model.Model]:
    """Return the model of each fold that `train_blocks.py --folds-to` wrote."""
    return [model.load(folder / str(fold)) for fold in range(FOLDS)]


def main() -> None:
    """Clean standard input."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="folder of page sets, which name the site of each page")
    parser.add_argument("folds", type=Path, help="folder of the fold models")
    parser.add_argument("--bare", action="store_true", help="leave the text cleaners out")
    arguments = parser.parse_args()
    sites, models = read_sites(arguments.data), read_models(arguments.folds)
    for row in sys.stdin:
        item = json.loads(row)
        # the only thing that is replaced: which model
        model.load = partial(models.__getitem__, fold_of(sites[item["id"]]))
        if arguments.bare:
            text = extract(item["html"], item["url"], None).text
        else:
            page = Page(item["html"].encode("utf-8", "surrogatepass"), "text/html", item["url"], "utf-8", None, None)
            text = clean(page, "keep-source").text
        print(json.dumps({"id": item["id"], "text": text}))


if __name__ == "__main__":
    main()
