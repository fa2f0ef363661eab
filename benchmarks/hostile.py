"""Prints what hostile pages cost: CPU seconds at a quarter of their size and at full size, memory, and the verdict.

    python benchmarks/hostile.py [NAME ...]

Each page is cleaned in a process of its own, by the whole pipeline. Time that grows in proportion gives a ratio of 4;
`memory` is the greatest that the process of the full page took, the models (some 300 MB) included.
"""

import argparse
import json
import resource
import subprocess
import sys
import time

from cleaners.clean import clean
from schemas.page import Page

_WORDS = "The ferry left the port at night, and all who were on board arrived safely in the morning. "
_QUARTER = 4
_OWN = "<html><body><p>A page of its own.</p></body></html>"
PAGES = {
    "1,000,000 tags": lambda part: "<p>a</p>" * (500_000 // part),
    "1,000,000 tags, inline": lambda part: f"<p>{'<b>a</b> ' * (500_000 // part)}</p>",
    "1,000,000 tags, never closed": lambda part: "<b><p>a" * (500_000 // part),
    "depth 100,000": lambda part: f"{'<div>' * (100_000 // part)}{_WORDS}{'</div>' * (100_000 // part)}",
    "50 MB of text": lambda part: f"<p>{_WORDS * (50_000_000 // part // len(_WORDS))}</p>",
    "50 MB of paragraphs": lambda part: f"<p>{_WORDS}</p>" * (50_000_000 // part // (len(_WORDS) + 7)),
    "an attribute of 5 MB": lambda part: f'<p>{_WORDS * 9}</p><p class="{"a " * (2_500_000 // part)}">{_WORDS * 9}</p>',
    "an attribute of 5 MB, no space": lambda part: f"<p title='{'a' * (5_000_000 // part)}'>{_WORDS * 9}</p>",
    "250,000 cells of a table": lambda part: f"<table><tr>{'<td>a' * (250_000 // part)}</table>",
    "100,000 attributes of a tag": lambda part: f"<p {' '.join(f'a{n}=1' for n in range(100_000 // part))}>{_WORDS}",
    "5 MB in noscript": lambda part: f"<noscript>{f'<p>{_WORDS}</p>' * (5_000_000 // part // 102)}</noscript>",
}
"""Pages by name, as functions of the part of their full size to build."""


def measure(name: str, part: int) -> None:
    """Clean one page in this process and print what it cost, as JSON."""
    body = f"<html><head><title>A page</title></head><body>{PAGES[name](part)}</body></html>".encode()
    clean(Page(_OWN.encode(), "text/html"), "common")  # models and rules are loaded once a run
    start = time.process_time()
    found = clean(Page(body, "text/html"), "common")
    spent = time.process_time() - start
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps([spent, memory, len(body), found.verdict, len(found.text), found.detail]))


def main() -> None:
    """Print a row for each page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name", nargs="*", help="pages to try; all where none is named", metavar="NAME")
    parser.add_argument("--part", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if unknown := sorted(set(options.name) - set(PAGES)):
        parser.error(f"{', '.join(unknown)}: not among the pages: {'; '.join(PAGES)}")
    if options.part:
        measure(options.name[0], options.part)
        return
    print(f"{'page':<32} {'MB':>6} {'quarter':>9} {'full':>9} {'ratio':>6} {'memory':>8}  verdict")
    for name in options.name or PAGES:
        quarter, full = (_measured(name, part) for part in (_QUARTER, 1))
        if quarter is None or full is None:
            print(f"{name:<32} no answer")
            continue
        spent, memory, size, verdict, letters, detail = full
        print(
            f"{name:<32} {size / 1e6:>6.1f} {quarter[0]:>7.2f} s {spent:>7.2f} s {spent / max(quarter[0], 0.001):>6.1f}"
            f" {memory:>5.0f} MB  {verdict}, {letters:,} characters{f': {detail}' if detail else ''}"
        )


def _measured(name: str, part: int) -> tuple[float, float, int, str, int, str | None] | None:
    """Return what one page cost in a process of its own; None where that gave no answer."""
    command = [sys.executable, __file__, name, "--part", str(part)]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    if answer.returncode:
        return None
    spent, memory, size, verdict, letters, detail = json.loads(answer.stdout)
    return spent, memory, size, verdict, letters, detail


if __name__ == "__main__":
    main()
