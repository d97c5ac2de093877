"""The sub-commands: each module has ``add_arguments(parser)`` and ``run(arguments) -> exit code``."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from types import ModuleType
from typing import NoReturn

from repro_lint.errors import UsageError, did_you_mean

COMMANDS = {
    "check": "check files, notebooks and the repository (the default)",
    "explain": "show a rule's page",
    "rules": "list the rules",
    "baseline": "write, prune or check the file of findings that do not count",
    "init": "write a configuration and a hook snippet for this repository",
    "new-rule": "start a rule: a folder with a failing case",
    "test": "run a rule pack's cases and contract",
    "schema": "print the JSON Schema of the output or of the configuration",
    "cache": "show or delete what is kept of earlier runs",
    "completion": "print a completion script for bash, zsh or tcsh",
}


class _Formatter(argparse.HelpFormatter):
    """As wide as the terminal. The base class asks ``shutil``, whose import takes longer than reading the arguments."""

    def __init__(self, prog: str) -> None:
        try:
            columns = int(os.environ["COLUMNS"])
        except (KeyError, ValueError):
            columns = 0
        if columns <= 0:
            try:
                columns = os.get_terminal_size(sys.__stdout__.fileno() if sys.__stdout__ else -1).columns
            except (ValueError, OSError):
                columns = 0
        super().__init__(prog, width=(columns or 80) - 2)


class Parser(argparse.ArgumentParser):
    """Refuses abbreviations, and suggests the option that was meant."""

    def __init__(self, **options: object) -> None:
        super().__init__(allow_abbrev=False, formatter_class=_Formatter, **options)  # type: ignore[arg-type]

    def error(self, message: str) -> NoReturn:
        """End the run with exit code 2 and one line that says why."""
        if message.startswith("unrecognized arguments: "):
            word = message.removeprefix("unrecognized arguments: ").split()[0].split("=")[0]
            message += did_you_mean(word, self._option_string_actions)
        raise UsageError(message)


def command_parser(name: str) -> Parser:
    """The parser of one sub-command; only its module is imported."""
    parser = Parser(prog=f"repro-lint {name}", description=COMMANDS[name][:1].upper() + COMMANDS[name][1:] + ".")
    command_module(name).add_arguments(parser)
    return parser


def command_module(name: str) -> ModuleType:
    """The module of a sub-command."""
    return importlib.import_module(f"{__name__}.{name.replace('-', '_')}")
