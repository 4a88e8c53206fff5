"""Start the engine without the libraries that nothing in this project uses.

On every start Rasa imports TensorFlow, because the list of its components names some that learn
with it, and the client libraries of a dozen chat services and databases. A model of rules alone,
talked to by one channel of our own, calls none of them; they are not even installed (pyproject.toml).
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
from typing import Any

LEFT_OUT = frozenset(
    {
        *("tensorflow", "tensorflow_addons", "keras", "jax", "jaxlib", "sklearn"),
        *("sklearn_crfsuite", "skops", "scipy", "safetensors", "matplotlib", "pydot"),
        *("boto3", "botocore", "pymongo", "redis", "confluent_kafka", "psycopg2", "aio_pika"),
        *("aiormq", "aiogram", "fbmessenger", "google", "googleapiclient", "oauth2client"),
        *("mattermostwrapper", "rocketchat_API", "slack_sdk", "twilio", "webexteamssdk"),
        *("socketio", "engineio", "questionary", "prompt_toolkit", "sentry_sdk"),
        "structlog_sentry",
    }
)
"""Top-level modules of what pyproject.toml keeps out of the environment."""
LOOKS_UP = frozenset({"RulePolicy", "MemoizationPolicy", "AugmentedMemoizationPolicy"})
"""Components that need none of them: they look things up."""
ERROR_NAME = re.compile(r"(Error|Failure|Exception|Warning)$")


def learning_components(config: Path) -> list[str]:
    """The components that a config.yml names and that may learn, so cannot run here."""
    names = re.findall(r"^\s*-\s*name:\s*[\"']?([\w.]+)", config.read_text("utf-8"), re.MULTILINE)
    return sorted(set(names) - LOOKS_UP)


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
            f"{cls.__name__} belongs to a library that the engine's environment leaves out"
            " (assistant/dialogue/pyproject.toml); rules need none of them"
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
    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> Any:
        if fullname.split(".", 1)[0] not in LEFT_OUT:
            return None
        return importlib.machinery.ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec: Any) -> ModuleType:
        return _Module(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        pass


def leave_out() -> None:
    """Answer imports of what this project does not use with placeholders from now on."""
    sys.meta_path.insert(0, _Finder())
