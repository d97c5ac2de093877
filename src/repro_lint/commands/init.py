"""``repro-lint init``: write a configuration and a hook snippet for this repository."""

from __future__ import annotations

import argparse
from pathlib import Path

import tomli

from repro_lint import __version__
from repro_lint.errors import UsageError
from repro_lint.files import git_toplevel

_SETTINGS = """level = "reproducible"   # the rung to reach: safe, runnable, reproducible, production
# exclude = ["archive/"]

# [[{table}per-file-ignores]]
# paths = ["legacy/"]
# rules = ["absolute-path"]
# reason = "kept as it was published"
"""
_HOOK = """repos:
  - repo: <the address you cloned repro-lint from>
    rev: v{version}
    hooks:
      - id: repro-lint          # the whole repository
      # - id: repro-lint-files  # only what changed, only rules about single files
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("path", nargs="?", type=Path, default=Path(), help="the repository (default: .)")
    parser.add_argument("--dry-run", action="store_true", help="print what would be written, and write nothing")


def run(arguments: argparse.Namespace) -> int:
    """Add ``[tool.repro-lint]`` to pyproject.toml, or write repro-lint.toml; print the hook. Nothing is overwritten."""
    if not arguments.path.is_dir():
        raise UsageError(f"{arguments.path}: no such directory")
    root = git_toplevel(arguments.path.absolute()) or arguments.path.absolute()
    pyproject = root / "pyproject.toml"
    target, new = root / "repro-lint.toml", _SETTINGS.format(table="")
    for own in (target, root / ".repro-lint.toml"):
        if own.exists():
            raise UsageError(f"{own} exists already")
    if pyproject.is_file():
        target, new = pyproject, _with_table(pyproject)
    if arguments.dry_run:
        print(f"# {target}\n{new}")
    else:
        try:
            target.write_text(new, encoding="utf-8", newline="")
        except OSError as error:
            raise UsageError(f"{target} cannot be written: {error.strerror or error}") from error
        print(f"wrote {target}")
    print("\nadd to .pre-commit-config.yaml:\n\n" + _HOOK.format(version=__version__))
    return 0


def _with_table(pyproject: Path) -> str:
    """The content of the file with our table at its end, its line ends kept. Raises ``UsageError``."""
    try:
        text = pyproject.read_bytes().decode("utf-8")
        tool = tomli.loads(text).get("tool", {})
    except (OSError, ValueError, RecursionError) as error:  # TOMLDecodeError and UnicodeDecodeError are ValueErrors
        raise UsageError(f"{pyproject} cannot be read as TOML: {error}") from error
    if not isinstance(tool, dict) or "repro-lint" in tool:
        raise UsageError(f"{pyproject} has a [tool.repro-lint] table already, or no room for one")
    end = "\r\n" if "\r\n" in text else "\n"
    added = "\n\n[tool.repro-lint]\n" + _SETTINGS.format(table="tool.repro-lint.")
    return text.rstrip("\r\n") + added.replace("\n", end)
