"""Prefect flows, where pages come from, and the command line; imports all other parts."""

import os

# Pages are spread over processes. Threads of numpy's own, which it starts when it is first imported, wait for each
# other at every small product: texts took two and a half times as long with two of them.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
