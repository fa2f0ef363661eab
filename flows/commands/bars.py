"""What a run shows while it lasts: a bar for each stage, with its rate and the time that is left."""

from typing import TYPE_CHECKING, Self

from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

if TYPE_CHECKING:
    from rich.console import Console

    from flows.outcome import Stages


class _Rate(ProgressColumn):
    """Pages a second, over the last half minute."""

    def render(self, task: Task) -> Text:
        """Return the rate, or nothing as long as it is not known."""
        speed = task.finished_speed or task.speed
        return Text("" if speed is None else f"{speed:.1f}/s", style="progress.data.speed")


class Bars:
    """Bars on a console, gone when the block ends; `total` is the number of pages in files, if it is known."""

    def __init__(self, console: "Console", total: int | None, *, fetches: bool) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), _Rate(), TimeRemainingColumn())
        self._progress = Progress(*columns, TimeElapsedColumn(), console=console, transient=True)
        self._fetching = self._progress.add_task("fetched", total=None, start=False) if fetches else None
        self._cleaning = self._progress.add_task("cleaned", total=total or None, start=False)
        self._total = total

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def show(self, stages: "Stages") -> None:
        """Show how far the run is; pages that are still being listed make the bars longer."""
        self._progress.start_task(self._cleaning)
        if self._fetching is not None and stages.listed:
            self._progress.start_task(self._fetching)
            self._progress.update(self._fetching, completed=stages.fetched, total=stages.listed)
        total = None if self._total is None else max(self._total + stages.listed, stages.loaded)
        self._progress.update(self._cleaning, completed=min(stages.cleaned, stages.loaded), total=total)
