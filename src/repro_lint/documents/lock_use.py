"""Whether commands install what a lock file records, or something else."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Literal

from repro_lint.documents.installs import Installation, read_installation
from repro_lint.documents.shell_script import ShellStatement, ShellWord
from repro_lint.lazy import dataclass, lazy_pattern
from repro_lint.manifests.environment import Environment, lock_tool
from repro_lint.manifests.model import Lock, canonical

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
    "renv": "Rscript -e 'renv::restore()'",
}
_LITTLER = frozenset({"install.r", "install2.r"})  # https://dirk.eddelbuettel.com/code/littler.html
_R = frozenset({"R", "Rscript", "r", *_LITTLER})
_R_INSTALL = lazy_pattern(r"\b(?:install\.packages|pak::pkg_install|pak::pak|BiocManager::install)\([^)]*\)?")
_R_NAME = lazy_pattern(r"[\"']([A-Za-z][\w.]*)[\"']")
_R_WORD = lazy_pattern(r"[A-Za-z][\w.]*")
_R_INSTALLERS = frozenset({"renv", "remotes", "devtools", "pak", "BiocManager", "littler", "docopt"})
_R_SCRIPT = lazy_pattern(r"renv::|source\(|.*\.[rR]\Z")
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
    if program == "pip-sync":
        return True
    if program in _R and any(_R_SCRIPT.search(word) for word in arguments):  # a script may well restore the lock
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
    if statement.program in _R:
        return _loose_r(statement, environment, directory)
    installation = read_installation(statement)
    if installation is None or installs_from_lock(installation, environment, find):
        return None
    if installation.tool in ("conda", "mamba", "micromamba"):
        return _loose_conda(installation, environment, find)
    if installation.tool in ("pip", "uv pip") and "--no-deps" not in installation.options:
        return _loose_python(installation, environment, directory, find)
    return None


def _loose_python(
    installation: Installation, environment: Environment, directory: str, find: Find
) -> LooseInstall | None:
    for word in installation.files:
        path = find(word.text)
        if path is not None and (lock := _lock_past(environment, path)):
            return LooseInstall("file", word, lock)
    lock = _lock_in(environment, directory, _PROJECT_LOCKS)
    if lock is None:
        return None
    for word in installation.local:
        if _HERE.match(word.text):
            return LooseInstall("project", word, lock)
    manifests = [manifest for manifest in environment.manifests if manifest.directory == directory]
    declared = {r.name for m in manifests for r in m.requirements if not (r.scope or r.conda)}
    for word in installation.packages:
        match = _NAME.match(word.text)
        if match and "==" not in match["rest"] and canonical(match["name"]) in declared:
            return LooseInstall("package", word, lock)
    return None


def _loose_r(statement: ShellStatement, environment: Environment, directory: str) -> LooseInstall | None:
    """Packages that R is told to install, but for renv itself and what installs from sources."""
    lock = _lock_in(environment, directory, frozenset({"renv"}))
    if lock is None:
        return None
    for word in statement.words[1:]:
        named = (
            [word.text]
            if statement.program in _LITTLER and _R_WORD.fullmatch(word.text)
            else [name for call in _R_INSTALL.finditer(word.text) for name in _R_NAME.findall(call[0])]
        )
        for name in named:
            if name not in _R_INSTALLERS:
                return LooseInstall("package", replace(word, text=name), lock)
    return None


def _lock_past(environment: Environment, path: str) -> Lock | None:
    """The lock that installing from an unlocked manifest passes by."""
    directory = posixpath.dirname(path)
    if path.endswith(".in"):
        compiled = path.removesuffix(".in") + ".txt"
        found = next((lock for lock in environment.locks if lock.path == compiled), None)
        if found is not None:
            return found
    manifest = next((m for m in environment.manifests if m.path == path), None)
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
