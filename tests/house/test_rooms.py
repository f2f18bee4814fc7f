"""What holds in every file: how rooms speak, how they import, and what must never be called on a person's text."""

import ast
import doctest
import importlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("checkers", "cli", "derivations")
SOURCES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
SKIPPED = {".cache", ".git", ".hypothesis", ".venv", "__pycache__", "build", "dist"}


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(("hwcheck", *parts)).removesuffix(".__init__")


def files() -> Iterator[Path]:
    """Every file of the project, without what tools leave behind."""
    for path in sorted(ROOT.rglob("*")):
        parts = path.relative_to(ROOT).parts
        if path.is_file() and not SKIPPED.intersection(parts) and not any(p.endswith(".egg-info") for p in parts):
            yield path


every_source = pytest.mark.parametrize("path", SOURCES, ids=named)


# How a room speaks


def typed_names(room: str) -> dict[str, str]:
    """The names that a room imports for the type checker, with the module of each."""
    tree = ast.parse((ROOT / room / "__init__.py").read_text())
    froms = [n for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and n.level]
    return {alias.name: str(n.module) for n in froms for alias in n.names}


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_offers_exactly_its_sorted_public_names(room: str) -> None:
    module = importlib.import_module(f"hwcheck.{room}")
    assert module.__file__ is not None, f"{room}/__init__.py is missing"
    assert module.__all__ == sorted(set(module.__all__)), "__all__ is sorted, capitals first"
    homes = getattr(module, "_HOMES", {})
    assert typed_names(room) == homes
    assert module.__all__ == sorted(homes)
    for name in module.__all__:
        value = getattr(module, name)
        assert value is getattr(importlib.import_module(f"hwcheck.{room}.{homes[name]}"), name)
        assert getattr(value, "__module__", f"hwcheck.{room}.{homes[name]}") == f"hwcheck.{room}.{homes[name]}"
    with pytest.raises(AttributeError, match="nothing"):
        module.nothing  # noqa: B018


@pytest.mark.parametrize("name", [module_name(p) for p in SOURCES])
def test_examples_in_docstrings(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0


# How rooms import


def ours(node: ast.AST) -> bool:
    """Whether a node imports one of our own modules."""
    match node:
        case ast.ImportFrom(module=name, level=level):
            return level > 0 or (name or "").split(".")[0] == "hwcheck"
        case ast.Import(names=names):
            return any(alias.name.split(".")[0] == "hwcheck" for alias in names)
        case ast.Call(func=ast.Name(id=called) | ast.Attribute(attr=called), args=[ast.Constant(value=str(name)), *_]):
            return called == "import_module" and name.startswith((".", "hwcheck"))
    return False


def late_imports(tree: ast.AST) -> list[int]:
    functions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
    bodies = [node for node in ast.walk(tree) if isinstance(node, functions)]
    return sorted({node.lineno for body in bodies for node in ast.walk(body) if ours(node)})  # type: ignore[attr-defined]


@every_source
def test_own_modules_are_imported_at_the_top(path: Path) -> None:
    assert late_imports(ast.parse(path.read_text())) == [], "a module that needs this is in the wrong room"


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("from .sizes import times", []),
        ("def f():\n    import sympy", []),
        ("def f():\n    from .sizes import times", [2]),
        ("def f():\n    def g():\n        import hwcheck.checkers", [3]),
        ("class C:\n    async def f(self):\n        from hwcheck import cli", [3]),
        ("def __getattr__(name):\n    return importlib.import_module('.sizes', __package__)", [2]),
    ],
)
def test_late_imports_are_seen(source: str, lines: list[int]) -> None:
    assert late_imports(ast.parse(source)) == lines


# What must never be called: each of these runs text as code, `S` and `sympify` too

BUILTINS = {"__import__", "compile", "eval", "exec"}
SYMPY = {"S", "lambdify", "parse_expr", "parse_latex", "sympify"}


def dangers(tree: ast.AST) -> list[str]:
    found = []
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id=name)) if name in BUILTINS | SYMPY:
                found.append(f"{node.lineno}: {name}")
            case ast.Call(func=ast.Attribute(attr=name)) if name in SYMPY:
                found.append(f"{node.lineno}: {name}")
            case ast.ImportFrom(names=names):
                found += [f"{node.lineno}: {a.name}" for a in names if a.name in SYMPY - {"S"}]
    return found


@every_source
def test_no_text_is_run_as_code(path: Path) -> None:
    assert dangers(ast.parse(path.read_text())) == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("re.compile(text); sp.S.Zero; sp.Integer(2); element.eval(point)", []),
        ("eval(text)", ["1: eval"]),
        ("sp.sympify(text)", ["1: sympify"]),
        ("sympy.S(text)", ["1: S"]),
        ("from sympy import lambdify as f", ["1: lambdify"]),
    ],
)
def test_dangers_are_seen(source: str, found: list[str]) -> None:
    assert dangers(ast.parse(source)) == found


# How files are

# Spelled in pieces, so that this file passes its own test.
_TOPS = "|".join(("home", "Users", "root", "work", "opt", "mnt", "srv"))
MACHINE_PATH = re.compile(rf"(?<![\w.~}})/-])(?:/(?:{_TOPS})/\w|[A-Z]:\\Users)")


def test_machine_paths_are_seen() -> None:
    for path in ("/home" + "/ada/x", '"/work' + '/main"', "C:" + "\\Users\\ada"):
        assert MACHINE_PATH.search(path)
    for text in ("docs/home/x", "a/work/b", "~/work/x", "{root}/work/x", r"A:\mathbb R^n", "class C:\n"):
        assert not MACHINE_PATH.search(text)


def test_no_file_names_a_path_of_a_machine() -> None:
    found = []
    for path in files():
        try:
            text = path.read_text()
        except UnicodeDecodeError:
            continue
        found += [f"{named(path)}: {match[0]}" for match in MACHINE_PATH.finditer(text)]
    assert found == []


def test_no_python_file_is_longer_than_700_lines() -> None:
    lengths = {named(p): len(p.read_text().splitlines()) for p in files() if p.suffix == ".py"}
    assert {name: n for name, n in lengths.items() if n > 700} == {}, "a file with two subjects wants to be two files"
