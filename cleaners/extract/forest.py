"""Gradient-boosted trees in LightGBM's text format, asked through LightGBM's C interface.

LightGBM's Python package loads SciPy, and pandas and scikit-learn where they are installed, for training: one to three
seconds of every command that reads a page. Only its library is loaded here.
"""

import ctypes
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from cleaners.extract.columns import Floats

# Of c_api.h in LightGBM 4: C_API_DTYPE_FLOAT64, C_API_PREDICT_NORMAL, rows one after another, all iterations.
_FLOAT64, _NORMAL, _BY_ROW, _EVERY = 1, 0, 1, -1
_HANDLE, _TEXT, _INT = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int
_SIGNATURES = {
    "LGBM_BoosterLoadModelFromString": (_TEXT, ctypes.POINTER(_INT), ctypes.POINTER(_HANDLE)),
    "LGBM_BoosterGetNumFeature": (_HANDLE, ctypes.POINTER(_INT)),
    "LGBM_BoosterPredictForMat": (
        *(_HANDLE, ctypes.c_void_p, _INT, ctypes.c_int32, ctypes.c_int32, _INT, _INT, _INT, _INT, _TEXT),
        *(ctypes.POINTER(ctypes.c_int64), ctypes.c_void_p),
    ),
    "LGBM_BoosterFree": (_HANDLE,),
}


class MissingLibraryError(OSError):
    """A library of the operating system that is not there: the message says which and how to get it."""


class ForestError(ValueError):
    """A model file that LightGBM does not read, or rows that do not fit it."""


class Forest:
    """The trees of a model file; `predict` may be called from threads."""

    def __init__(self, model: str, options: Mapping[str, str] | None = None) -> None:
        """Take what a model file says and LightGBM's options for predicting; ForestError where it is no model."""
        self._library = _library()
        # the width is checked here: a stage is given the columns of the next one as well
        fixed = {"num_threads": "1", "predict_disable_shape_check": "true"}
        self._options = " ".join(f"{name}={value}" for name, value in {**(options or {}), **fixed}.items()).encode()
        self._handle, width = _HANDLE(), _INT()
        self._call("LGBM_BoosterLoadModelFromString", model.encode(), ctypes.byref(_INT()), ctypes.byref(self._handle))
        self._call("LGBM_BoosterGetNumFeature", self._handle, ctypes.byref(width))
        self.width = width.value

    def __del__(self) -> None:
        """Give the memory of the trees back."""
        if getattr(self, "_handle", None):
            self._library.LGBM_BoosterFree(self._handle)

    def predict(self, rows: Floats, /) -> Floats:
        """Return what the trees give each row of `width` columns or more, of which the first count."""
        if rows.ndim != 2 or rows.shape[1] < self.width:
            raise ForestError(f"rows of shape {rows.shape} for trees over {self.width} columns")
        rows = np.ascontiguousarray(rows, dtype=np.float64)
        given, counted = np.empty(len(rows), dtype=np.float64), ctypes.c_int64()
        self._call(
            "LGBM_BoosterPredictForMat",
            *(self._handle, rows.ctypes.data, _FLOAT64, *rows.shape, _BY_ROW, _NORMAL, 0, _EVERY, self._options),
            *(ctypes.byref(counted), given.ctypes.data),
        )
        if counted.value != len(rows):
            raise ForestError(f"{counted.value} numbers for {len(rows)} rows: not a model with one number a row")
        return given

    def _call(self, name: str, *arguments: object) -> None:
        if getattr(self._library, name)(*arguments):
            raise ForestError(f"LightGBM: {self._library.LGBM_GetLastError().decode(errors='replace')}")


@cache
def _library() -> ctypes.CDLL:
    """Return LightGBM's library; MissingLibraryError where it, or one that it needs, is not there."""
    package = find_spec("lightgbm")
    folders = [Path(folder) for folder in package.submodule_search_locations or ()] if package else []
    path = next((file for folder in folders for file in sorted(folder.glob("*/lib_lightgbm.*"))), None)
    if path is None:
        raise MissingLibraryError("lightgbm is not installed whole: install the locked packages again")
    try:
        library = ctypes.CDLL(str(path))
    except OSError as error:
        said = "lightgbm needs the system's libgomp (on Debian: apt install libgomp1)"
        raise MissingLibraryError(f"{error}: {said}") from error
    library.LGBM_GetLastError.restype = _TEXT
    for name, arguments in _SIGNATURES.items():
        getattr(library, name).argtypes = arguments
    return library
