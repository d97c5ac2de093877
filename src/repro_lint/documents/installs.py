"""What commands install: the packages, files and directories that pip, uv, conda, apt and their like are given."""

from __future__ import annotations

from collections.abc import Sequence

from repro_lint.documents.shell import is_python
from repro_lint.documents.shell_script import ShellStatement, ShellWord
from repro_lint.lazy import dataclass, lazy_pattern

_PIP = lazy_pattern(r"pip(?:\d(?:\.\d+)?)?(?:\.exe)?\Z")
_PATH = lazy_pattern(r"\.{1,2}(?:[/\\[]|\Z)|[/~]|file:|[A-Za-z]:[\\/]")
_LOCAL_FILE = lazy_pattern(r"(?!\w+://)\S+\.(?:whl|tar\.gz|zip|tar\.bz2|conda|deb|rpm|apk)(?:\[[^\]]*\])?\Z")

# Options that take a value, by tool. What is missing here would be taken for a package.
_PIP_VALUES = frozenset(
    """
    -i --index-url --extra-index-url --index --default-index -f --find-links -t --target --root --prefix --src -b
    --python-version --platform --abi --implementation --trusted-host --proxy --timeout --default-timeout --retries
    --log --no-binary --only-binary --progress-bar --upgrade-strategy --global-option --install-option -C
    --config-settings --config-setting --cache-dir --report --cert --client-cert --root-user-action --exists-action
    --use-feature --use-deprecated --index-strategy --resolution --prerelease --torch-backend --python -p
    --exclude-newer --link-mode --keyring-provider --extra --group --refresh-package --reinstall-package --override
    --build-constraint --python-platform --compile-bytecode-jobs -P --upgrade-package --directory --project
    """.split()
)
_CONDA_VALUES = frozenset(
    "-c --channel -n --name -p --prefix --repodata-fn --solver --experimental-solver --platform --subdir -r "
    "--root-prefix --override-channels-list --download-threads --pinned --revision".split()
)
_SYSTEM_VALUES: dict[str, frozenset[str]] = {
    "apt": frozenset(
        "-t --target-release --default-release -o --option -c --config-file -a --host-architecture".split()
    ),
    "apk": frozenset(
        "-t --virtual -X --repository -p --root --repositories-file --keys-dir --cache-dir --arch".split()
    ),
    "dnf": frozenset(
        "-c --config -x --exclude --enablerepo --disablerepo --repo --setopt --releasever --installroot".split()
    ),
    "zypper": frozenset("-r --repo --from -t --type -R --root -D --reposd-dir --plus-repo".split()),
}
_SYSTEM_TOOLS = {
    **dict.fromkeys(["apt", "apt-get", "aptitude", "apt-fast"], "apt"),
    "apk": "apk",
    **dict.fromkeys(["yum", "dnf", "microdnf", "tdnf"], "dnf"),
    "zypper": "zypper",
}
_SYSTEM_ACTIONS = {
    "apt": frozenset({"install"}),
    "apk": frozenset({"add"}),
    "dnf": frozenset({"install", "localinstall", "groupinstall"}),
    "zypper": frozenset({"install", "in"}),
}
_CONDA = frozenset({"conda", "mamba", "micromamba"})
_FILES = frozenset({"-r", "--requirement", "--requirements", "--file", "-f"})
_CONSTRAINTS = frozenset({"-c", "--constraint", "--constraints"})
_EDITABLE = frozenset({"-e", "--editable"})


@dataclass(frozen=True)
class Installation:
    """What one command installs. ``tool`` is the program, with the part that matters: ``pip``, ``uv pip``, ``apt``.

    ``packages`` are the words that name packages or addresses, ``files`` those of requirement and environment files,
    ``constraints`` those of ``-c``, ``local`` directories and archives. ``name @ url`` is one word.
    """

    tool: str
    action: str
    packages: tuple[ShellWord, ...] = ()
    files: tuple[ShellWord, ...] = ()
    constraints: tuple[ShellWord, ...] = ()
    local: tuple[ShellWord, ...] = ()
    options: frozenset[str] = frozenset()


def read_installation(statement: ShellStatement) -> Installation | None:
    """What the command installs with pip, uv, conda or a package manager of the system; None for any other command."""
    words = list(statement.words)
    if is_python(words[0].text) and len(words) > 2:
        at = next((n for n, word in enumerate(words[1:3], 1) if word.text == "-m"), 0)
        words = words[at + 1 :] if at else words
    program = words[0].text.rpartition("/")[2]
    if program == "uv" and len(words) > 2 and words[1].text == "pip":
        return _pip(words[2:], "uv pip")
    if program == "uv" and len(words) > 2 and words[1].text == "tool":
        return _tool(words[2:], "uv tool")
    if program == "pipx":
        return _tool(words[1:], "pipx")
    if _PIP.match(program):
        return _pip(words[1:], "pip")
    if program in _CONDA:
        return _conda(program, words[1:])
    if program in _SYSTEM_TOOLS:
        return _system(_SYSTEM_TOOLS[program], words[1:])
    return None


def _pip(words: Sequence[ShellWord], tool: str) -> Installation | None:
    at = _action(words, frozenset({"install", "sync"}) if tool == "uv pip" else frozenset({"install"}), _PIP_VALUES)
    if at is None:
        return None
    rest = _joined(words[at + 1 :])
    if words[at].text == "sync":  # whose arguments are files
        return Installation(tool, "sync", files=tuple(word for word in rest if not word.text.startswith("-")))
    return _sorted(tool, "install", rest, _PIP_VALUES, has_constraints=True)


def _tool(words: Sequence[ShellWord], tool: str) -> Installation | None:
    at = _action(words, frozenset({"install"}), _PIP_VALUES)
    return None if at is None else _sorted(tool, "install", words[at + 1 :], _PIP_VALUES)


def _conda(tool: str, words: Sequence[ShellWord]) -> Installation | None:
    at = _action(words, frozenset({"install", "create", "env"}), _CONDA_VALUES)
    if at is None:
        return None
    rest = words[at + 1 :]
    action = words[at].text
    if action == "env":
        if not rest or rest[0].text not in ("create", "update"):
            return None
        action, rest = f"env {rest[0].text}", rest[1:]
    return _sorted(tool, action, rest, _CONDA_VALUES)


def _system(tool: str, words: Sequence[ShellWord]) -> Installation | None:
    values = _SYSTEM_VALUES[tool]
    at = _action(words, _SYSTEM_ACTIONS[tool], values)
    return None if at is None else _sorted(tool, words[at].text, words[at + 1 :], values, has_files=False)


def _action(words: Sequence[ShellWord], actions: frozenset[str], values: frozenset[str]) -> int | None:
    """Where the first word stands that is no option, if it is one of the actions."""
    at = 0
    while at < len(words) and words[at].text.startswith("-"):
        at += 2 if words[at].text in values else 1
    return at if at < len(words) and words[at].text in actions else None


def _joined(words: Sequence[ShellWord]) -> list[ShellWord]:
    """The words with ``name @ url`` as one."""
    found: list[ShellWord] = []
    at = 0
    while at < len(words):
        word = words[at]
        if at + 2 < len(words) and words[at + 1].text == "@":
            url = words[at + 2]
            word = ShellWord(f"{word.text} @ {url.text}", word.start, url.end, verbatim=False)
            at += 2
        found.append(word)
        at += 1
    return found


def _sorted(
    tool: str,
    action: str,
    words: Sequence[ShellWord],
    values: frozenset[str],
    *,
    has_constraints: bool = False,
    has_files: bool = True,
) -> Installation:
    lists: dict[str, list[ShellWord]] = {"packages": [], "files": [], "constraints": [], "local": []}
    options: set[str] = set()
    at = 0
    while at < len(words):
        word, at = words[at], at + 1
        name, equals, value = word.text.partition("=")
        if not word.text.startswith("-"):
            is_local = _PATH.match(word.text) or _LOCAL_FILE.match(word.text)
            lists["local" if is_local else "packages"].append(word)
            continue
        options.add(name)
        kind = _kind(name, has_constraints, has_files, tool)
        if kind is None:
            at += not equals and name in values
        elif equals:
            lists[kind].append(ShellWord(value, word.start, word.end, verbatim=False))
        elif len(name) > 2 and not name.startswith("--"):  # -rrequirements.txt
            lists[kind].append(ShellWord(word.text[2:], word.start, word.end, verbatim=False))
        elif at < len(words):
            target = words[at]
            is_address = kind == "local" and "://" in target.text
            lists["packages" if is_address else kind].append(target)
            at += 1
    kept = {kind: tuple(found) for kind, found in lists.items()}
    return Installation(tool, action, options=frozenset(options), **kept)


def _kind(name: str, has_constraints: bool, has_files: bool, tool: str) -> str | None:
    """Which list the value of an option belongs to, or None."""
    is_pip = tool in ("pip", "uv pip")
    short = name[:2] if not name.startswith("--") else name
    if has_files and short in _FILES and (short != "-r" or is_pip) and (short != "-f" or not is_pip):
        return "files"
    if has_constraints and short in _CONSTRAINTS:
        return "constraints"
    return "local" if is_pip and short in _EDITABLE else None
