"""What a user may set: cleancopy.toml, the environment, the command line, the last one winning."""

import tomllib
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, Field
from pydantic_settings import BaseSettings, InitSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

from schemas.page import Removal
from schemas.source import Fetching, Source

CONFIGURATION = "cleancopy.toml"
"""The file of settings, in the working folder."""

SOURCE_NAME = r"^[a-z0-9][a-z0-9_-]{0,63}$"
"""What a source may be called."""


def _nameable(path: Path) -> Path:
    if "\0" in str(path):
        raise ValueError("a path with a character of code 0 in it cannot be")
    return path


def _configured() -> dict[str, Any]:
    """Return what cleancopy.toml says, with or without a byte order mark; nothing where there is no such file."""
    try:
        return tomllib.loads(Path(CONFIGURATION).read_bytes().decode("utf-8-sig"))
    except FileNotFoundError:
        return {}
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        said = f"line {line} is not in UTF-8 (byte {error.object[error.start]:#04x})"
        raise tomllib.TOMLDecodeError(said) from error


class Settings(BaseSettings):
    """The settings; from `cleancopy.toml` in the working folder, or CLEANCOPY_* in the environment."""

    model_config = SettingsConfigDict(
        frozen=True,
        extra="forbid",
        env_prefix="CLEANCOPY_",
        env_nested_delimiter="__",
        env_ignore_empty=True,
    )

    archive: Annotated[Path, AfterValidator(_nameable)] = Path("archive-data")
    """Folder of the archive."""
    names: str = "common"
    """Naming policy of an archive that is made; `reclean` changes that of one that exists."""
    gazetteer: Annotated[Path, AfterValidator(_nameable)] | None = None
    """Folder of names and naming policies of one's own; taken from the working folder if relative."""
    keep: str = ""
    """Kinds of blocks of an HTML page to be kept in its text, parted by commas: captions,comments."""
    removal: Removal = Removal.DEFAULT
    """How sure the line model has to be: conservative, default or eager."""
    workers: int = Field(default=2, ge=1, le=64)
    """Processes that clean pages."""
    fetch: Fetching = Fetching()
    """How pages are fetched."""
    sources: dict[Annotated[str, Field(pattern=SOURCE_NAME)], Source] = {}
    """Where pages come from, by name."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Put the environment above the file, and leave out sources that nobody would look for."""
        del dotenv_settings, file_secret_settings
        return init_settings, env_settings, InitSettingsSource(settings_cls, _configured())
