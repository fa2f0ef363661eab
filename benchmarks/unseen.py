"""Cleaning by models that have not seen a page's site: what every honest figure of ours is made with.

`trained_on.txt` holds the digests of the sites that the shipped models were trained on. A page of such a site is
cleaned by the models of its fold, trained on the other folds; any other page by the shipped models.
"""

import gzip
import hashlib
import json
import subprocess
import sys
from collections.abc import Iterable, Iterator
from functools import cache, partial
from pathlib import Path

from folds import FOLDS, fold_of

from cleaners import clean, lines
from cleaners.extract import model as blocks
from cleaners.model.weights import Model as LineModel
from cleaners.model.weights import load
from schemas.cleaner import Cleaner
from schemas.page import Page

HERE = Path(__file__).parent
ROOT = HERE.parent
SEEN = HERE / "trained_on.txt"
_CLEANERS = clean.CLEANERS
_SHIPPED = blocks.load


def digest(name: str) -> int:
    """Return a number that stands for a name, the same on every machine."""
    return int(hashlib.sha256(name.encode()).hexdigest()[:12], 16)


@cache
def seen_sites() -> frozenset[int]:
    """Return the digests of the sites that the shipped models have seen."""
    return frozenset(int(line, 16) for line in SEEN.read_text("ascii").split())


def remember(sites: Iterable[str]) -> None:
    """Add sites to those that the shipped models have seen."""
    known = seen_sites() if SEEN.exists() else frozenset()
    every = sorted(known | {digest(site) for site in sites})
    SEEN.write_text("".join(f"{number:012x}\n" for number in every), "ascii")


def prepare(data: Path) -> Path | None:
    """Return the folder of the fold models for a data folder, trained now where they are not; None if none is needed.

    They are kept under build/quality, by a digest of the data and of the code that they are trained and read by.
    """
    sites = {site for path in _truths(data) for site in _sites(path)}
    if not any(digest(site) in seen_sites() for site in sites):
        return None
    folder = ROOT / "build" / "quality" / _key(data)
    pages = ["--pages", str(data / "html")] if (data / "html").is_dir() else []
    steps = (
        (folder / "blocks", ["train_blocks.py", str(data / "html"), "--workers", "2", "--folds-to"]),
        (folder / "lines", ["train_lines.py", str(data / "lines"), *pages, "--only", "folds", "--folds"]),
    )
    for goal, step in steps:
        if Path(step[1]).is_dir() and not (goal / "done").exists():
            print(f"training models for {FOLDS} folds of {step[1]} ...", file=sys.stderr, flush=True)
            subprocess.run([sys.executable, HERE / step[0], *step[1:], goal], check=True, stdout=sys.stderr)
            (goal / "done").touch()
    return folder


def _truths(data: Path) -> list[Path]:
    return sorted((*data.glob("html/*/truth.jsonl.gz"), *data.glob("lines/*.jsonl.gz")))


def _sites(path: Path) -> Iterator[str]:
    with gzip.open(path, "rt", encoding="utf-8") as rows:
        yield from (str(json.loads(row).get("site") or "") for row in rows)


def _key(data: Path) -> str:
    code = (*HERE.glob("*_*.py"), *ROOT.glob("cleaners/extract/*.py"), *ROOT.glob("cleaners/model/*.py"))
    found = hashlib.sha256()
    for path in (*sorted(code), *_truths(data)):
        found.update(f"{path.name} {hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return found.hexdigest()[:16]


@cache
def _block_model(folder: Path, fold: int) -> blocks.Model:
    return _SHIPPED(folder / "blocks" / str(fold))


@cache
def _line_model(folder: Path, fold: int) -> LineModel:
    return load(folder / "lines" / f"{fold}.npz")


def clean_html(html: str, url: str, site: str, models: Path | None) -> str:
    """Return the clean text of a page, names as written, by models that have not seen its site."""
    unseen = models is not None and digest(site) in seen_sites()
    # the only thing that is replaced: which model
    blocks.load = partial(_block_model, models, fold_of(site)) if unseen else _SHIPPED
    page = Page(html.encode("utf-8", "surrogatepass"), "text/html", url or None, "utf-8")
    return clean.clean(page, "keep-source").text


def clean_text(text: str, url: str, site: str, models: Path | None) -> str:
    """Return what is left of a text that arrived as text, by a line model that has not seen its site."""
    unseen = models is not None and digest(site) in seen_sites()
    return clean_by(_line_model(models, fold_of(site)) if unseen else lines.model(), text, url)


def clean_by(model: LineModel, text: str, url: str, setting: lines.Setting = lines.DEFAULT) -> str:
    """Return what is left of a text by a line model, names as written."""
    proposed = partial(lines.proposals, trained=model, setting=setting)
    # the only thing that is replaced: which model, and how sure it has to be
    clean.CLEANERS = tuple(Cleaner(c.name, c.version, proposed) if c.name == "model" else c for c in _CLEANERS)
    page = Page(text.encode("utf-8", "surrogatepass"), "text/plain", url or None, "utf-8")
    return clean.clean(page, "keep-source").text
