"""Whole runs: what a command printed is printed again as long as nothing that it depends on has changed.

A run depends on its arguments and environment, the directories above (for configuration), the code of repro-lint and
of the rule packs, and the content of the tree. All of that is compared itself, not a digest of it.
"""

from __future__ import annotations

import os
import sys
import zlib
from collections.abc import Iterable, Sequence

from repro_lint.cache.store import is_switched_off, read_entry, write_entry
from repro_lint.cache.tree_state import Code, State, code_state, file_state, tree_state
from repro_lint.git_variables import POINTERS

# Options by which a run does something else than print what it finds in the tree, or depends on more than the tree.
_OTHER_OPTIONS = ("--output", "--new-from", "--count-touched", "--show-files", "--show-settings", "--no-cache")
_NAMES = frozenset({"HOME", "PATH", "NO_COLOR", "FORCE_COLOR", "TERM", "COLUMNS", "LANG", "VIRTUAL_ENV"})
_PREFIXES = ("GIT_", "LC_", "PRE_COMMIT", "PYTHON", "REPRO_LINT_", "RUFF_", "XDG_")
# What is looked for in the directories above: settings of ours and of the bridged linters, and repositories.
_LOOKED_FOR = (
    "repro-lint.toml",
    ".repro-lint.toml",
    "pyproject.toml",
    "ruff.toml",
    ".ruff.toml",
    ".git",
    ".hg",
    ".svn",
)
# Where people keep the patterns of what git ignores besides the tree itself.
_IGNORED_BY = ("~/.gitconfig", "~/.config/git/config", "~/.config/git/ignore", "~/.gitignore", "~/.gitignore_global")


Said = tuple[int, str, str]
"""The code that a run ended with, and what it printed on standard output and standard error."""


def can_be_kept(arguments: Sequence[str]) -> bool:
    """Whether a run with these arguments may be answered from the cache, now or later."""
    if is_switched_off() or not POINTERS.isdisjoint(os.environ):  # a hook of git may show another index
        return False
    return not any(argument.partition("=")[0] in _OTHER_OPTIONS for argument in arguments)


def repeat(arguments: Sequence[str]) -> Said | None:
    """What the same command printed before, if it would print that again."""
    signature = _signature(arguments)
    entry = read_entry("runs", _key(signature))
    try:
        kept, (root, git), witnesses, folders, code, tree, said = entry
        if kept != signature or witnesses != _states(witnesses) or code != code_state(folders):
            return None
        exit_code, out, err = said
        return (exit_code, out, err) if tree == tree_state(root, git) else None
    except (TypeError, ValueError):
        return None


class Recording:
    """Watches over one run, so that it can be repeated.

    The state of everything is taken before the run, that of the ``tree`` by the caller: what changes during it makes
    the next run look again.
    """

    def __init__(
        self,
        arguments: Sequence[str],
        root: str,
        git: bool,
        tree: State | None,
        files: Iterable[str],
        code: Code,
    ) -> None:
        self._root = root, git
        self._signature = _signature(arguments)
        above = (os.path.join(folder, name) for folder in _upwards(root, os.getcwd()) for name in _LOOKED_FOR)
        ignoring = (os.path.join(root, ".git/info/exclude"), *map(os.path.expanduser, _IGNORED_BY))
        self._witnesses = _states(dict.fromkeys([*above, *ignoring, *files]))
        self._folders, self._code = code
        self._tree = tree

    def keep(self, said: Said) -> None:
        """Store what the run printed."""
        if self._tree is not None:
            entry = self._signature, self._root, self._witnesses, self._folders, self._code, self._tree, said
            write_entry("runs", _key(self._signature), entry)


def _signature(arguments: Sequence[str]) -> State:
    wanted = {k: v for k, v in os.environ.items() if k in _NAMES or k.startswith(_PREFIXES)}
    out = sys.stdout
    width = os.get_terminal_size(out.fileno()).columns if out.isatty() else 0
    here = os.getcwd()
    # The kinds of the paths decide which rules run, and a link may point elsewhere now.
    kinds = tuple((os.path.realpath(a), os.path.isdir(a)) for a in arguments if not a.startswith("-"))
    return (
        sys.version,
        sys.executable,
        here,
        tuple(arguments),
        kinds,
        tuple(sorted(wanted.items())),
        width,
        out.encoding,
    )


def _key(signature: State) -> str:
    return f"{zlib.crc32(repr(signature).encode('utf-8', 'backslashreplace')):08x}-{len(repr(signature))}"


def _states(paths: Iterable[str]) -> dict[str, State]:
    """The state of each file; of directories only that there is one, for their times change with what is in them."""
    found = {}
    for path in paths:
        state = file_state(path)
        found[path] = ("directory",) if state and os.path.isdir(path) else state
    return found


def _upwards(*folders: str) -> list[str]:
    found: dict[str, None] = {}
    for folder in folders:
        while folder not in found:
            found[folder] = None
            folder = os.path.dirname(folder)
    return list(found)
