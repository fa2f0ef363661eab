import lightgbm
import numpy as np
import pytest

from cleaners.extract.forest import Forest, ForestError
from cleaners.extract.model import FOLDER, SURELY


@pytest.mark.parametrize(("name", "options"), [("first", SURELY), ("sure", {})])
def test_trees_say_what_lightgbms_own_package_says(name, options):
    path = FOLDER / f"{name}.txt"
    forest = Forest(path.read_text("utf-8"), options)
    random = np.random.default_rng(1)
    rows = random.normal(size=(200, forest.width + 3)) * (random.random((200, forest.width + 3)) < 0.5)
    said = lightgbm.Booster(model_file=str(path)).predict(
        rows, num_threads=1, predict_disable_shape_check=True, **options
    )
    assert forest.predict(rows).tolist() == said.tolist()
    assert forest.predict(np.asfortranarray(rows)).tolist() == said.tolist()
    assert forest.predict(rows[:0]).tolist() == []


def test_what_is_no_model_is_told():
    with pytest.raises(ForestError, match="LightGBM"):
        Forest("these are no trees")


@pytest.mark.parametrize("shape", [(5, 3), (30,)])
def test_rows_that_do_not_fit_are_told(shape):
    forest = Forest((FOLDER / "sure.txt").read_text("utf-8"))
    with pytest.raises(ForestError, match="columns"):
        forest.predict(np.zeros(shape))
