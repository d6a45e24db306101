"""Imports go down only, and each heavy library lives in one room."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "rag_commons"

FLOORS = {
    "errors": 0,
    "licences": 1,
    "text": 1,
    "documents": 2,
    "answers": 2,
    "sources": 3,
    "encoder": 4,
    "index": 5,
    "retrieval": 6,
    "answering": 7,
    "rendering": 7,
    "evaluation": 8,
    "report": 8,
    "integrations": 8,
    "server": 9,
    "ui": 9,
    "cli": 9,
    "__main__": 9,
}

ROOMS = {
    "faiss": {"index/dense.py"},
    "tantivy": {"index/lexical.py"},
    "sentence_transformers": {"encoder/"},
    "onnxruntime": {"encoder/exported.py"},
    "openvino": {"encoder/exported.py"},
    "gradio": {"ui/"},
    "llama_index": {"integrations/", "answering/"},
    "lightgbm": {"retrieval/"},
    "huggingface_hub": {"encoder/", "sources/hub_files.py"},
    "libzim": {"sources/zim.py"},
    "pyarrow": {"sources/parquet"},
    "pypdf": {"sources/"},
    "py3langid": {"sources/language_identification.py"},
    "mcp": {"server/"},
    "fastapi": {"server/", "ui/"},
}


def modules():
    return sorted(path for path in PACKAGE.rglob("*.py") if path.name != "__init__.py" or path.parent != PACKAGE)


def imported_names(path):
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def room(parts):
    return parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_go_down_only(path):
    own = room(path.relative_to(PACKAGE).parts)
    assert own in FLOORS, f"{own} has no floor: draw it in FLOORS"
    for name in imported_names(path):
        if name.startswith("rag_commons."):
            other = name.split(".")[1]
            if other.startswith("__version"):
                continue
            assert other == own or FLOORS[other] <= FLOORS[own], f"{path.name} (floor {FLOORS[own]}) imports {name} (floor {FLOORS[other]})"


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_one_heavy_library_one_room(path):
    where = str(path.relative_to(PACKAGE))
    for name in imported_names(path):
        for library, rooms in ROOMS.items():
            if name.split(".")[0] == library:
                assert any(where.startswith(allowed) for allowed in rooms), f"{where} imports {library}, whose room is {sorted(rooms)}"


def test_package_root_imports_nothing():
    tree = ast.parse((PACKAGE / "__init__.py").read_text("utf-8"))
    assert not any(isinstance(node, ast.Import | ast.ImportFrom) for node in ast.walk(tree))


@pytest.mark.parametrize("argv", [["--help"], ["search", "--help"], ["ask", "--help"], ["sources"]])
def test_light_commands_import_no_heavy_library(argv):
    code = (
        "import sys\nfrom rag_commons.cli import main\n"
        f"try: main({argv!r})\nexcept SystemExit: pass\n"
        "heavy = {'torch', 'llama_index', 'gradio', 'sentence_transformers'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
