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
    pyproject, own = root / "pyproject.toml", root / "repro-lint.toml"
    if own.exists():
        raise UsageError(f"{own} exists already")
    if pyproject.is_file():
        text = pyproject.read_text(encoding="utf-8")
        try:
            tool = tomli.loads(text).get("tool", {})
        except tomli.TOMLDecodeError as error:
            raise UsageError(f"{pyproject} is not valid TOML: {error}") from error
        if "repro-lint" in tool:
            raise UsageError(f"{pyproject} has a [tool.repro-lint] table already")
        target = pyproject
        new = text.rstrip("\n") + "\n\n[tool.repro-lint]\n" + _SETTINGS.format(table="tool.repro-lint.")
    else:
        target, new = own, _SETTINGS.format(table="")
    if arguments.dry_run:
        print(f"# {target}\n{new}")
    else:
        target.write_text(new, encoding="utf-8")
        print(f"wrote {target}")
    print("\nadd to .pre-commit-config.yaml:\n\n" + _HOOK.format(version=__version__))
    return 0
