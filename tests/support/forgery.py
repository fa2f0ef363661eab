"""Changes to log files, for archives that are forged on purpose."""

import re
from collections.abc import Callable


def change_log(table: str, number: int, old: str, new: str) -> Callable[[str, int, bytes], bytes]:
    def change(found: str, n: int, content: bytes) -> bytes:
        if (found, n) != (table, number):
            return content
        assert re.search(old, content.decode())
        return re.sub(old, new, content.decode(), count=1).encode()

    return change


def add_line(table: str, number: int, line: str) -> Callable[[str, int, bytes], bytes]:
    return lambda t, n, content: content + line.encode() + b"\n" if (t, n) == (table, number) else content
