"""``repro-lint completion``: print a completion script."""

from __future__ import annotations

import argparse

from repro_lint.commands import COMMANDS, Parser, command_module

SHELLS = ("bash", "zsh", "tcsh")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("shell", choices=SHELLS, help="the shell to complete in")


def run(arguments: argparse.Namespace) -> int:
    """Print the script; ``eval "$(repro-lint completion bash)"`` puts it to use."""
    import shtab

    print(shtab.complete(full_parser(), shell=arguments.shell))
    return 0


def full_parser() -> argparse.ArgumentParser:
    """A parser of all commands, which only completion needs."""
    parser = Parser(prog="repro-lint")
    parser.add_argument("-V", "--version", action="store_true", help="print the version")
    commands = parser.add_subparsers(dest="command")
    for name, text in COMMANDS.items():
        command_module(name).add_arguments(commands.add_parser(name, help=text))
    return parser
