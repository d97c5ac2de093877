"""The command ``repro-lint``: finds the sub-command, and turns errors into one line and exit code 2."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence

from repro_lint import __version__
from repro_lint.cache.runs import can_be_kept, repeat
from repro_lint.errors import UsageError

_DESCRIPTION = "Find what keeps a repository and its notebooks from running, and giving the same answer, elsewhere."


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit code: 0 nothing to report, 1 findings, 2 usage or internal error."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a path or a source line may hold what the terminal cannot show
            stream.reconfigure(errors="backslashreplace")
    # A run allocates much and throws away whole files at a time: the default looks for cycles far too often.
    gc.set_threshold(100_000, 20, 50)
    try:
        return _dispatch(arguments)
    except UsageError as error:
        print(f"repro-lint: error: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        _silence_stdout()
        return 0
    except KeyboardInterrupt:
        print("repro-lint: interrupted", file=sys.stderr)
        return 130


def _dispatch(arguments: list[str]) -> int:
    if arguments[:1] in (["-V"], ["--version"]):
        print(f"repro-lint {__version__}")
        return 0
    if can_be_kept(arguments) and (said := repeat(arguments)):
        code, out, err = said
        sys.stderr.write(err)
        sys.stdout.write(out)
        sys.stdout.flush()
        return code
    # No plugin of pydantic has to do with our models, and looking for some takes longer than defining them.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    # Only now: what has been said before needs nothing of this.
    from repro_lint.commands import COMMANDS, command_module, command_parser

    name = arguments[0] if arguments else "check"
    if name in ("-h", "--help"):
        print_help()
        return 0
    given = list(arguments)
    if name in COMMANDS:
        arguments = arguments[1:]
    else:
        name = "check"
    options = command_parser(name).parse_intermixed_args(arguments)  # options may stand between paths
    options.command_line = given
    result: int = command_module(name).run(options)
    return result


def print_help() -> None:
    """Print the overview, then the options of ``check``."""
    from repro_lint.commands import COMMANDS, command_parser

    commands = "\n".join(f"  {name:<12} {text}" for name, text in COMMANDS.items())
    print(f"usage: repro-lint [COMMAND] [OPTIONS] [PATHS]\n\n{_DESCRIPTION}\n\ncommands:\n{commands}\n")
    print("Without a command, repro-lint checks: `repro-lint .` is `repro-lint check .`\n")
    print(command_parser("check").format_help())


def _silence_stdout() -> None:
    """Let the interpreter flush into nothing at exit; the reader (``| head``) has gone."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
