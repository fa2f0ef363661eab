"""What becomes of runs that are killed: many at random moments, then a whole one, against a run that nobody disturbs.

    python -m benchmarks.kills --kills 200 --pages 60 --seed 1

Pages are fetched from a web site on loopback that counts what it is asked for. Exit status 1 if the archives differ in
any document or revision, if a page was asked for again that a killed run had stored, if a version has not every page
once, or if the audit finds anything.
Runs are forked from one process that has loaded all it needs, so that kills meet runs and not imports.
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pyarrow.parquet as pq

from archive.archive import create_archive, open_archive
from archive.audit import audit
from archive.journal import JOURNAL
from archive.versions import versions
from flows.batch import clean_batch
from flows.outcome import Options
from flows.run import staged
from flows.sources.web import Configured
from schemas.source import Fetching, Source


@dataclass(slots=True)
class Site:
    """The web site: its addresses, and the file that lists what was asked for."""

    urls: tuple[str, ...]
    log: Path

    def asked(self) -> list[str]:
        """Return the addresses that were asked for, in order."""
        return self.log.read_text("utf-8").split()


@dataclass(slots=True)
class Outcome:
    """What the campaign gave: runs that were killed, that ended before, pages stored, and pages asked for again."""

    killed: int = 0
    ended: int = 0
    stored: int = 0
    again: int = 0
    kept: set[str] = field(default_factory=set)


def campaign(folder: Path, site: Site, kills: int, seed: int) -> tuple[Outcome, list[str]]:
    """Return what the campaign gave, and what is wrong with the archive after it."""
    dice = random.Random(seed)  # noqa: S311 - the same seed must make the same kills
    for name in ("undisturbed", "killed"):
        _in_child(lambda name=name: create_archive(folder / name, "common") and None)  # type: ignore[misc] # this name
    began = time.monotonic()
    _run(folder / "undisturbed", site, None)
    whole = time.monotonic() - began
    root, outcome, known = folder / "killed", Outcome(), 0
    spools = open_archive(root).cache / "runs"
    for _ in range(kills):
        before = len(site.asked())
        outcome.killed += _run(root, site, dice.uniform(0, 1.1 * whole))
        outcome.again += len(outcome.kept & set(site.asked()[before:]))
        number = len(_in_child(lambda: [str(version.version) for version in versions(open_archive(root))]))
        outcome.kept = _stored(spools) if number == known else set()
        known = number
    outcome.ended = kills - outcome.killed
    before = len(site.asked())
    _run(root, site, None)
    outcome.again += len(outcome.kept & set(site.asked()[before:]))
    wrong = _in_child(lambda: [f"{finding.code} {finding.path}" for finding in audit(root)])
    if _in_child(lambda: _texts(root)) != _in_child(lambda: _texts(folder / "undisturbed")):
        wrong.append("the documents differ from those of the run that nobody disturbed")
    outcome.stored = len(_in_child(lambda: _captures(root)))
    number = len(_in_child(lambda: [str(version.version) for version in versions(open_archive(root))]))
    if outcome.stored != number * len(site.urls):
        wrong.append(f"{outcome.stored} captures in {number} versions: not each has every page once")
    return outcome, wrong


def _ingest(root: Path, site: Site) -> None:
    rules = Fetching(contact="https://archive.example/", delay=0, per_host=4, allow=("127.0.0.0/8",))
    web = Configured({"news": Source(urls=site.urls)}, rules)
    with staged(open_archive(root), (), Options(), web) as run:
        for batch in run.batches():
            run.take(clean_batch(batch))
        run.commit()


def _run(root: Path, site: Site, limit: float | None) -> bool:
    """Carry out a run in a process of its own; kill it after `limit` seconds, and return whether that came first."""
    child = os.fork()
    if not child:
        _ingest(root, site)
        os._exit(0)
    if limit is not None:
        time.sleep(limit)
        os.kill(child, signal.SIGKILL)
    status = os.waitpid(child, 0)[1]
    if status not in {0, signal.SIGKILL}:
        raise RuntimeError(f"a run failed with status {status}")
    return status != 0


def _in_child(call: Callable[[], list[str] | None]) -> list[str]:
    """Return what a call gives in a process of its own: the parent must stay without threads, to be forked."""
    here, there = os.pipe()
    child = os.fork()
    if not child:
        with os.fdopen(there, "wb") as stream:
            stream.write(json.dumps(call()).encode())
        os._exit(0)
    os.close(there)
    with os.fdopen(here, "rb") as stream:
        said = stream.read()
    os.waitpid(child, 0)
    found: list[str] = json.loads(said) or []
    return found


def _stored(spools: Path) -> set[str]:
    """Return the pages that runs which were killed have stored."""
    lines = (line for path in spools.glob(f"*/{JOURNAL}") for line in path.read_text("utf-8").split("\n")[:-1])
    return {json.loads(line)["row"]["url"] for line in lines}


def _texts(root: Path) -> list[str]:
    paths = open_archive(root).table("revisions").files()
    rows = [row for path in paths for row in pq.read_table(path).to_pylist()]
    return sorted(json.dumps([row[name] for name in ("identity", "revision", "op", "cause", "text")]) for row in rows)


def _captures(root: Path) -> list[str]:
    paths = open_archive(root).table("captures").files()
    return [str(row["identity"]) for path in paths for row in pq.read_table(path).to_pylist()]


@contextmanager
def _site(folder: Path, pages: int) -> Iterator[Site]:
    """Serve the site from a process of its own."""
    log = folder / "asked"
    log.touch()
    command = [sys.executable, "-m", "benchmarks.kills", "--serve", str(log)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        port = int(server.stdout.readline())
        yield Site(tuple(f"http://127.0.0.1:{port}/{number}" for number in range(pages)), log)
        server.terminate()


def _serve(log: Path) -> None:
    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            number = self.path.strip("/")
            if not number.isdecimal():
                self.send_error(404)
                return
            with log.open("a", encoding="utf-8") as stream:
                stream.write(f"http://{self.headers['Host']}{self.path}\n")
            said = f"The ferry number {number} left the port at night, and all who were on board arrived safely. "
            body = (
                f"<html lang=en><title>Ferry {number}</title><body><article><p>{said * 3}</p></article></html>".encode()
            )
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()


def main() -> int:
    """Carry out a campaign and print what it gave."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--pages", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--serve", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        _serve(options.serve)
    with tempfile.TemporaryDirectory() as scratch:
        os.environ["XDG_CACHE_HOME"] = str(Path(scratch) / "cache")
        with _site(Path(scratch), options.pages) as site:
            outcome, wrong = campaign(Path(scratch), site, options.kills, options.seed)
            asked = len(site.asked()) - options.pages
    print(f"{outcome.killed} runs killed, {outcome.ended} ended before, then a whole one")
    print(f"{asked} pages asked for, {outcome.stored} captures, {outcome.again} asked for again that were stored")
    print("\n".join(wrong) or "the audit finds nothing; documents and revisions are those of an undisturbed run")
    return 1 if wrong or outcome.again else 0


if __name__ == "__main__":
    sys.exit(main())
