"""The names in a document's commands that nothing in the repository answers to."""

from __future__ import annotations

import posixpath
import re
import sys
from collections.abc import Iterator, Sequence
from typing import Literal

from repro_lint.api import Command, Document, Environment, Heading, Project, Span, dataclass, lazy_pattern
from repro_lint_rules.running.names import Names
from repro_lint_rules.running.needs import Need, needs_of
from repro_lint_rules.running.task_names import missing_tasks
from repro_lint_rules.running.tree import Lookup, Tree
from repro_lint_rules.running.walkthrough import Step, is_placeholder, walk

How = Literal["missing", "case", "elsewhere", "task"]

# Words that tell of a file that the reader has to make, fetch or bring, or that is known not to be there.
_MAKES = lazy_pattern(
    r"\b(?:creat\w+|writ(?:e|es|ing|ten)|sav(?:e|es|ed|ing)|add(?:s|ed|ing)?|cop(?:y|ies|ied)|renam\w+|put|place|paste"
    r"|generat\w+|produc\w+|download\w*|extract\w*|unzip\w*|export\w*|convert\w*|compil\w+|called|named|new"
    r"|your(?: own)?|removed|deleted|deprecated|no longer|not included|missing|private|suppose|imagine|assum\w+|say you"
    r"|erstell\w+|cre[ae]\w*)\b|创建|新建|生成|下载|作成",
    re.I,
)
_TITLED = lazy_pattern(r"\s*(?:#|//|--|%)\s*([\w./-]+\.\w+)\s*$", re.M)
_FEW = 2
_FAR = 2  # directories below the document
_CONTINUED = 12  # lines that one command may span


@dataclass(frozen=True)
class Missing:
    """A name that a command needs and that is not there. ``found``: what is there instead, the likeliest first."""

    document: Document
    command: Command
    kind: str
    name: str
    how: How
    found: tuple[str, ...] = ()

    @property
    def span(self) -> Span:
        """Where the name stands in the document; the line of the command where it cannot be found as such."""
        lines = self.document.line_map
        for number in range(self.command.line, min(self.command.line + _CONTINUED, len(self.document.lines)) + 1):
            at = lines.line(number).replace("\\", "/").find(self.name)
            if at >= 0:
                return Span(number, at + 1, number, at + len(self.name) + 1)
        text = lines.line(self.command.line)
        start = len(text) - len(text.lstrip()) + 1
        return Span(self.command.line, start, self.command.line, max(len(text.rstrip()) + 1, start))


# What in a text can lead to a missing name, seen without reading it as a document, which takes much longer.
_PATH = lazy_pattern(
    r"(?<![\w./\\-])[\w./\\-]*\w\.(?:pyw?|sh|bash|zsh|bat|ps1|ipynb|[rR]|[rR]md|qmd|jl|pl|rb|do|nf|txt|in|ya?ml)\b"
)
_TASK = lazy_pattern(
    r"(?:^[\s$>%!\d.*()#-]*|[`;&\"“]\s*|\bsudo\s+)"
    r"(?:make|tox|nox|npm|pnpm|yarn|dvc|poe|pixi|pdm|hatch|poetry run|uv run|uvicorn|gunicorn|docker|docker-compose"
    r"|podman|py\.?test|snakemake|(?:conda|mamba|micromamba) env create|sbatch|qsub)\s"
    r"|\b(?:unittest|pytest)\s|\binstall\s+\.{1,2}/|\s(?:-e|--editable)\s+(?![\"']?\.?[\"'\[\s])",
    re.M,
)
_MODULE = lazy_pattern(r"\s-m\s+([A-Za-z_][\w.]*)")
_CD = lazy_pattern(r"\b(?:cd|pushd)\s+([^\s;&|`]+)")


def may_miss(document: Document, project: Project) -> bool:
    """Whether the text holds anything that could be reported: a name that is not there as seen from the document."""
    tree, text = project.fact(Tree), document.text.replace("\\", "/")
    bases, directory = [""], posixpath.dirname(document.path)
    while directory:
        bases.append(directory)
        directory = posixpath.dirname(directory)
    names = {match[0] for match in _PATH.finditer(text)}
    names |= {match[1].replace(".", "/") + ".py" for match in _MODULE.finditer(text) if _is_own(match[1], tree)}
    if _TASK.search(text) or any(_is_absent(name, bases, tree) for name in names):
        return True
    targets = {posixpath.normpath(match[1]) for match in _CD.finditer(text)}
    return any(
        _is_absent(target, bases, tree) and (posixpath.dirname(target) in tree.directories or tree.similar(target))
        for target in targets
    )


def _is_absent(name: str, bases: Sequence[str], tree: Tree) -> bool:
    return not is_placeholder(name) and tree.look_up(name, bases, nearest=False).outcome not in ("there", "unknown")


def _is_own(module: str, tree: Tree) -> bool:
    top = module.partition(".")[0]
    return top not in sys.stdlib_module_names and top in tree.all_names


def missing_in(document: Document, project: Project) -> Iterator[Missing]:
    """Every missing name in a document, at each command that has it, in order."""
    judge: _Judge | None = None
    for step in walk(document, project):
        command = step.command
        if step.foreign or not (command.certain or command.wrappers):
            continue
        judge = judge or _Judge(document, project)
        if command.language != "shell":
            needs = _called(command)
        else:
            needs = list(needs_of(command.argv))
            for task in missing_tasks(step, document, project):
                yield Missing(document, command, task.kind, task.name, "task", task.found)
        for need in needs:
            if (found := judge.missing(need, step)) is not None:
                yield found


def _called(command: Command) -> list[Need]:
    """The file that a call such as ``source("run.R")`` is given."""
    words = [word for word in command.argv[1:] if re.search(r"\.(?:[rR]|[rR]md|qmd|jl|do)\Z", word)]
    return [Need("script", word) for word in words[:1]]


class _Judge:
    def __init__(self, document: Document, project: Project) -> None:
        self.document = document
        self.project = project
        self.tree = project.fact(Tree)
        self.names = project.fact(Names)
        self.home = posixpath.dirname(document.path)

    def missing(self, need: Need, step: Step) -> Missing | None:
        name = need.name.strip("\"'").replace("\\", "/")
        first = name.removeprefix("./").partition("/")[0]
        if is_placeholder(name) or posixpath.basename(name.rstrip("/")) in step.made or first in step.made:
            return None
        if need.kind == "module":
            return self._module(name, step, need)
        if need.kind == "directory":
            return self._directory(name, step, need)
        lookup = self.tree.look_up(name, step.bases(self.document.path))
        if lookup.outcome in ("there", "unknown") or self._readers_own(name, step, lookup):
            return None
        if lookup.outcome == "case":
            return self._found(step, need, name, "case", lookup.found)
        if lookup.outcome == "elsewhere":
            if all(path.count("/") - self.document.path.count("/") > _FAR for path in lookup.found):
                return self._found(step, need, name, "missing", ())  # so deep down, it is something else of that name
            if step.directory is None or len(lookup.found) > _FEW or self._told(step.command, lookup.found):
                return None
            return self._found(step, need, name, "elsewhere", lookup.found)
        if not lookup.found and step.directory is None:
            return None
        return self._found(step, need, name, "missing", lookup.found)

    def _found(self, step: Step, need: Need, name: str, how: How, found: tuple[str, ...]) -> Missing:
        return Missing(self.document, step.command, need.kind, name, how, found)

    def _module(self, name: str, step: Step, need: Need) -> Missing | None:
        """A module of the project that no file is of; what does not begin like one of its packages is not judged."""
        parts = name.split(".")
        top = parts[0]
        if top in sys.stdlib_module_names or step.directory is None:
            return None
        roots = [posixpath.join(base, top) for base in step.bases(self.document.path)]
        if not any(self.tree.has(root + ".py") or self._is_package(root) for root in roots):
            return None
        suffixes = [".py", "/__main__.py", "/__init__.py", ".pyx", ".so", ".ipynb"]
        for end in range(len(parts), 0, -1):
            path = "/".join(parts[:end])
            known = any(file == path + s or file.endswith(f"/{path}{s}") for s in suffixes for file in self.tree.files)
            if known or path in self.tree.directories:
                # Dotted names of unittest end with a class and a method.
                if end == len(parts) or "unittest" in step.command.argv:
                    return None
                break
        lookup = self.tree.look_up("/".join(parts) + ".py", step.bases(self.document.path))
        if lookup.outcome in ("there", "unknown") or self._readers_own(name, step, lookup):
            return None
        found = tuple(path.removesuffix(".py").replace("/", ".") for path in lookup.found)
        return self._found(step, need, name, "missing", found)

    def _is_package(self, directory: str) -> bool:
        prefix = directory + "/"
        return directory in self.tree.directories and any(
            path.startswith(prefix) and path.endswith(".py") for path in self.tree.files
        )

    def _directory(self, name: str, step: Step, need: Need) -> Missing | None:
        """A directory counts as missing if the one that should hold it is there, or one with nearly its name."""
        path = posixpath.normpath(name)
        if step.directory is None or path.startswith("..") or self.names.is_own(path.partition("/")[0]):
            return None
        bases = step.bases(self.document.path)
        lookup = self.tree.look_up(path, bases)
        if lookup.outcome != "missing" or self._readers_own(name, step, Lookup("missing")):
            return None
        parent = posixpath.dirname(path)
        for base in bases:
            whole = posixpath.normpath(posixpath.join(base, path))
            if parent and posixpath.dirname(whole) in self.tree.directories:
                similar = self.tree.similar(whole)
                return self._found(step, need, name, "missing", (similar,) if similar else ())
            if similar := self.tree.similar(whole):
                return self._found(step, need, name, "missing", (similar,))
        return None

    def _readers_own(self, name: str, step: Step, lookup: Lookup) -> bool:
        """Whether the document has the reader make, fetch or bring the file."""
        base = posixpath.basename(name)
        mention = re.compile(rf"(?<![\w/.-]){re.escape(base)}(?![\w-])|/{re.escape(base)}(?![\w-])")
        for sentence in self.document.sentences:
            if base in sentence.text and mention.search(sentence.text) and _MAKES.search(sentence.text):
                return True
        for block in self.document.code:
            if block.kind != "inline" and base in block.text:
                titles = [posixpath.basename(title) for title in _TITLED.findall(block.text[:200])]
                if base in titles[:1] or (block.language in ("dockerfile", "yaml", "yml") and block.kind == "fence"):
                    return True
        if lookup.outcome == "missing" and not lookup.found and "/" not in name and self._is_library:
            return True  # how to use it on a program of one's own
        return self._is_of_others(step.command.section)

    @property
    def _is_library(self) -> bool:
        """Whether the project is a package that others install, so that its README may speak of their programs."""
        kinds = ("pyproject", "poetry", "setup.py", "setup.cfg")
        manifests = self.project.fact(Environment).manifests
        return any(m.library or (m.project and m.kind in kinds) for m in manifests if m.directory == "")

    def _is_of_others(self, section: Heading | None) -> bool:
        """Whether the section has the reader clone another repository, in words."""
        for sentence in self.document.sentences:
            if sentence.section is section and re.search(r"\bclon(?:e|ing)\b", sentence.text, re.I):
                links = [link for link in self.document.links if link.section is section]
                targets = [
                    link.target for link in links if re.match(r"https?://(?:www\.)?(?:github|gitlab)", link.target)
                ]
                if targets and not any(self.names.is_own(target) for target in targets):
                    return True
        return False

    def _told(self, command: Command, found: tuple[str, ...]) -> bool:
        """Whether the text around the command names the directory where the file really is."""
        directories = {part for path in found for part in posixpath.dirname(path).split("/") if part}
        if not directories:
            return False
        words = re.compile(r"(?<![\w.-])(?:" + "|".join(map(re.escape, sorted(directories))) + r")(?![\w-])", re.I)
        section = command.section
        texts = [s.text for s in self.document.sentences if s.section is section or s.line == command.line]
        texts += [block.text for block in self.document.code if block.section is section]
        texts += [link.target for link in self.document.links if link.section is section]
        texts += [section.text] if section else []
        if any(words.search(text) for text in texts):
            return True
        place = re.compile(
            r"\b(?:director(?:y|ies)|folders?|cd|inside|go to|switch|change|navigate|under|within)\b", re.I
        )
        return any(words.search(s.text) and place.search(s.text) for s in self.document.sentences)
