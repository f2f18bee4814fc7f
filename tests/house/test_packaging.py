"""The three folders at the root are installed as parts of hwcheck: everything in them, and nothing else."""

import ast
import importlib.metadata as metadata
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
ROOMS = ("checkers", "cli", "derivations")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
CORE = [Requirement(line) for line in PROJECT["project"]["dependencies"]]
DEV = [Requirement(line) for line in PROJECT["project"]["optional-dependencies"]["dev"]]


def shipped() -> set[str]:
    """What a wheel must hold, as names in it: the modules of the three rooms and their data."""
    paths = [path for room in ROOMS for path in (ROOT / room).rglob("*.py")]
    paths += [ROOT / room / "py.typed" for room in ROOMS]
    paths += (ROOT / "derivations" / "problems" / "sets").glob("*.md")
    return {f"hwcheck/{path.relative_to(ROOT).as_posix()}" for path in paths}


def test_every_package_is_listed() -> None:
    found = [path.parent.relative_to(ROOT).parts for room in ROOMS for path in (ROOT / room).rglob("__init__.py")]
    assert PROJECT["tool"]["setuptools"]["packages"] == sorted(".".join(("hwcheck", *parts)) for parts in found)


def test_every_folder_with_modules_is_a_package() -> None:
    folders = {path.parent for room in ROOMS for path in (ROOT / room).rglob("*.py")}
    assert [path for path in sorted(folders) if not (path / "__init__.py").exists()] == []


def test_hwcheck_itself_is_only_a_name() -> None:
    packages = PROJECT["tool"]["setuptools"]["packages"]
    assert PROJECT["tool"]["setuptools"]["package-dir"] == {p: p.removeprefix("hwcheck.").replace(".", "/") for p in packages}
    assert not (ROOT / "hwcheck").exists(), "one hwcheck/__init__.py would hide the rooms from each other"


# The wheel


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a clean copy without a network, and unpacked."""
    clean, built = tmp_path_factory.mktemp("clean"), tmp_path_factory.mktemp("built")
    for room in ROOMS:
        shutil.copytree(ROOT / room, clean / room, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, clean)
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(built), str(clean)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    (archive,) = built.glob("*.whl")
    unpacked = tmp_path_factory.mktemp("unpacked")
    with zipfile.ZipFile(archive) as names:
        names.extractall(unpacked)
    return unpacked


def test_the_wheel_holds_the_rooms_and_nothing_else(wheel: Path) -> None:
    held = {path.relative_to(wheel).as_posix() for path in wheel.rglob("*") if path.is_file()}
    assert {name for name in held if ".dist-info/" not in name} == shipped()
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in held)


def test_the_wheel_runs_by_itself(wheel: Path, tmp_path: Path) -> None:
    script = "import hwcheck.cli, runpy, sys; print(hwcheck.cli.__file__); sys.argv[1:] = ['--help']; "
    script += "runpy.run_module('hwcheck.cli', run_name='__main__')"
    environment = {**os.environ, "PYTHONPATH": str(wheel)}
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, env=environment, capture_output=True, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(str(wheel))
    assert "Usage: hwcheck" in done.stdout


# Dependencies


def closure(requirements: list[Requirement]) -> set[str]:
    """The names of everything that is installed because of these."""
    names: set[str] = set()
    waiting = list(requirements)
    while waiting:
        requirement = waiting.pop()
        if requirement.marker and not any(requirement.marker.evaluate({"extra": e}) for e in ("", *requirement.extras)):
            continue
        name = canonicalize_name(requirement.name)
        if name not in names:
            names.add(name)
            waiting += map(Requirement, metadata.requires(name) or [])
    return names


def test_constraints_pin_everything_and_hold_names_and_versions_only() -> None:
    lines = [line for line in (ROOT / "constraints.txt").read_text().splitlines() if not line.startswith("#")]
    assert [line for line in lines if not re.fullmatch(r"[a-z0-9-]+==[0-9][0-9a-z.]*", line)] == []
    pinned = [line.split("==")[0] for line in lines]
    assert pinned == sorted(set(pinned))
    assert closure(CORE + DEV) - set(pinned) == set()


def test_every_dependency_has_its_reason_written_down() -> None:
    text = (ROOT / "docs" / "decisions" / "001-dependencies.md").read_text()
    assert [r.name for r in CORE + DEV if f"| `{r.name}` |" not in text] == []


def test_rooms_import_only_what_is_declared() -> None:
    declared = {canonicalize_name(requirement.name) for requirement in CORE}
    provider = metadata.packages_distributions()
    missing = set()
    for path in (path for room in ROOMS for path in (ROOT / room).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            match node:
                case ast.Import(names=names):
                    tops = {alias.name.split(".")[0] for alias in names}
                case ast.ImportFrom(module=str(name), level=0):
                    tops = {name.split(".")[0]}
                case _:
                    continue
            for top in tops - sys.stdlib_module_names - {"hwcheck"}:
                if not declared.intersection(map(canonicalize_name, provider.get(top, []))):
                    missing.add(f"{path.relative_to(ROOT)}: {top}")
    assert missing == set()
