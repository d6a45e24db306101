"""Lists of names, kept as text beside the code so that anyone can add one: `key : name | name | name`."""

from pathlib import Path


def read_lists(file: str) -> list[tuple[str, list[str]]]:
    """Return the lists of a file of this folder in order; a line that begins with spaces goes on with the one above."""
    lists: list[tuple[str, list[str]]] = []
    for line in Path(__file__).with_name(file).read_text("utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        names = line
        if not line[0].isspace():
            key, _, names = line.partition(" :")
            lists.append((key.strip(), []))
        lists[-1][1].extend(name for part in names.split("|") if (name := part.strip()))
    return lists


def read_pairs(file: str, key: str) -> dict[str, str]:
    """Return the list of this key as a map: `code=name`, or a name by its lower case where it has no code."""
    names = dict(read_lists(file))[key]
    pairs = [name.partition("=") for name in names]
    return {code.lower() if not equals else code: name or code for code, equals, name in pairs}
