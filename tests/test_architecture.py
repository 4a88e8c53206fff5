"""The house rules that no linter knows: who may import whom, what stays light, what stays out of the files."""

import ast
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
OURS = ("assistant", "nlu", "catalog", "actions")
SKIPPED = {".venv", "node_modules", "__pycache__", "dist"}

EDGE = (
    "assistant.settings",
    "assistant.stores",
    "assistant.advisor.types",
    "catalog",
    "nlu.lexical",
)
"""What everything that people and other programs touch may import."""

# Module or package -> what of ours it may import besides itself. The longest name that fits decides.
MAY_IMPORT = {
    "nlu": (),
    "nlu.lexical": (),
    "catalog": ("nlu.lexical",),
    "assistant.advisor": ("catalog", "nlu.types", "nlu.lexical"),
    "assistant.stores": ("catalog.types", "assistant.settings"),
    "assistant.demo": (),
    "assistant.dialogue": (),
    "assistant.speech_models": ("assistant.settings",),
    "assistant.parent_death": (),
    "assistant.supervisor": ("assistant.settings", "assistant.parent_death"),
    "assistant.engine_env": ("assistant.settings", "assistant.parent_death"),
    "assistant.processes": (
        *("assistant.settings", "assistant.speech_models", "assistant.engine_env"),
        *("assistant.supervisor", "catalog.errors"),
    ),
    "assistant.gateway": EDGE,
    "assistant.console": EDGE,
    "assistant.speech": (*EDGE, "assistant.speech_models"),
    "assistant.cli": (
        *(*EDGE, "assistant.supervisor", "assistant.processes", "assistant.engine_env"),
        *("assistant.demo", "assistant.speech_models"),
    ),
    # Plays whole dialogues in-process, so it needs the advisor itself.
    "assistant.cli.simulate": (
        "assistant.advisor",
        "assistant.cli",
        "assistant.settings",
        "catalog",
    ),
    "actions": ("assistant.advisor", "assistant.stores", "assistant.settings", "catalog", "nlu"),
}
ALONE = ("assistant", "nlu.types", "catalog.types", "assistant.settings")
"""Modules that import nothing of ours; so does every errors.py."""

WEB_AND_STORAGE = {
    *("fastapi", "starlette", "uvicorn", "httpx", "websockets", "aiohttp", "requests", "sanic"),
    *("rasa", "rasa_sdk", "sqlalchemy", "alembic", "sqlite3", "pydantic", "pydantic_settings"),
}
HEAVY = {
    *(
        "faiss",
        "spacy",
        "vosk",
        "torch",
        "onnxruntime",
        "sentence_transformers",
        "transformers",
        "rasa",
    ),
    *("tensorflow", "onnx"),
}
HEAVY_AT_HOME = {"rasa": "assistant/dialogue/", "tensorflow": "assistant/dialogue/"}
"""Heavy library -> the folder whose modules are loaded by it, so may import it at the top."""

READS_ENVIRONMENT = (
    "assistant/settings.py",
    # These hand an environment to a child process.
    "assistant/supervisor",
    "assistant/processes",
    "assistant/engine",
    "assistant/cli",
    "catalog/search/encoder.py",
    # Runs inside the engine, in an environment of its own, and switches Rasa's own variables.
    "assistant/dialogue/",
)


def sources() -> Iterator[Path]:
    for room in OURS:
        for path in sorted((ROOT / room).rglob("*.py")):
            if not SKIPPED & set(path.parts):
                yield path


FILES = list(sources())


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def listed(faults: Iterable[str]) -> None:
    """Fail with every fault there is, not the first of them."""
    lines = sorted(set(faults))
    assert not lines, f"{len(lines)} faults:\n" + "\n".join(lines)


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def imported(path: Path, tree: ast.AST) -> Iterator[str]:
    """Dotted names that a file imports anywhere; ``from a import b`` gives ``a.b``."""
    package = (
        module_name(path) if path.name == "__init__.py" else module_name(path).rpartition(".")[0]
    )
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package.rsplit(".", node.level - 1)[0] if node.level > 1 else package
            start = ".".join(filter(None, (base if node.level else "", node.module)))
            yield from (f"{start}.{alias.name}" for alias in node.names)


def within(name: str, prefix: str) -> bool:
    return name == prefix or name.startswith(f"{prefix}.")


def room_of(module: str) -> str:
    rooms = [room for room in MAY_IMPORT if within(module, room)]
    assert rooms, f"{module} belongs to no room; say in MAY_IMPORT what it may import"
    return max(rooms, key=len)


def loaded_at_import(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Statements that run when the module is imported; those for type checkers do not."""
    for node in body:
        yield node
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            yield from loaded_at_import(node.orelse)
        elif isinstance(node, ast.If | ast.Try | ast.With | ast.ClassDef):
            yield from loaded_at_import(
                [*node.body, *getattr(node, "orelse", []), *getattr(node, "finalbody", [])]
            )
            for handler in getattr(node, "handlers", []):
                yield from loaded_at_import(handler.body)


def wrong_imports(path: Path) -> Iterator[str]:
    module = module_name(path)
    alone = module in ALONE or path.name == "errors.py"
    allowed = () if alone else (room_of(module), *MAY_IMPORT[room_of(module)])
    for name in imported(path, parse(path)):
        if name.split(".")[0] in OURS and not any(within(name, prefix) for prefix in allowed):
            yield (
                f"{module} imports {name}; it may import {', '.join(allowed) or 'nothing of ours'}"
            )


def test_imports_go_one_way():
    listed(fault for path in FILES for fault in wrong_imports(path))


def test_advisor_and_shared_types_know_no_web_storage_or_pydantic():
    listed(
        f"{named(path)} imports {library}; that belongs at the edges"
        for path in FILES
        if within(module_name(path), "assistant.advisor")
        or module_name(path) in {"nlu.types", "catalog.types"}
        for library in {name.split(".")[0] for name in imported(path, parse(path))}
        & WEB_AND_STORAGE
    )


def heavy_at_import(path: Path) -> Iterator[str]:
    for node in loaded_at_import(parse(path).body):
        if isinstance(node, ast.Import | ast.ImportFrom):
            for library in {name.split(".")[0] for name in imported(path, node)} & HEAVY:
                if not named(path).startswith(HEAVY_AT_HOME.get(library, "nowhere")):
                    yield (
                        f"{named(path)}:{node.lineno}: import {library} inside the function that loads it"
                    )


def test_heavy_libraries_are_imported_where_they_are_used():
    listed(fault for path in FILES for fault in heavy_at_import(path))


def test_importing_the_rooms_loads_nothing_heavy():
    code = (
        "import sys, pkgutil, importlib, actions, catalog, nlu\n"
        "for room in (catalog, nlu):\n"
        "    for module in pkgutil.walk_packages(room.__path__, room.__name__ + '.'):\n"
        "        if not module.name.endswith('__main__'):\n"
        "            importlib.import_module(module.name)\n"
        "print(','.join(sys.modules))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert not HEAVY & set(run.stdout.strip().split(","))


def test_only_settings_read_the_environment():
    faults = []
    for path in FILES:
        if named(path).startswith(READS_ENVIRONMENT):
            continue
        tree = parse(path)
        touched = {ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        touched |= set(imported(path, tree))
        faults += [
            f"{named(path)}: {name}; make it a field of assistant/settings.py and pass it on"
            for name in touched & {"os.environ", "os.environb", "os.getenv", "os.putenv"}
        ]
    listed(faults)


def test_library_code_neither_prints_nor_asserts():
    faults = []
    for path in FILES:
        for node in ast.walk(parse(path)):
            if isinstance(node, ast.Assert):
                faults.append(f"{named(path)}:{node.lineno}: raise an error of the package instead")
            elif isinstance(node, ast.Call) and ast.unparse(node.func) == "print":
                faults.append(f"{named(path)}:{node.lineno}: log it, or write it in assistant/cli")
    listed(faults)


# ---- the order inside the two largest packages ----


@dataclass(frozen=True)
class Floors:
    """The rooms of a package, each on the floor above everything it imports."""

    floors: list[list[str]]
    """Rooms by floor, the ground first; those of a circle are on none."""
    arrows: set[tuple[str, str]]
    """Importing room, imported room."""
    circles: set[str]
    """Rooms that import one another."""

    def __str__(self) -> str:
        rooms = sum(map(len, self.floors)) + len(self.circles)
        return (
            f"{rooms} rooms, {len(self.arrows)} arrows, {len(self.floors)} floors, "
            f"{len(self.circles)} rooms with an arrow upwards: "
            + " < ".join(" ".join(floor) for floor in self.floors)
        )


def floors_of(arrows: set[tuple[str, str]]) -> Floors:
    rooms = {room for arrow in arrows for room in arrow}
    floors: list[list[str]] = []
    placed: set[str] = set()
    while True:
        floor = sorted(
            room
            for room in rooms - placed
            if all(below in placed for above, below in arrows if above == room)
        )
        if not floor:
            return Floors(floors, arrows, rooms - placed)
        floors.append(floor)
        placed |= set(floor)


def arrows_within(package: str) -> set[tuple[str, str]]:
    modules = {module_name(path) for path in FILES}
    arrows = set()
    for path in FILES:
        module = module_name(path)
        if not module.startswith(f"{package}."):
            continue
        for name in imported(path, parse(path)):
            target = name if name in modules else name.rpartition(".")[0]
            if target in modules and target.startswith(f"{package}."):
                ends = [part.removeprefix(f"{package}.").split(".")[0] for part in (module, target)]
                arrows |= {(ends[0], ends[1])} if ends[0] != ends[1] else set()
    return arrows


CATALOG_ORDER = {
    ("feeds", "parsing"),
    ("inference", "feeds"),
    ("ingest", "inference"),
    ("search", "store"),
    ("ranking", "store"),
    ("storage", "search"),
    ("live", "storage"),
}
"""Above, below: the order that design speaks of; the other way round is an arrow upwards."""


@pytest.mark.parametrize(
    ("package", "rooms", "order"),
    [("catalog", 19, CATALOG_ORDER), ("assistant.gateway", 15, {("stream", "conversations")})],
)
def test_rooms_stand_on_floors(package, rooms, order, record_property):
    arrows = arrows_within(package)
    floors = floors_of(arrows)
    record_property("figure", f"{package}: {floors}")
    listed(f"{package}.{room} imports what imports it" for room in floors.circles)
    listed(f"{below} imports {above}" for above, below in order if (below, above) in arrows)
    assert sum(map(len, floors.floors)) <= rooms, (
        "a new room at the top; is there none it fits into?"
    )


def test_an_arrow_upwards_is_seen():
    floors = floors_of({("b", "a"), ("c", "b"), ("a", "c"), ("d", "e")})
    assert floors.circles == {"a", "b", "c"}
    assert floors.floors == [["e"], ["d"]]


FOR_EVERY_PACKAGE = {"__init__.py", "__main__.py", "errors.py", "types.py", "services.py"}
"""File names that mean the same in whatever package they stand."""


def test_no_class_name_stands_for_two_things():
    homes = defaultdict(list)
    for path in FILES:
        for node in parse(path).body:
            if isinstance(node, ast.ClassDef):
                homes[node.name].append(f"{named(path)}:{node.lineno}")
    listed(f"{name}: {', '.join(where)}" for name, where in homes.items() if len(where) > 1)


# ---- what is in the repository ----

LOCKS = {"uv.lock", "package-lock.json"}
MACHINE_PATH = re.compile(r"(?<![\w.~:/$}-])/(?:home|root|Users|work|mnt|private)/\w")
REGISTRY = re.compile(
    r"pypi\.|pythonhosted|registry\.npmjs|npmjs\.org/|\b(?:extra-)?index[-_]url\b|(?:PIP|UV)_(?:\w*INDEX|PROXY)",
    re.IGNORECASE,
)


def tracked_texts() -> Iterator[tuple[str, str]]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, timeout=60, check=False
    )
    if listed.returncode:
        pytest.skip("this is no git checkout, so nothing says which files belong to the repository")
    for name in filter(None, listed.stdout.decode().split("\0")):
        path = ROOT / name
        if path.name in LOCKS or path == Path(__file__).resolve() or not path.is_file():
            continue
        content = path.read_bytes()
        if b"\0" not in content:
            yield name, content.decode(errors="replace")


@pytest.mark.parametrize(
    "pattern", [MACHINE_PATH, REGISTRY], ids=["machine paths", "package registries"]
)
def test_files_name_no_machine(pattern):
    found = [
        f"{name}:{number}: {line.strip()[:120]}"
        for name, text in tracked_texts()
        for number, line in enumerate(text.splitlines(), start=1)
        if len(line) < 2000 and pattern.search(line)
    ]
    assert not found, "\n".join(found)


# ---- the tests' own tools ----


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("import a.b", ["a.b"]),
        ("from a import b, c", ["a.b", "a.c"]),
        ("from . import x", ["catalog.x"]),
        ("from ..nlu import y", ["nlu.y"]),
        ("def f():\n    import late", ["late"]),
    ],
)
def test_every_spelling_of_an_import_is_seen(code, names):
    path = (
        ROOT / "catalog" / "made_up.py"
        if ".." not in code
        else ROOT / "x" / "catalog" / "made_up.py"
    )
    found = list(imported(path, ast.parse(code)))
    assert [name.removeprefix("x.") for name in found] == names


def test_imports_for_type_checkers_do_not_count_as_loaded():
    tree = ast.parse(
        "if TYPE_CHECKING:\n    import spacy\nelse:\n    import re\ntry:\n    import faiss\nfinally:\n    pass"
    )
    loaded = {
        ast.unparse(node) for node in loaded_at_import(tree.body) if isinstance(node, ast.Import)
    }
    assert loaded == {"import re", "import faiss"}
