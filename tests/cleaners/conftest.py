"""What tests of cleaners share."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from cleaners import gazetteer


@pytest.fixture
def edited(tmp_path: Path) -> Callable[[str, str, str], Path]:
    """Return a function that copies the gazetteer with one passage of one file replaced."""

    def edit(name: str, old: str, new: str) -> Path:
        folder = tmp_path / "gazetteer"
        shutil.copytree(gazetteer.FOLDER, folder, dirs_exist_ok=True)
        content = (folder / name).read_text(encoding="utf-8")
        assert old in content
        (folder / name).write_text(content.replace(old, new, 1), encoding="utf-8")
        return folder

    return edit
