"""Files that a user names for what a command writes."""

import errno
import os

import pytest

from flows.commands.written import written
from flows.errors import UsageError


def test_a_file_is_there_whole_or_as_it_was(tmp_path):
    file = tmp_path / "sites.jsonl"
    with written(file) as stream:
        stream.write(b"first")
    with pytest.raises(UsageError, match="No space"):
        _fill_the_disk(file)
    assert file.read_bytes() == b"first"
    assert [path.name for path in tmp_path.iterdir()] == ["sites.jsonl"]


def test_a_device_is_written_to_and_not_replaced(tmp_path):
    (tmp_path / "nothing").symlink_to(os.devnull)
    with written(tmp_path / "nothing") as stream:
        stream.write(b"x")
    assert (tmp_path / "nothing").is_symlink()


def _fill_the_disk(file):
    with written(file) as stream:
        stream.write(b"second, as far as there was ro")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
