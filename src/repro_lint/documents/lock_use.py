"""Whether commands install what a lock file records, or something else."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from repro_lint.documents.installs import Installation, read_installation
from repro_lint.documents.shell_script import ShellStatement, ShellWord
from repro_lint.lazy import lazy_pattern
from repro_lint.manifests.environment import Environment, lock_tool
from repro_lint.manifests.model import Lock, Manifest, canonical

Find = Callable[[str], "str | None"]

# What these do follows the lock of their tool, or brings it up to date first: https://docs.astral.sh/uv/reference/cli/,
# https://python-poetry.org/docs/cli/, https://pdm-project.org/latest/reference/cli/, https://pipenv.pypa.io/,
# https://pixi.sh/latest/reference/cli/pixi/.
_FOLLOWING = {
    "uv": frozenset({"sync", "run", "export"}),
    "poetry": frozenset({"install", "sync", "export", "run"}),
    "pdm": frozenset({"install", "sync", "export", "run"}),
    "pipenv": frozenset({"sync", "install", "requirements", "run"}),
    "pixi": frozenset({"install", "run", "shell-hook", "shell"}),
    "conda-lock": frozenset({"install", "render"}),
}
_COMMANDS = {
    "uv": "uv sync --locked",
    "Poetry": "poetry install",
    "PDM": "pdm sync",
    "Pipenv": "pipenv sync",
    "pixi": "pixi install --locked",
    "conda-lock": "conda-lock install",
    "PEP 751": "uv pip sync pylock.toml",
}
_UNLOCKING = frozenset({"--upgrade", "-U", "--skip-lock", "--no-lock"})
_RUNNERS = {f"{tool} run" for tool in _FOLLOWING}
_PROJECT_LOCKS = frozenset({"uv", "Poetry", "PDM", "Pipenv", "PEP 751"})
_CONDA_LOCKS = frozenset({"conda-lock", "pixi"})
_HERE = lazy_pattern(r"(?:file:)?\.?/?(?:\[[^\]]*\])?\Z")
_NAME = lazy_pattern(r"(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\])?\s*(?P<rest>.*)")


@dataclass(frozen=True)
class LooseInstall:
    """An installation past a lock: what is named (the project itself, a file of it, a package), and the lock."""

    kind: Literal["project", "file", "package"]
    word: ShellWord
    lock: Lock

    @property
    def what(self) -> str:
        """What is installed, as the beginning of a sentence."""
        return "the project" if self.kind == "project" else f"`{self.word.text}`"

    @property
    def remedy(self) -> str:
        """The command that installs from the lock."""
        return _COMMANDS.get(self.lock.tool, f"pip install -r {self.lock.path.rpartition('/')[2]}")


def follows_lock(statement: ShellStatement) -> bool:
    """Whether the command installs with a tool that keeps to its lock, or runs something in such an environment."""
    if not _RUNNERS.isdisjoint(statement.wrappers):
        return True
    program, arguments = statement.program, statement.argv[1:]
    if program in ("pip-sync", "renv"):
        return True
    actions = _FOLLOWING.get(program)
    action = next((word for word in arguments if not word.startswith("-")), "")
    if actions is None or action not in actions or not _UNLOCKING.isdisjoint(arguments):
        return False
    return not (program == "pipenv" and action == "install" and _names_packages(arguments))


def _names_packages(arguments: Sequence[str]) -> bool:
    return any(not word.startswith("-") for word in arguments[1:])


def installs_from_lock(installation: Installation, environment: Environment, find: Find) -> bool:
    """Whether one of the files that the command is given is a lock, or as good as one."""
    pinned = {m.path for m in (*environment.manifests, *environment.constraints) if m.pinned}
    pinned |= {lock.path for lock in environment.locks}
    for word in (*installation.files, *installation.constraints):
        path = find(word.text)
        if lock_tool(word.text.rpartition("/")[2]) or path in pinned:
            return True
    return False


def loose_install(
    statement: ShellStatement, environment: Environment, directory: str, find: Find
) -> LooseInstall | None:
    """What the command installs of the project without its lock, or None.

    ``directory`` is that of the project which ``.`` means, and ``find`` gives the file of the repository that a path in
    the command means, or None. Tools and other packages that no manifest asks for are not the project's.
    """
    installation = read_installation(statement)
    if installation is None or installs_from_lock(installation, environment, find):
        return None
    if "--no-deps" in installation.options or installation.action == "sync":
        return None
    if installation.tool in ("conda", "mamba", "micromamba"):
        return _loose_conda(installation, environment, find)
    if installation.tool not in ("pip", "uv pip"):
        return None
    for word in installation.files:
        path = find(word.text)
        manifest = next((m for m in environment.manifests if m.path == path), None)
        if path is not None and (lock := _lock_past(environment, path, manifest)):
            return LooseInstall("file", word, lock)
    lock = _lock_in(environment, directory, _PROJECT_LOCKS)
    if lock is None:
        return None
    for word in installation.local:
        if _HERE.match(word.text):
            return LooseInstall("project", word, lock)
    declared = {
        r.name
        for m in environment.manifests
        if m.directory == directory
        for r in m.requirements
        if not r.scope and not r.conda
    }
    for word in installation.packages:
        match = _NAME.match(word.text)
        if match and "==" not in match["rest"] and canonical(match["name"]) in declared:
            return LooseInstall("package", word, lock)
    return None


def _lock_past(environment: Environment, path: str, manifest: Manifest | None) -> Lock | None:
    """The lock that installing from an unlocked manifest passes by."""
    directory = posixpath.dirname(path)
    if path.endswith(".in"):
        compiled = path.removesuffix(".in") + ".txt"
        found = next((lock for lock in environment.locks if lock.path == compiled), None)
        if found is not None:
            return found
    name = path.rpartition("/")[2]
    if name not in ("pyproject.toml", "requirements.txt", "setup.py", "setup.cfg") or manifest is None:
        return None
    return _lock_in(environment, directory, _PROJECT_LOCKS) if manifest.declares else None


def _loose_conda(installation: Installation, environment: Environment, find: Find) -> LooseInstall | None:
    for word in installation.files:
        path = find(word.text)
        if path is None or not path.endswith((".yml", ".yaml")):
            continue
        directory = posixpath.dirname(path)
        if lock := _lock_in(environment, directory, _CONDA_LOCKS):
            return LooseInstall("file", word, lock)
    return None


def _lock_in(environment: Environment, directory: str, tools: frozenset[str]) -> Lock | None:
    return next((lock for lock in environment.locks if lock.directory == directory and lock.tool in tools), None)
