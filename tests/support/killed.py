"""A run in a process of its own that kills itself at a chosen point, as power failures do."""

_SCRIPT = """
import os, signal, sys
from pathlib import Path
from archive.archive import open_archive
from flows.batch import clean_batch
from flows.run import Options, recleaning, staged

folder, given, event, name, countdown = *sys.argv[1:5], int(sys.argv[5])

def hook(met, args):
    global countdown
    if met == event and any(name in str(a) for a in args):
        countdown -= 1
        if countdown == 0:
            os.kill(os.getpid(), signal.SIGKILL)

with RUN as run:
    sys.addaudithook(hook)
    for batch in run.batches():
        run.take(clean_batch(batch))
    run.commit()
"""


def driver(run: str) -> str:
    """Return the script that carries out `run`, an expression over `folder` and `given`.

    Its arguments are these two, then the audit event, a part of its arguments, and how often both are met.
    """
    return _SCRIPT.replace("RUN", run)
