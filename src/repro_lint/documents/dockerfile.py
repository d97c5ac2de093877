"""Dockerfiles: stages, what each is built from, and the commands that run while it is built."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from repro_lint.documents.dockerfile_instructions import KEYWORDS, Instruction, docker_words, read_instructions
from repro_lint.documents.shell_script import ShellStatement, ShellWord, moved, shell_statements
from repro_lint.finding import Place, Span
from repro_lint.lazy import dataclass, lazy_pattern
from repro_lint.sources.base import Subject
from repro_lint.sources.text import Decoded, LineMap, decode

if TYPE_CHECKING:
    from repro_lint.project import Project
    from repro_lint.source_file import SourceFile

_NAME = lazy_pattern(r"(?:.*[._-])?(?:dockerfile|containerfile)(?:[._-].*)?", re.I)
_PLAIN_NAMES = frozenset({"dockerfile", "containerfile"})
_OTHER_SUFFIXES = frozenset(
    "dockerignore containerignore md rst txt py ipynb sh bash yml yaml json toml lock html css js ts go java rb rs r c "
    "h patch diff bak orig old swp png svg pdf mk log csv".split()
)
_TEMPLATE_SUFFIXES = frozenset("j2 jinja jinja2 tmpl template tpl mustache erb in ejs hbs m4 cpp".split())
_TEMPLATE = lazy_pattern(r"\{\{|\{%|<%|^#(?:include|if|ifdef|define)\b|@[A-Z_]+@", re.M)
_EXPANSION = lazy_pattern(
    r"\\(?P<escaped>\$)|\$(?:(?P<name>[A-Za-z_]\w*)|\{(?P<braced>[A-Za-z_]\w*)(?:(?P<sign>:?[-+])(?P<word>[^{}]*))?\})"
)
_PORTABLE_SHELLS = frozenset("sh bash dash ash zsh ksh".split())
_FOREIGN = lazy_pattern(r"#!.*\b(?:python|perl|ruby|node|Rscript|php)")


@dataclass(frozen=True)
class Stage:
    """A stage of the build. ``image`` is the word behind ``FROM`` as written.

    ``base`` is the image it names with variables replaced, or None where one has no value in the file or the stage is
    built upon another, whose index is ``parent``. ``variable`` is the ARG whose default the base depends on, if any.
    """

    index: int
    instruction: Instruction
    image: ShellWord
    name: str | None
    base: str | None
    parent: int | None
    variable: str | None = None


@dataclass(frozen=True)
class BuildCommand:
    """A shell command of a ``RUN`` instruction; the places of its words are offsets in the file.

    ``directory`` is the one it runs in, as far as ``WORKDIR`` and ``cd`` tell; None where they do not.
    """

    statement: ShellStatement
    instruction: Instruction
    directory: str | None


class Dockerfile(Subject):
    """A Dockerfile or Containerfile. What a template would fill in stays as written; what depends on it is unknown."""

    title = "Dockerfile"

    def __init__(self, file: SourceFile, project: Project) -> None:
        super().__init__(file, project)
        self.problem = self._refusal()

    @classmethod
    def accepts(cls, path: str) -> bool:
        """Whether the name is that of a Dockerfile: ``Dockerfile.gpu``, ``train.Dockerfile`` and the like are."""
        name = path.rpartition("/")[2].lower()
        if "file" not in name or not _NAME.fullmatch(name):
            return False
        return name.rpartition(".")[2] not in _OTHER_SUFFIXES

    @cached_property
    def decoded(self) -> Decoded:
        """The decoded bytes."""
        return decode(self.file.data)

    @property
    def text(self) -> str:
        """The text without a byte order mark; line ends are as stored."""
        return self.decoded.text

    @cached_property
    def line_map(self) -> LineMap:
        """The lines as editors and git count them."""
        return LineMap(self.text)

    @property
    def is_template(self) -> bool:
        """Whether something has yet to be filled in before Docker can read it."""
        return self.path.rpartition(".")[2].lower() in _TEMPLATE_SUFFIXES or bool(_TEMPLATE.search(self.text))

    @cached_property
    def instructions(self) -> tuple[Instruction, ...]:
        """The instructions in order; none for a file that is not text."""
        return () if "\0" in self.text else tuple(read_instructions(self.text))

    @cached_property
    def stages(self) -> tuple[Stage, ...]:
        """The stages in order."""
        found: list[Stage] = []
        for instruction in self.instructions:
            if instruction.keyword == "FROM" and not instruction.onbuild and instruction.words:
                found.append(self._stage(len(found), instruction, found))
        return tuple(found)

    def _stage(self, index: int, instruction: Instruction, before: list[Stage]) -> Stage:
        words = instruction.words
        name = words[2].text.lower() if len(words) > 2 and words[1].text.lower() == "as" else None
        defaults = self._variables[-1]
        image = expand(words[0].text, defaults)
        parent = next((stage.index for stage in reversed(before) if stage.name and stage.name == image.lower()), None)
        known = parent is None and not is_open(image)
        used = [m["name"] or m["braced"] for m in _EXPANSION.finditer(words[0].text) if not m["escaped"]]
        return Stage(index, instruction, words[0], name, image if known else None, parent, used[0] if used else None)

    @cached_property
    def commands(self) -> tuple[BuildCommand, ...]:
        """The commands of all ``RUN`` instructions that a POSIX shell reads, and those given as an array."""
        found: list[BuildCommand] = []
        for instruction in self.instructions:
            directory, portable = self._surroundings[instruction.start]
            if instruction.keyword == "RUN" and portable:
                found += _in_directories(instruction, self._statements(instruction), directory)
        return tuple(found)

    def directory_at(self, instruction: Instruction) -> str | None:
        """The directory in the image in which the instruction is carried out, or None where nothing tells it."""
        return self._surroundings[instruction.start][0]

    @cached_property
    def _surroundings(self) -> dict[int, tuple[str | None, bool]]:
        """The directory, and whether the shell is a POSIX one, at each instruction, by its offset."""
        found: dict[int, tuple[str | None, bool]] = {}
        at_end: dict[int | None, tuple[str | None, bool]] = {}
        directory: str | None = None
        portable = True
        parents = {stage.instruction.start: (stage.index, stage.parent) for stage in self.stages}
        current = -1
        for instruction in self.instructions:
            if instruction.start in parents:
                at_end[current] = (directory, portable)
                current, parent = parents[instruction.start]
                directory, portable = at_end.get(parent, (None, True))
            found[instruction.start] = (directory, portable)
            if instruction.keyword == "WORKDIR" and instruction.words:
                directory = below(directory, expand(instruction.words[0].text, self.variables_at(instruction)))
            elif instruction.keyword == "SHELL" and instruction.words:
                portable = instruction.words[0].text.rpartition("/")[2] in _PORTABLE_SHELLS
        return found

    def _statements(self, instruction: Instruction) -> Iterator[ShellStatement]:
        if instruction.array is not None:
            if instruction.array:
                yield from _executed(instruction.array)
            return
        begin = instruction.arguments_at
        script = instruction.text[begin:]
        starts = [start - begin for start in instruction.starts]
        heredocs = [h for h in instruction.heredocs if not _FOREIGN.match(h.text)]
        own = list(shell_statements(script))
        if not own and len(heredocs) == 1:  # RUN <<EOF: the document is the script
            yield from (moved(s, [0], [heredocs[0].start]) for s in shell_statements(heredocs[0].text))
        for statement in own:
            yield moved(statement, starts, instruction.offsets)
            if statement.program in _PORTABLE_SHELLS and len(statement.words) == 1 and len(heredocs) == 1:
                yield from (moved(s, [0], [heredocs[0].start]) for s in shell_statements(heredocs[0].text))

    @cached_property
    def _variables(self) -> dict[int, dict[str, str]]:
        """The variables known behind each instruction, by its offset; those before the first stage at -1."""
        found: dict[int, dict[str, str]] = {}
        defaults: dict[str, str] = {}
        current: dict[str, str] = {}
        at_end: dict[str, dict[str, str]] = {}  # by the name of a stage
        name = ""
        for instruction in self.instructions:
            words = instruction.words
            if instruction.keyword == "FROM" and not instruction.onbuild and words:
                at_end[name] = current
                current = at_end.get(expand(words[0].text, defaults).lower(), {})
                name = words[2].text.lower() if len(words) > 2 else ""
            elif instruction.keyword == "ARG" and instruction.stage < 0:
                defaults.update(_defaults(instruction, defaults, {}))
            elif instruction.keyword == "ARG":
                current = {**current, **dict(_defaults(instruction, current, defaults))}
            elif instruction.keyword == "ENV":
                current = {**current, **{name: expand(value, current) for name, value in _assignments(instruction)}}
            found[instruction.start] = current
        return {**found, -1: defaults}

    def variables_at(self, instruction: Instruction) -> Mapping[str, str]:
        """The values that ARG and ENV give to variables at the instruction; a build may give others to those of ARG."""
        return self._variables.get(instruction.start, {})

    def span(self, start: int, end: int) -> Span:
        """The span of ``text[start:end]``."""
        return self.line_map.span(start, end)

    def place(self, start: int, end: int) -> Place:
        """The place of ``text[start:end]`` with its lines; ``scope`` names the stage if it has a name."""
        span = self.span(start, end)
        return Place(self.path, span, excerpt=self.line_map.excerpt(span))

    def _refusal(self) -> str | None:
        """Why no image can be built from the file, as far as its form tells."""
        if "\0" in self.text:
            return "is not text: it holds NUL bytes"
        if self.path.rpartition("/")[2].lower() not in _PLAIN_NAMES or self.is_template:
            return None
        for instruction in self.instructions:
            if instruction.keyword not in KEYWORDS:
                return f"cannot be built: line {instruction.line} begins with no instruction that Docker knows"
        if self.instructions and not any(i.keyword == "FROM" for i in self.instructions):
            return "cannot be built: it has no FROM"
        return None


def expand(text: str, variables: Mapping[str, str]) -> str:
    """The text with the variables replaced that are known; the others stay as written."""

    def value(match: re.Match[str]) -> str:
        if match["escaped"]:
            return match[0]
        name, sign, word = match["name"] or match["braced"], match["sign"] or "", match["word"] or ""
        known = variables.get(name)
        if not sign:
            return match[0] if known is None else known
        if sign.endswith("-"):
            return known if known or (known is not None and sign == "-") else expand(word, variables)
        return expand(word, variables) if known or (known is not None and sign == "+") else ""

    return _EXPANSION.sub(value, text)


def is_open(text: str) -> bool:
    """Whether something in the text has yet to be filled in: by a variable, a command or a template."""
    return "$" in text or "`" in text or "{{" in text or "{%" in text or "<%" in text or bool(_TEMPLATE.search(text))


def below(directory: str | None, path: str) -> str | None:
    """The absolute directory that a path leads to from another one, or None where that is not known."""
    import posixpath

    if is_open(path) or (not path.startswith("/") and directory is None):
        return None
    return posixpath.normpath(posixpath.join(directory or "/", path))


def _in_directories(
    instruction: Instruction, statements: Iterator[ShellStatement], directory: str | None
) -> Iterator[BuildCommand]:
    for statement in statements:
        if statement.program in ("cd", "pushd") and len(statement.words) > 1:
            directory = below(directory, statement.words[1].text)
        yield BuildCommand(statement, instruction, directory)


def _executed(words: tuple[ShellWord, ...]) -> Iterator[ShellStatement]:
    """The commands of a RUN in JSON form."""
    program = words[0].text.rpartition("/")[2]
    if program in _PORTABLE_SHELLS and len(words) > 2 and words[-2].text.endswith("c"):
        script = words[-1]
        for statement in shell_statements(script.text):
            if script.verbatim:
                yield moved(statement, [0], [script.start + 1])
            else:
                place = (script.start, script.end)
                yield ShellStatement(
                    tuple(ShellWord(w.text, *place, verbatim=False) for w in statement.words), statement.wrappers
                )
        return
    yield ShellStatement(words)


def _defaults(
    instruction: Instruction, scope: Mapping[str, str], outside: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """The names and defaults of an ARG instruction; without a default of its own, that from before all stages."""
    for word in instruction.words:
        name, equals, value = word.text.partition("=")
        if equals:
            yield name, expand(value, scope)
        elif name in outside:
            yield name, outside[name]


def _assignments(instruction: Instruction) -> Iterator[tuple[str, str]]:
    """The names and values of an ENV instruction, in its new and its old form."""
    words = instruction.words
    if words and "=" not in words[0].text:
        first = next(docker_words(instruction.text, instruction.arguments_at))
        yield words[0].text, instruction.text[first.end :].strip()
        return
    for word in words:
        name, _, value = word.text.partition("=")
        yield name, value
