"""Optional libraries: what a source needs beyond the package, imported when it is read, asked for by the command that installs it."""

from importlib import import_module
from types import ModuleType

from rag_commons.errors import InputError


def optional_library(module: str, extra: str, what: str) -> ModuleType:
    """Return a module of an optional library; raises InputError naming the pip command where it is not installed.

    `extra` is that of the project; `what` says which library it is, and under which licence where that matters.
    """
    try:
        return import_module(module)
    except ImportError as error:
        raise InputError(f"the optional library {what}", f"not installed ({error})", f'pip install "rag-commons[{extra}]"') from None
