"""Start the engine without the libraries that nothing in this project uses.

On every start Rasa imports TensorFlow, because the list of its components names some that learn
with it, and the client libraries of a dozen chat services and databases. A model of rules alone,
talked to by one channel of our own, calls none of them, yet waits 10 seconds and 400 MB for them.
Here those imports are answered by placeholders: classes that can be named, inherited from and used
in annotations, and that say what is wrong when somebody does use them.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import re
import sys
from pathlib import Path
from types import ModuleType
from typing import Any, Iterable

LEARNING = (
    "tensorflow",
    "tensorflow_addons",
    "keras",
    "jax",
    "jaxlib",
    "sklearn",
    "sklearn_crfsuite",
    "skops",
)
SERVICES = (
    "boto3",
    "botocore",
    "pymongo",
    "redis",
    "matplotlib",
    "aiogram",
    "fbmessenger",
    "google",
    "googleapiclient",
    "oauth2client",
    "mattermostwrapper",
    "rocketchat_API",
    "slack_sdk",
    "twilio",
    "webexteamssdk",
    "socketio",
    "engineio",
    "questionary",
    "prompt_toolkit",
    "sentry_sdk",
)
WITHOUT_LEARNING = {"RulePolicy", "MemoizationPolicy", "AugmentedMemoizationPolicy"}
"""Policies that look things up; with any other component in config.yml the real libraries are used."""
ERROR_NAME = re.compile(r"(Error|Failure|Exception|Warning)$")


def learns(config: Path) -> bool:
    """Tell whether a config.yml names a component that may learn."""
    named = re.findall(r"^\s*-\s*name:\s*[\"']?([\w.]+)", config.read_text("utf-8"), re.MULTILINE)
    return not set(named) <= WITHOUT_LEARNING


class _Placeholder(type):
    """The class of every placeholder: any attribute of one is another."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _placeholder(f"{cls.__qualname__}.{name}")

    def __getitem__(cls, _: Any) -> Any:
        return cls

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        if "_is_placeholder" in cls.__dict__:
            # A decorator such as tf.function leaves what it decorates alone; everything else made here is never used.
            return args[0] if len(args) == 1 and callable(args[0]) and not kwargs else cls
        raise RuntimeError(
            f"{cls.__name__} needs a library that is left out because config.yml names only rules;"
            " set ASSISTANT_ENGINE_FULL=1 to load it"
        )


def _placeholder(name: str) -> Any:
    # What stands in an `except` clause has to be an exception.
    bases = (Exception,) if ERROR_NAME.search(name) else ()
    return _Placeholder(
        name.rsplit(".", 1)[-1], bases, {"_is_placeholder": True, "__qualname__": name}
    )


class _Module(ModuleType):
    """A module whose every name is a placeholder."""

    __path__ = ()
    __version__ = "2.12.0"

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        value = _placeholder(f"{self.__name__}.{name}")
        setattr(self, name, value)
        return value


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def __init__(self, names: Iterable[str]) -> None:
        self._names = frozenset(names)

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> Any:
        if fullname.split(".", 1)[0] not in self._names:
            return None
        return importlib.machinery.ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec: Any) -> ModuleType:
        return _Module(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        pass


def leave_out(config: Path) -> None:
    """Answer imports of what this project does not use with placeholders from now on."""
    sys.meta_path.insert(0, _Finder(SERVICES if learns(config) else SERVICES + LEARNING))
