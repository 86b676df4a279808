"""What a module says where its engine is not installed."""

from __future__ import annotations

import importlib
from types import ModuleType


def need(module: str, extra: str) -> ModuleType:
    """The module, or an error that says how to install it."""
    try:
        return importlib.import_module(module)
    except ImportError as error:
        text = f'newsprint.integrations.{extra} needs {module} ({error}); install it: pip install "newsprint[{extra}]"'
        raise ImportError(text, name=module) from error
