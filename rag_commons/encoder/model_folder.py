"""A model in a folder: its name, and what tells its files from others'."""

from functools import cached_property
from pathlib import Path

from rag_commons.encoder.folder import folder_checksum


class ModelFolder:
    """What every encoder that is read from a folder says of itself."""

    def __init__(self, path: Path, name: str | None, revision: str | None) -> None:
        """Take the folder, its name on the hub and its commit there, each None for a folder of one's own."""
        self.path = path
        self.id = name or str(path)
        self._revision = revision

    @cached_property
    def checksum(self) -> str:
        """The sha256 of the folder's model files, in hex."""
        return folder_checksum(self.path)

    @property
    def revision(self) -> str:
        """The commit on the hub, or the first digits of the checksum for a folder."""
        return self._revision or self.checksum[:12]
