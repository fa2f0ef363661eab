"""Every machine and every Python version makes the same text of the same bytes."""

import importlib.util
import json
from pathlib import Path

HERE = Path(__file__).parent


def written():
    spec = importlib.util.spec_from_file_location("golden_write", HERE / "write.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return json.loads(json.dumps(module.digests()))


def test_the_example_pages_give_the_committed_digests():
    """Where a rule was changed on purpose: `make golden`, and read the diff."""
    committed = json.loads((HERE / "pages.json").read_text("utf-8"))
    assert written() == committed
    assert len(committed) > 40
