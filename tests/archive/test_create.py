"""Making an archive."""

import threading
from concurrent.futures import ThreadPoolExecutor

from archive.archive import ArchiveError, create_archive, open_archive


def test_of_several_that_make_an_archive_at_once_one_does(tmp_path):
    together = threading.Barrier(4)

    def make(_):
        together.wait()
        try:
            create_archive(tmp_path / "archive", "common")
        except (ArchiveError, OSError):
            return False
        return True

    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(make, range(4))) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["archive"]
    assert open_archive(tmp_path / "archive").policy == "common"
