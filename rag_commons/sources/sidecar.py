"""Sidecars: what a person states in YAML about files that state nothing themselves, read as the folder source reads them.

`_defaults.yaml` speaks for the documents of its folder and those below, `NAME.yaml` for the document NAME; what is given on the
command line comes before both. Keys are those of contract 1.
"""

from collections.abc import Mapping
from pathlib import Path

from rag_commons.errors import DocumentRefused
from rag_commons.sources.contract import KEYS
from rag_commons.sources.files import leads_outside
from rag_commons.sources.front_matter import LONGEST, read_yaml

DEFAULTS = "_defaults.yaml"

_HELD_BY_FILES = ("text", "sections", "pages")


def stated(root: Path, folder: Path, name: str, options: Mapping[str, str | None]) -> dict[str, object]:
    """Return what sidecars and options state of a document of `folder`, as keys of contract 1; raises DocumentRefused.

    `root` is the folder that was named: nothing above it or outside is read.
    """
    inside = folder.relative_to(root).parts if folder.is_relative_to(root) else ()
    folders = [root.joinpath(*inside[:depth]) for depth in range(len(inside) + 1)]
    fields: dict[str, object] = {}
    for path in (*(above / DEFAULTS for above in folders), *(folder / f"{name}{end}" for end in (".json", ".yml", ".yaml"))):
        if path.is_file() and not leads_outside(path, root):
            fields |= _read(path)
    return fields | {key: value for key, value in options.items() if value is not None}


def names_itself(folder: Path, name: str) -> bool:
    """Whether a document has a sidecar of its own that gives a title."""
    return any("title" in _read(path) for path in (folder / f"{name}{end}" for end in (".json", ".yml", ".yaml")) if path.is_file())


def read_mapping(path: Path) -> dict[str, object]:
    """Return the keys and values of a small YAML file, every scalar as written; raises DocumentRefused."""
    try:
        with path.open("rb") as file:
            data = file.read(4 * LONGEST + 4)
        return read_yaml(data.decode("utf-8-sig"), path.name)
    except (OSError, UnicodeDecodeError) as error:
        raise DocumentRefused("unreadable-file", "a YAML file in UTF-8 that can be read", f"{path}: {error}", "correct the file") from None


def without_licence(where: str, holds: str) -> DocumentRefused:
    """Return the refusal of a document without a licence, with the way to give one."""
    todo = f"write `licence: CC-BY-4.0` (or what its publisher states) in a {DEFAULTS} of its folder, or give --set licence=…"
    return DocumentRefused("missing:licence", f"a licence ({holds})", where, todo)


def _read(path: Path) -> dict[str, object]:
    fields = read_mapping(path)
    unknown = [key for key in fields if key not in KEYS or key in _HELD_BY_FILES or (key == "id" and path.name == DEFAULTS)]
    if unknown:
        raise DocumentRefused(
            "unknown-key", f"{path.name}: keys among {', '.join(KEYS)}, but {', '.join(_HELD_BY_FILES)}",
            ", ".join(repr(key[:40]) for key in unknown[:5]), "rename the key or leave it out",
        )  # fmt: skip
    return fields
