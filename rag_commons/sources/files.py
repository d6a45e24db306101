"""Files of a source: what given paths lead to, in an order that does not depend on the disk.

Hidden files are left out, links to folders are not followed, and a link inside a folder that leads out of it is found but marked.
"""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rag_commons.errors import DocumentRefused, InputError


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file, the folder it was sought in and its name from there; `outside` where it is a link that leads out of the folder."""

    path: Path
    root: Path
    name: str
    outside: bool = False


def find_files(paths: Sequence[str | Path], suffixes: tuple[str, ...]) -> list[FoundFile]:
    """Return the files at paths, each once: named files whatever they are called, and in folders those that end in a suffix.

    Raises InputError for a path that leads nowhere and a folder without any such file.
    """
    if not paths:
        raise InputError("one path or more", "none", "name files or folders to read")
    found: dict[Path, FoundFile] = {}
    for given in paths:
        path = Path(given)
        if path.is_dir():
            inside = list(_walk(path, suffixes))
            if not inside:
                raise InputError(f"a folder that holds {', '.join(suffixes)} files", f"none under {path}", "check the path")
        elif path.exists():
            inside = [FoundFile(path, path.parent, path.name)]
        else:
            raise InputError("a file or folder that exists", str(path), "check the path")
        for file in inside:
            found.setdefault(file.path.resolve(), file)
    return list(found.values())


def leads_outside(path: Path, root: Path) -> bool:
    """Whether a path, its links followed, lies out of a folder."""
    return not path.resolve().is_relative_to(root.resolve())


def leads_out(file: FoundFile) -> DocumentRefused:
    """Return the refusal of a link that leads out of its folder."""
    return DocumentRefused(
        "outside-folder", "a file of the folder", f"{file.name}: a link that leads out of {file.root}", "name its target"
    )


def unreadable(where: str, error: OSError) -> DocumentRefused:
    """Return the refusal of a file that the system does not let us read."""
    return DocumentRefused("unreadable-file", "a file that can be read", f"{where}: {error.strerror or error}", "check its permissions")


def _walk(root: Path, suffixes: tuple[str, ...]) -> Iterator[FoundFile]:
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(folder, name)
            if not name.startswith((".", "_")) and name.lower().endswith(suffixes) and path.is_file():
                yield FoundFile(path, root, path.relative_to(root).as_posix(), path.is_symlink() and leads_outside(path, root))
