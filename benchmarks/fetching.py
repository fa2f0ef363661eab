"""Fetching, measured on a web site of its own on loopback: politeness, unchanged pages, hostile hosts.

`turns [PAGES]`: two processes ask three hosts, with a delay of 1 s. `unchanged [PAGES]`: a second run over pages that
did not change. `hostile`: verdicts and memory. To be run as

PYTHONPATH=.:tests/support python benchmarks/fetching.py turns
"""

import gzip
import itertools
import multiprocessing
import os
import resource
import sys
import tempfile
import time
import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path

from website import Website, article, drip, hang_up, part_of, reply

from archive.archive import Archive, create_archive, open_archive
from archive.audit import audit
from flows.batch import clean_batch
from flows.fetch.client import Client
from flows.fetch.fetcher import captures
from flows.fetch.turns import Turns
from flows.fetch.wanted import Wanted
from flows.run import Options, Outcome, staged
from schemas.source import Fetching

LOOPBACK = ("127.0.0.0/8",)
HOSTS = ("a.example", "b.example", "c.example")
ENDLESS = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n<html>"
SPAWN = multiprocessing.get_context("spawn")


async def loopback(name: str, _port: int) -> Sequence[str]:
    """Look a name up: every host is on loopback, an address is itself."""
    return [name] if name.replace(".", "").isdigit() else ["127.0.0.1"]


def ask(folder: Path, rules: Fetching, urls: Sequence[str]) -> Counter[str]:
    """Fetch pages and count their verdicts."""
    wanted = [Wanted(url, "benchmark") for url in urls]
    client = Client(rules, Turns(folder), resolve=loopback)
    return Counter(str(capture.verdict) for capture in captures(wanted, rules, client=client))


def turns(pages: int) -> None:
    """Print the least gap between two requests to a host, and the total time against the least that is possible."""
    rules = Fetching(delay=1, allow=LOOPBACK)
    with Website() as site, tempfile.TemporaryDirectory() as folder:
        with suppress(AttributeError, PermissionError):  # where that is permitted, each request is read as it comes
            os.sched_setscheduler(site.thread.native_id or 0, os.SCHED_FIFO, os.sched_param(1))
        for host, number in itertools.product(HOSTS, range(pages)):
            site.host(host).page(f"/{number}", article(str(number)))
        urls = [site.url(f"/{number}", host) for number in range(pages) for host in HOSTS]
        half = len(HOSTS) * (pages // 2)
        with ProcessPoolExecutor(2, mp_context=SPAWN) as pool:
            parts = (urls[:half], urls[half:])
            verdicts = sum(pool.map(ask, [Path(folder)] * 2, [rules] * 2, parts), Counter())
        times = {host: [request.at for request in site.requests if request.host == host] for host in HOSTS}
    gaps = [after - before for line in times.values() for before, after in itertools.pairwise(line)]
    everything = [moment for line in times.values() for moment in line]
    took, least = max(everything) - min(everything), max(len(line) for line in times.values()) - 1
    print(f"{sum(verdicts.values())} pages {dict(verdicts)}, {len(everything)} requests")
    print(f"least gap {min(gaps):.4f} s; {took:.2f} s from first to last, {least} s at least: {took / least - 1:+.1%}")


def serve(pages: int, line: Connection) -> None:
    """Serve pages in a process of its own; tell the port, and at the end how many bytes of pages went out."""
    with Website() as site:
        for number in range(pages):
            site.host().page(f"/{number}", article(f"page {number}"), etag=f'"{number}"')
        line.send(site.port)
        while line.recv():
            asked = [request for request in site.requests if request.path != "/robots.txt"]
            whole = [request for request in asked if "if-none-match" not in request.fields]
            line.send((len(asked), len(whole)))
            site.requests.clear()


def fetch_into(archive: Archive, wanted: Iterable[Wanted], folder: Path) -> Outcome:
    """Fetch, store, clean in two processes, and commit."""
    rules = Fetching(delay=0, per_host=16, allow=LOOPBACK)
    found = captures(wanted, rules, client=Client(rules, Turns(folder), resolve=loopback))
    with staged(archive, [], Options()) as run, ProcessPoolExecutor(2, mp_context=SPAWN) as pool:
        run._outcomes = lambda: run._loader.load("benchmark", found)  # type: ignore[method-assign] # noqa: SLF001
        for result in pool.map(clean_batch, run.batches()):
            run.take(result)
        return run.commit()


def unchanged(pages: int) -> None:
    """Print what a second run over unchanged pages costs."""
    ours, theirs = SPAWN.Pipe()
    server = SPAWN.Process(target=serve, args=(pages, theirs))
    server.start()
    port = ours.recv()
    with tempfile.TemporaryDirectory() as folder:
        archive = open_archive(create_archive(Path(folder) / "archive", "common").folder.root)
        for again in (False, True):
            wanted = [
                Wanted(f"http://wire.example:{port}/{n}", "benchmark", etag=f'"{n}"' if again else None)
                for n in range(pages)
            ]
            wall, cpu = time.monotonic(), time.process_time()
            outcome = fetch_into(archive, wanted, Path(folder) / "turns")
            wall, cpu = time.monotonic() - wall, time.process_time() - cpu
            ours.send(1)
            asked, whole = ours.recv()
            counts = outcome.version.counts
            print(
                f"run {1 + again}: {asked} pages asked for, {whole} came whole, {counts['revisions']} revisions; "
                f"{wall:.1f} s = {pages / wall:.0f} pages/s, {cpu:.1f} s of CPU time = {pages / cpu:.0f} pages/s"
            )
        print(f"verify: {len(list(audit(archive.folder.root)))} findings")
    ours.send(0)
    server.join()


def hostile() -> None:
    """Print the verdict of each hostile answer, each given by three hosts at a time, and the memory they took."""
    packer = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS + 16)
    bomb = b"".join([*(packer.compress(bytes(1 << 20)) for _ in range(1024)), packer.flush()])
    cases = {
        "gzip bomb, 1 GiB": reply(bomb, Content_Encoding="gzip"),
        "bomb in a bomb": reply(gzip.compress(bomb), Content_Encoding="gzip, gzip"),
        "endless body": drip(ENDLESS, b"<p>on and on" * 5000, 0),
        "announced 100 GB": reply(b"x", Content_Length="99999999999"),
        "a byte now and then": drip(ENDLESS, b".", 0.1),
        "a head now and then": drip(b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n", 0.1),
        "flood of fields": drip(b"HTTP/1.1 200 OK\r\n", b"X-A: %s\r\n" % (b"b" * 9000), 0),
        "early hints for ever": drip(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n", 0.05),
        "silence": drip(b"", b"", 0.1),
        "cut in the middle": part_of(reply(article("Ferry")), 300),
        "hangs up": hang_up,
        "redirect to itself": reply(status="302 Found", Location="/"),
        "redirect to 127.0.0.1": reply(status="302 Found", Location="http://127.0.0.1:1/"),
        "redirect to metadata": reply(status="302 Found", Location="http://169.254.169.254/latest/meta-data/"),
        "redirect to a file": reply(status="302 Found", Location="file:///etc/passwd"),
        "redirect with credentials": reply(status="302 Found", Location="http://user:secret@a.example/"),
        "429, come in an hour": reply(status="429 Too Many Requests", Retry_After="3600"),
        "a friendly page": reply(article("Ferry")),
    }
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    rules = Fetching(
        delay=0, retries=1, timeout=2, page_timeout=4, run_budget=60, host_budget=30, allow=["127.0.0.9/32"]
    )

    async def elsewhere(name: str, _port: int) -> Sequence[str]:
        return [name] if name.replace(".", "").isdigit() else ["127.0.0.9"]

    with Website(address="127.0.0.9") as site, tempfile.TemporaryDirectory() as folder:
        for (number, answer), copy in itertools.product(enumerate(cases.values()), range(3)):
            site.host(f"{number}-{copy}.example").on("/", answer)
        wanted = [Wanted(site.url("/", host), "benchmark") for host in site.hosts]
        client = Client(rules, Turns(Path(folder)), resolve=elsewhere)
        found: dict[int, list[tuple[str, str]]] = {}
        for capture in captures(wanted, rules, client=client):
            number = int((capture.url or "").partition("//")[2].partition("-")[0])
            found.setdefault(number, []).append((str(capture.verdict), capture.detail or ""))
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for number, name in enumerate(cases):
        told = sorted(set(found[number]))
        print(f"{name:26} {len(found[number])} x {told[0][0]:14} {told[0][1][:90]}")
    print(f"memory: {(after - before) / 1024:.0f} MB more than before, server included")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["turns", *rest]:
            turns(int(rest[0]) if rest else 20)
        case ["unchanged", *rest]:
            unchanged(int(rest[0]) if rest else 10_000)
        case ["hostile"]:
            hostile()
        case _:
            sys.exit(__doc__)
