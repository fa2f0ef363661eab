"""The `cleancopy` command as a shell starts it: whole streams in UTF-8, and no traceback for an early Ctrl-C."""

import io
import os
import signal
import sys


def main() -> None:
    """Run the command line."""
    heeds = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if heeds:
        # loading takes a third of a second, in which Ctrl-C is to end this as it ends any program; a process that was
        # started to ignore it, as under nohup, goes on ignoring it
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    _open_streams()
    from flows.cli import main as run

    try:
        if heeds:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        run()
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)


def _open_streams() -> None:
    """Let each standard stream be one, also where it was closed (`>&-`), and write UTF-8 whatever the locale.

    Without that, the first files that are opened would be standard input and output to all that this process starts.
    Of what UTF-8 cannot hold, the lone surrogates of a file's name, escapes are written.
    """
    for name, mode in (("stdin", os.O_RDONLY), ("stdout", os.O_WRONLY), ("stderr", os.O_WRONLY)):
        if getattr(sys, name) is None:
            descriptor = os.open(os.devnull, mode)
            os.set_inheritable(descriptor, True)  # noqa: FBT003 - that is how it is called
            setattr(sys, name, os.fdopen(descriptor, "r" if mode == os.O_RDONLY else "w"))
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
