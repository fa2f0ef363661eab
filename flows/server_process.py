"""The process of a Prefect server of our own; it ends with whoever started it, however that one ends.

Arguments: the number of an open file that is the listening socket. Standard input is a pipe that nobody writes to.
"""

import os
import socket
import sys
import threading

import uvicorn


def main(listening: int) -> None:
    """Serve on a socket that listens already, until told to stop or until standard input closes."""
    threading.Thread(target=_end_with_the_other_side, daemon=True).start()
    # named by a string, so that Prefect is loaded once the thread above watches
    config = uvicorn.Config("prefect.server.api.server:create_app", factory=True, lifespan="on", log_level="warning")
    uvicorn.Server(config).run([socket.socket(fileno=listening)])


def _end_with_the_other_side() -> None:
    """End at once when the pipe closes: the database is whole at any moment, and nobody is left to be told."""
    while os.read(0, 1):
        pass
    os._exit(0)


if __name__ == "__main__":
    main(int(sys.argv[1]))
