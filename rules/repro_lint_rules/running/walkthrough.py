"""Following a document's commands: in which directory each of them runs, and what those before it have made."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence

from repro_lint.api import Command, Document, Heading, Project, dataclass, lazy_pattern
from repro_lint_rules.running.names import Names
from repro_lint_rules.running.needs import needs_of
from repro_lint_rules.running.tree import Tree

PLACEHOLDER = lazy_pattern(
    r"[<>{}\[\]$*?|…%`]|\.\.\.|(?:^|[/_.-])path[/_-]?to|/path/|(?:^|[/_-])(?:your[/_-]?|(?:my|some|any)[/_-])(?=\w)"
    r"|(?:^|/)my(?:script|module|package|program|file|project|app|notebook|code|model|config|data)"
    r"|x{3,}|(?:^|/)(?:foo|bar|baz|name|filename|file|script|scriptname|script_name|notebook|example|module|package|program"
    r"|input|output|username|user)(?:\.\w+)?(?:/|\Z)|(?:^|[/_])(?:FILE|NAME|PATH|DIR|ID)(?:[/_.]|\Z)",
    re.I,
)
_SHOUTED = lazy_pattern(r"(?:[A-Z][A-Z0-9]*_)*[A-Z][A-Z0-9]{2,}\Z")
_NEW_PROJECT = {
    "cookiecutter": "", "ccds": "", "copier": "copy", "kedro": "new", "django-admin": "startproject", "rails": "new",
    "nbdev_new": "", "npx": "", "hatch": "new", "pdm": "init", "uv": "init", "ssh": "", "vagrant": "ssh", "dvc": "get",
    "heroku": "", "kubectl": "", "scp": "", "rsync": "",
}  # fmt: skip
_INSIDE = frozenset({"exec", "run", "attach"})
_INTERACTIVE = lazy_pattern(r"-\w*[it]\w*\Z|--interactive\Z|--tty\Z")
_FETCHING = frozenset(
    {"wget", "curl", "gdown", "tar", "unzip", "7z", "gunzip", "kaggle", "aws", "gsutil", "cp", "mv", "ln"}
)


_LOWEST = 7  # below all headings, so that any of them leads back


@dataclass(frozen=True)
class Step:
    """A command in its place. ``directory`` is relative to the root, None where it is not known.

    ``foreign``: it works on another project's files. ``made``: names of files that earlier commands have to do
    with, other than by running them.
    """

    command: Command
    directory: str | None
    foreign: bool
    made: frozenset[str]

    def bases(self, document: str) -> tuple[str, ...]:
        """The directories that a name in the command may be meant from, the likeliest first."""
        found = [] if self.directory is None else [self.directory]
        own = posixpath.dirname(document)
        while own:
            found.append(own)
            own = posixpath.dirname(own)
        return tuple(dict.fromkeys([*found, ""]))


def walk(document: Document, project: Project) -> tuple[Step, ...]:
    """The commands of a document with what is known of where they run."""
    return tuple(_Walk(document, project).steps())


def is_placeholder(name: str) -> bool:
    """Whether the name stands for one that the reader is to put there, or for a path of the reader's system."""
    stem = posixpath.basename(name.rstrip("/")).partition(".")[0]
    return (
        not name
        or bool(PLACEHOLDER.search(name))
        or bool(_SHOUTED.match(stem) and stem != "README")
        or name.startswith(("/", "~", "http:", "https:", "git+", "-", "@"))
        or bool(re.match(r"[A-Za-z]:", name))
    )


class _Walk:
    def __init__(self, document: Document, project: Project) -> None:
        self.document = document
        self.tree = project.fact(Tree)
        self.names = project.fact(Names)
        self.home = posixpath.dirname(document.path)
        self.directory: str | None = self.home
        self.left_at: int | None = None
        """The level of the heading under which another project's tree was entered, None in this one."""
        self.made: set[str] = set()
        self.own_clones: set[str] = set()
        self.other_clones: set[str] = set()
        self.section: Heading | None = None

    def steps(self) -> Iterator[Step]:
        commands = [command for command in self.document.commands if command.argv]
        saved: tuple[str | None, int | None] | None = None
        line = 0
        for number, command in enumerate(commands):
            if saved is not None and command.line != line:  # what a sentence says in passing does not last
                self.directory, self.left_at = saved
                saved = None
            if command.section is not self.section:
                self._enter(command.section)
            if command.source in ("inline", "prose") and saved is None:
                saved, line = (self.directory, self.left_at), command.line
            if command.kind == "clone":
                self._clone(command, commands[number + 1 :])
                saved = None
                continue
            yield Step(command, self.directory, self.left_at is not None, frozenset(self.made))
            self._after(command)

    def _enter(self, section: Heading | None) -> None:
        """A heading as high as the one a foreign tree was entered under leads back."""
        if self.left_at is not None and section is not None and section.level <= self.left_at:
            self.left_at = None
            self.directory = self.home
        if self.directory is None:
            self.directory = self.home
        self.section = section

    def _leave(self) -> None:
        self.left_at = self.section.level if self.section else _LOWEST

    def _clone(self, command: Command, later: Sequence[Command]) -> None:
        words = [word for word in command.argv[1:] if not word.startswith("-") and word not in ("clone", "repo")]
        urls = [word for word in words if re.search(r"[:/]", word) or word.endswith(".git")] or words
        if not urls:
            return
        url = urls[0].rstrip("/")
        name = re.split(r"[/:]", url)[-1].removesuffix(".git")
        target = words[-1] if words[-1] != urls[0] else name
        if self._is_own(url, name, later):
            self.own_clones |= {name.lower(), posixpath.basename(target).lower()}
            self.left_at = None
            self.directory = ""
        else:
            self.other_clones.add(target.strip("/"))
            self._leave()

    def _is_own(self, url: str, name: str, later: Sequence[Command]) -> bool:
        """Whether a clone is one of this repository: by its name, or because what is run next is here."""
        if is_placeholder(name):
            return True
        if name.lower() in self.own_clones or self.names.is_own(name):
            return True
        if self.own_clones or self.home:
            return False
        judged = here = 0
        for command in later:
            if command.kind == "clone":
                break
            for need in needs_of(command.argv):
                if need.kind == "directory" or is_placeholder(need.name):
                    continue
                path = posixpath.normpath(need.name.replace(".", "/") if need.kind == "module" else need.name)
                judged += 1
                here += self.tree.has(path) or self.tree.has(path + ".py")
                if not here:
                    return False  # a later command may well be one of this repository again
        return here > 0 and 2 * here >= judged

    def _after(self, command: Command) -> None:
        argv = command.argv
        words = [word for word in argv[1:] if not word.startswith("-")]
        if command.kind == "cd":
            self._change(argv[1] if len(argv) > 1 else "")
            return
        if argv[0] == "popd":
            self.directory = self.home
        needed = {need.name for need in needs_of(argv)}
        for word in (*argv[1:], *command.outputs):
            value = word.partition("=")[2] if word.startswith("-") else word
            if value and (value not in needed or argv[0] in _FETCHING):
                self.made.add(posixpath.basename(value.rstrip("/")))
        if "nbconvert" in argv or "jupytext" in argv:
            self.made |= {posixpath.splitext(posixpath.basename(word))[0] + ".py" for word in words}
        sub = _NEW_PROJECT.get(argv[0])
        branch = argv[0] == "git" and words[:1] in (["checkout"], ["switch"]) and words[-1] not in ("main", "master")
        if (sub is not None and (not sub or sub in words[:1])) or branch:
            self._leave()
        inside = argv[0] in ("docker", "podman", "singularity", "apptainer", "nvidia-docker", "docker-compose")
        if inside and _INSIDE & set(words[:2]) and any(_INTERACTIVE.match(word) for word in argv):
            self.directory = None

    def _change(self, target: str) -> None:
        target = target.strip("\"'").rstrip("/") or "~"
        first = target.removeprefix("./").partition("/")[0]
        if first.lower() in self.own_clones or (self.names.is_own(first) and first not in self.tree.directories):
            rest = target.removeprefix("./").partition("/")[2]
            self.left_at = None
            self.directory = rest if rest in self.tree.directories else None
        elif self.left_at is not None:
            if target in ("..", "../.."):
                self.left_at, self.directory = None, self.home
        elif target in self.other_clones or first in self.other_clones:
            self._leave()
        elif is_placeholder(target) or target == "-":
            self.directory = None
        else:
            bases = [base for base in (self.directory, self.home, "") if base is not None]
            paths = [posixpath.normpath(posixpath.join(base, target)) for base in bases]
            there = [path for path in paths if path == "." or path in self.tree.directories]
            if there:
                self.directory = "" if there[0] == "." else there[0]
            elif paths and re.match(r"\.\.(?:/\.\.)*\Z", paths[0]):
                self.directory = ""
            else:
                self.directory = None
