"""Imports go one way: schemas ← cleaners ← flows, schemas ← archive ← flows; only flows knows Prefect."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ALLOWED = {
    "schemas": set(),
    "cleaners": {"schemas"},
    "archive": {"schemas"},
    "flows": {"schemas", "cleaners", "archive"},
}
KNOW_PREFECT = {
    "ingest.py": "a flow",
    "reclean.py": "a flow",
    "scheduled.py": "a flow",
    "schedule.py": "serves flows",
    "display.py": "makes artifacts and events of a flow run",
    "zombies.py": "tells the server what became of flow runs",
}
"""Modules of flows/ that import Prefect, and why: it takes a second to load, and wants its environment set before."""
MODULES = sorted(path for folder in ALLOWED for path in (ROOT / folder).rglob("*.py"))


def imported(path: Path) -> set[str]:
    nodes = list(ast.walk(ast.parse(path.read_text("utf-8"))))
    names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module and not node.level}
    return {name.partition(".")[0] for name in names}


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_imports_go_one_way(path):
    part = path.relative_to(ROOT).parts[0]
    forbidden = (set(ALLOWED) | {"prefect"}) - ALLOWED[part] - {part}
    if path.parent == ROOT / "flows" and path.name in KNOW_PREFECT:
        forbidden -= {"prefect"}
    assert not imported(path) & forbidden


@pytest.mark.parametrize("path", sorted((ROOT / "flows").rglob("*")), ids=lambda p: p.name)
def test_nothing_in_flows_shadows_a_package(path):
    """Prefect puts flows/ first on sys.path."""
    assert path.parent != ROOT / "flows" or path.stem not in ALLOWED


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_modules_fit_a_reader(path):
    assert len(path.read_text("utf-8").splitlines()) <= 300
