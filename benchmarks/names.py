"""Measures what names and languages cost a page, as a share of `trafilatura.extract`, for gazetteers of any size.

    PYTHONPATH=. python benchmarks/names.py FOLDER --forms 1000 10000 100000

FOLDER holds pages, `*.html` or `*.html.gz`, also in folders of its own. Each page is extracted and cleaned once; then
the two are timed in turn, in one process, by CPU time. The gazetteers are synthetic: invented names of one to three
words, which no page holds, beside the one that is shipped.
"""

import argparse
import csv
import gzip
import random
import statistics
import time
from collections.abc import Callable
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from tempfile import TemporaryDirectory

import trafilatura

from cleaners import language, ledger, names, naming
from cleaners.catalogue import CLEANERS
from cleaners.extract.page import extract
from cleaners.gazetteer import Entity, Form
from schemas.edit import Step
from schemas.page import Document, OwnGazetteer

SYLLABLES = [a + b for a in "bdfghklmnprstvz" for b in ("a", "e", "i", "o", "u", "an", "er", "il", "ov")]


@dataclass(frozen=True, slots=True)
class Sample:
    """A page, the text extracted from it, and the text as the names step meets it."""

    html: str
    extracted: str
    text: str
    steps: tuple[Step, ...]
    language: str
    others: tuple[str, ...]


def sample(path: Path) -> Sample | None:
    """Return a page as names and languages meet it; None where it has no text."""
    raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    html = raw.decode("utf-8", "replace")
    extracted = extract(html, None, None).text
    if not extracted:
        return None
    spoken = language.of_document(extracted)
    document = Document(extracted, is_html=True, language=spoken.lang, source=extracted, others=spoken.others)
    text, steps = extracted, []
    for cleaner in CLEANERS:
        if cleaner.name == "names":
            break
        edits = tuple(ledger.settle(cleaner.propose(Document(text, is_html=True, language=document.language))))
        if edits:
            steps.append(Step(cleaner.name, cleaner.version, edits))
            text = ledger.apply(text, edits)
    return Sample(html, extracted, text, tuple(steps), spoken.lang, spoken.others)


def recognise(page: Sample) -> None:
    """Tell the language twice, as the pipeline does: of what was extracted, and of the clean text."""
    judge = language.Judge()
    judge.of(page.extracted)
    judge.of(page.text)


def find_names(page: Sample, own: OwnGazetteer | None) -> None:
    """Find and rewrite names, and list the mentions, as the pipeline does."""
    document = Document(page.text, language=page.language, policy="az", own=own, others=page.others)
    edits = tuple(ledger.settle(names.CLEANER.propose(document)))
    clean = ledger.apply(page.text, edits)
    steps = (*page.steps, Step("names", "0", edits)) if edits else page.steps
    names.mentions(page.extracted, clean, steps, (page.language, *page.others), own)


def synthetic(folder: Path, forms: int) -> OwnGazetteer:
    """Write a gazetteer of invented names, five forms to an entity, and return it."""
    choice = random.Random(forms)  # noqa: S311 - invents names, guards nothing

    def word() -> str:
        return "".join(choice.choices(SYLLABLES, k=choice.randint(4, 6))).capitalize()

    folder.mkdir()
    with (folder / "entities.csv").open("w", encoding="utf-8") as entities, (folder / "forms.csv").open("w") as rows:
        listed, written = csv.writer(entities), csv.writer(rows)
        listed.writerow(field.name for field in fields(Entity))
        written.writerow(field.name for field in fields(Form))
        for number in range(forms):
            name = f"pl:synthetic_{number // 5}"
            if number % 5 == 0:
                listed.writerow(astuple(Entity(name, "city", f"region-{number % 97}", "", "", "", "")))
            form = " ".join(word() for _ in range(choice.choice((1, 1, 2, 3))))
            written.writerow(
                astuple(Form(name, form, "en", "Latn", "translit", "", "", "", "general", "medium", "always"))
            )
    return naming.own(folder)


def seconds(work: Callable[[], object]) -> float:
    """Return the CPU time of one call."""
    start = time.process_time()
    work()
    return time.process_time() - start


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--forms", type=int, nargs="*", default=[1_000, 10_000, 100_000])
    parser.add_argument("--every", type=int, default=10, help="take every so manieth page")
    arguments = parser.parse_args()
    paths = sorted(p for p in arguments.folder.rglob("*") if p.name.endswith((".html", ".html.gz")))[:: arguments.every]
    pages = [page for page in map(sample, paths) if page]
    with TemporaryDirectory() as scratch:
        sizes: dict[str, OwnGazetteer | None] = {"as shipped": None}
        sizes |= {f"+ {n:,} forms": synthetic(Path(scratch) / str(n), n) for n in arguments.forms}
        for page in pages[:3]:
            for own in sizes.values():
                find_names(page, own)
        extraction: list[float] = []
        languages: list[float] = []
        found: dict[str, list[float]] = {size: [] for size in sizes}
        for number, page in enumerate(pages):
            extraction.append(seconds(lambda page=page: trafilatura.extract(page.html)))
            languages.append(seconds(lambda page=page: recognise(page)))
            # who comes first pays for what the others find in the processor's memory
            turn = number % len(sizes)
            for size, own in [*sizes.items()][turn:] + [*sizes.items()][:turn]:
                found[size].append(seconds(lambda page=page, own=own: find_names(page, own)))
    whole = sum(extraction)
    print(f"{len(pages)} pages; trafilatura.extract {1000 * statistics.mean(extraction):.1f} ms a page")
    print(f"language              {1000 * statistics.mean(languages):7.3f} ms  {sum(languages) / whole:7.2%}")
    for size, times in found.items():
        print(f"names, {size:<14} {1000 * statistics.mean(times):7.3f} ms  {sum(times) / whole:7.2%}")


if __name__ == "__main__":
    main()
