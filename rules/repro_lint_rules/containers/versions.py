"""Which of the packages that a command names have no version."""

from __future__ import annotations

from collections.abc import Callable

from repro_lint.api import (
    BuildCommand,
    Dockerfile,
    Installation,
    Manifest,
    Requirement,
    ShellWord,
    canonical_name,
    expand_variables,
    is_open_text,
    lazy_pattern,
)

_PYTHON = lazy_pattern(r"(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\])?\s*(?P<rest>(?:[=<>!~;@(].*)?)")
_CONDA = lazy_pattern(r"(?:\S+::)?(?P<name>[A-Za-z0-9_][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\])?\s*(?P<rest>(?:[=<>!~].*)?)")
_NAMED = lazy_pattern(r"\A[A-Za-z0-9][\w.-]*\s*(?:\[[^\]]*\])?\s*@\s*")
_COMMIT_OR_VERSION = lazy_pattern(r"@(?:[0-9a-f]{7,40}|[\w./-]*\d[\w.-]*)(?:[#&?]|\Z)")
_ARCHIVE = lazy_pattern(r"[0-9a-f]{40}|\d+\.\d+")
_RPM_VERSION = lazy_pattern(r"-\d[\w.:~+^-]*\Z")
# What installs the others: as new as it may be, it hardly changes what is installed by it.
_INSTALLERS = frozenset({"pip", "pipx", "setuptools", "uv", "wheel"})
_CONDA_INSTALLERS = frozenset({"conda", "mamba", "pip", "setuptools", "wheel", "conda-libmamba-solver"})


def open_python_package(word: str) -> str | None:
    """The name of what pip is given without a version up to which it is admitted, or None."""
    if "://" in word or word.startswith("git+"):
        return _open_address(word)
    match = _PYTHON.fullmatch(word)
    if match is None or canonical_name(match["name"]) in _INSTALLERS:
        return None
    return match["name"] if _is_open(match["rest"].partition(";")[0]) else None


def open_conda_package(word: str) -> str | None:
    """The same for a package of conda."""
    match = _CONDA.fullmatch(word)
    if match is None or "://" in word or match["name"].lower() in _CONDA_INSTALLERS:
        return None
    return match["name"] if _is_open(match["rest"]) else None


def open_system_package(tool: str, word: str) -> str | None:
    """The same for a package of apt, apk, dnf or zypper."""
    if "=" in word or "~" in word or "<" in word or "://" in word or word.startswith("@") or word.endswith("-"):
        return None
    if tool == "dnf" and _RPM_VERSION.search(word):
        return None
    return word.partition("@")[0].partition("/")[0] if word[:1].isalnum() else None


def open_packages(
    dockerfile: Dockerfile, command: BuildCommand, installation: Installation, judge: Callable[[str], str | None]
) -> list[tuple[ShellWord, str]]:
    """The words that name a package without a version, with its name; what variables decide is left out."""
    variables = dockerfile.variables_at(command.instruction)
    found: dict[str, ShellWord] = {}
    for word in installation.packages:
        expanded = expand_variables(word.text, variables)
        for text in expanded.split() if "$(" not in expanded and "`" not in expanded else ():
            name = None if _is_unknown(text) else judge(text)
            if name is not None:
                found.setdefault(name, word)
    return [(word, name) for name, word in found.items()]


def open_requirements(manifest: Manifest) -> list[Requirement]:
    """The requirements of a file that have no version up to which they are admitted."""
    return [
        requirement
        for requirement in manifest.requirements
        if not (requirement.pinned or requirement.url)
        and requirement.name not in _INSTALLERS
        and _is_open(requirement.specifier)
    ]


def counted(names: list[str], noun: str) -> str:
    """How many there are, for a message."""
    return f"{len(names)} {noun}s" if len(names) > 1 else f"a {noun}"


def listed(names: list[str]) -> str:
    """The first names, for a message."""
    return ", ".join(f"`{name}`" for name in names[:4]) + (", …" if len(names) > 4 else "")


def _is_unknown(text: str) -> bool:
    return is_open_text(text) or text.startswith(("-", "<", "*"))


def _is_open(specifier: str) -> bool:
    """Whether every later release is admitted. The operators of pip and conda mean the same, as far as this goes."""
    parts = [part.strip(" ()") for part in specifier.replace("|", ",").split(",")]
    return all(part in ("", "*", "=*", "==*") or part.startswith((">", "!=")) for part in parts)


def _open_address(word: str) -> str | None:
    address = _NAMED.sub("", word)
    if address.endswith("@"):  # the revision is a variable, which is empty by default
        return None
    where = address.partition("://")[2].partition("/")[2]
    name = where.partition("#")[0].partition("@")[0].rstrip("/").rpartition("/")[2].removesuffix(".git")
    if address.startswith(("git+", "hg+", "svn+")):
        return None if _COMMIT_OR_VERSION.search("/" + where) else name or None
    is_branch = "/archive/" in where and not _ARCHIVE.search(where)
    return where.split("/")[1] if is_branch and where.count("/") > 1 else None
