"""What the install commands of pip, uv and conda in a notebook ask for."""

from __future__ import annotations

import re

from repro_lint.api import dataclass, lazy_pattern
from repro_lint_rules.notebooks.shell_commands import ShellCommand

_PIP = lazy_pattern(r"(?:.*[/\\])?pip(?:\d(?:\.\d+)?)?(?:\.exe)?")
_PYTHON = lazy_pattern(
    r"(?:.*[/\\])?(?:python|py)(?:[\d.]*)(?:\.exe)?|\{?\$?\{?sys\.executable\}?|\$?\{?PYTHON\}?", re.I
)
_CONDA = frozenset({"conda", "mamba", "micromamba"})
_NAME = lazy_pattern(r"(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\])?\s*(?P<rest>.*)", re.S)
_EXACT = lazy_pattern(r"={2,3}\s*v?\d[\w.!+-]*\s*(?:;.*)?")
_EXACT_CONDA = lazy_pattern(r"={1,2}\s*\d+(?:\.\w+){2,}|==\s*\d[\w.]*|=[\w.!+-]+=\S+")
_SPECIFIER = lazy_pattern(r"\s*(?:[=<>!~;(@]|$)")
_EGG = lazy_pattern(r"[#&]egg=([A-Za-z0-9._-]+)")
_REVISION = lazy_pattern(
    r"@(?:[0-9a-f]{7,40}|v?\d+(?:\.\d+)+\S*?)(?:[#/]|$)|[/-](?:[0-9a-f]{40}|v?\d+(?:\.\d+)+)[\w.-]*\.(?:zip|tar\.gz|whl)"
)
_WHEEL = lazy_pattern(r"/([A-Za-z0-9_.]+?)-\d[^/]*\.(?:whl|tar\.gz|zip)")
_REPOSITORY = lazy_pattern(r"://[^/]+/[^/]+/([A-Za-z0-9_.-]+?)(?:\.git)?(?:[@#/?]|$)")
_NOT_IN_NAMES = lazy_pattern(r"[-_.]+")
_VALUED = frozenset(
    """
    -r --requirement -c --constraint -i --index-url --extra-index-url -f --find-links -t --target --root --prefix -e
    --editable --python-version --platform --abi --implementation --trusted-host --proxy --timeout --retries --log
    --no-binary --only-binary --progress-bar --upgrade-strategy --global-option --install-option -C --config-settings
    --config-setting --cache-dir --src --report --cert --client-cert --root-user-action --python --exists-action
    --use-feature --use-deprecated --default-timeout --index --index-strategy --resolution --prerelease --torch-backend
    """.split()
)
_VALUED_CONDA = frozenset(
    "-c --channel -n --name -p --prefix --file --repodata-fn --solver --experimental-solver".split()
)
_TOOLS = frozenset({"pip", "setuptools", "wheel", "uv", "conda", "mamba", "python"})


@dataclass(frozen=True)
class Package:
    """One package that a command installs; ``name`` is normalised (PEP 503), ``pinned``: to one release or commit."""

    name: str
    pinned: bool


@dataclass(frozen=True)
class Install:
    """An install command: ``tool`` as a reader knows it (``pip install``), and what it names itself.

    Requirement files, local directories, names from variables and the installers themselves are not among the packages.
    """

    tool: str
    packages: tuple[Package, ...]


def install_of(command: ShellCommand) -> Install | None:
    """What the command installs, or None for any other command."""
    words = command.words
    if len(words) > 3 and _PYTHON.fullmatch(words[0]) and words[1] == "-m":
        words = words[2:]
    if words[:2] == ("uv", "pip"):
        words = ("pip", *words[2:])
        tool = "uv pip install"
    else:
        tool = f"{words[0].rpartition('/')[2]} install"
    if words[0] in _CONDA and words[1:2] == ("install",):
        return Install(tool, _packages(words[2:], _VALUED_CONDA, conda=True))
    if _PIP.fullmatch(words[0]) and "install" in words[1:3]:
        rest = words[words.index("install") + 1 :]
        return Install(tool, _packages(rest, _VALUED, conda=False))
    return None


def canonical(name: str) -> str:
    """The normalised name of a distribution (PEP 503)."""
    return _NOT_IN_NAMES.sub("-", name).lower()


def _packages(words: tuple[str, ...], valued: frozenset[str], *, conda: bool) -> tuple[Package, ...]:
    found: dict[str, Package] = {}
    at = 0
    while at < len(words):
        word = words[at]
        at += 1
        if word.startswith("-"):
            if (word in ("-e", "--editable") and at < len(words) and "://" not in words[at]) or (
                word in valued and word not in ("-e", "--editable")
            ):
                at += 1
            continue
        if at < len(words) and words[at] == "@":  # name @ url
            word = f"{word} @ {words[at + 1]}" if at + 1 < len(words) else word
            at += 2
        package = _conda_package(word) if conda else _package(word)
        if package is not None and package.name not in _TOOLS:
            found.setdefault(package.name, package)
    return tuple(found.values())


def _package(word: str) -> Package | None:
    """The package that a word names, None for what is local or known only when the cell runs."""
    if "://" in word:
        url = word.partition("@")[2].strip() if _NAME.match(word) and " @ " in word else word
        return _from_url(word, url)
    name, pinned = _name_and_rest(word)
    if (
        name is None
        or "/" in word
        or "\\" in word
        or word.startswith(".")
        or name.endswith((".whl", ".zip", ".gz", ".txt"))
    ):
        return None
    return Package(canonical(name), bool(_EXACT.fullmatch(pinned)))


def _from_url(word: str, url: str) -> Package | None:
    if "{" in url or "$" in url:
        return None
    named = _NAME.match(word) if " @ " in word else None
    name = named or _EGG.search(url) or _WHEEL.search(url) or _REPOSITORY.search(url)
    path = url.partition("://")[2].partition("/")[2]
    return Package(canonical(name[1]), bool(_REVISION.search(f"/{path}"))) if name else None


def _conda_package(word: str) -> Package | None:
    name, rest = _name_and_rest(word.rpartition("::")[2])
    if name is None or "/" in word or name.endswith((".bz2", ".conda")):
        return None
    return Package(canonical(name), bool(_EXACT_CONDA.fullmatch(rest)))


def _name_and_rest(word: str) -> tuple[str | None, str]:
    """The name and the version specifier; a version that a variable gives counts as exact."""
    match = _NAME.fullmatch(word)
    if match is None or not _SPECIFIER.match(match["rest"]):
        return None, ""
    rest = match["rest"].strip()
    return match["name"], "==0.0.0" if re.match(r"={1,3}\s*[{$]", rest) else rest
