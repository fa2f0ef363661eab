"""What a user may set: cleancopy.toml, the environment, the command line, the last one winning."""

from pathlib import Path
from typing import Annotated

from pydantic import Field
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from schemas.page import Removal
from schemas.source import Fetching, Source

SOURCE_NAME = r"^[a-z0-9][a-z0-9_-]{0,63}$"
"""What a source may be called."""


class Settings(BaseSettings):
    """The settings; from `cleancopy.toml` in the working folder, or CLEANCOPY_* in the environment."""

    model_config = SettingsConfigDict(
        frozen=True,
        extra="forbid",
        env_prefix="CLEANCOPY_",
        env_nested_delimiter="__",
        toml_file="cleancopy.toml",
        env_ignore_empty=True,
    )

    archive: Path = Path("archive-data")
    """Folder of the archive."""
    names: str = "common"
    """Naming policy of an archive that is made; `reclean` changes that of one that exists."""
    gazetteer: Path | None = None
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
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)
