"""The instructions of a Dockerfile: lines joined, comments and heredocs told apart, every character with its offset.

The format: https://docs.docker.com/reference/dockerfile/.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import field
from functools import cached_property

from repro_lint.documents.shell_script import ShellWord
from repro_lint.lazy import dataclass, lazy_pattern

KEYWORDS = frozenset(
    "ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL MAINTAINER ONBUILD RUN SHELL STOPSIGNAL USER VOLUME "
    "WORKDIR".split()
)
_DIRECTIVE = lazy_pattern(r"[ \t]*#[ \t]*(?P<name>[A-Za-z][\w-]*)[ \t]*=[ \t]*(?P<value>\S+)[ \t]*")
_CONTINUED = {"\\": lazy_pattern(r"\\[ \t]*\Z"), "`": lazy_pattern(r"`[ \t]*\Z")}
_HEADER = lazy_pattern(r"[ \t]*(?P<keyword>\S+)[ \t]*")
_FLAG = lazy_pattern(r"--(?P<name>[a-z][\w-]*)(?:=(?P<value>\S*))?(?:\s+|\Z)")
_HEREDOC = lazy_pattern(r"\d*<<(?P<dash>-?)(?P<quote>[\"']?)(?P<name>[A-Za-z_]\w*)(?P=quote)")
_JSON_STRING = lazy_pattern(r'"(?P<text>(?:\\.|[^"\\])*)"')
_ARRAY = lazy_pattern(r'\[\s*(?:"(?:\\.|[^"\\])*"\s*(?:,\s*"(?:\\.|[^"\\])*"\s*)*)?\]\s*')
_WITH_HEREDOCS = frozenset({"RUN", "COPY", "ADD"})


@dataclass(frozen=True)
class Flag:
    """An option in front of the arguments, such as ``--from=builder``; ``start`` is the offset of the value."""

    name: str
    value: str
    start: int


@dataclass(frozen=True)
class Heredoc:
    """A document that stands in the lines behind an instruction; ``start`` is the offset of its text."""

    name: str
    text: str
    start: int
    quoted: bool
    """Whether the name is in quotes, so that nothing in the text is replaced."""


@dataclass(frozen=True)
class Instruction:
    """One instruction. ``text`` is what follows the keyword, as Docker joins it from its lines.

    ``start`` and ``end`` are offsets of the file, from the keyword to the end of the text. ``stage`` counts the
    instructions ``FROM`` before and including it, less one: -1 stands before all stages. ``onbuild``: it runs in the
    images that are built upon this one.
    """

    keyword: str
    text: str
    start: int
    end: int
    line: int
    stage: int = -1
    onbuild: bool = False
    heredocs: tuple[Heredoc, ...] = ()
    starts: Sequence[int] = field(default=(0,), repr=False)
    offsets: Sequence[int] = field(default=(0,), repr=False)

    def offset(self, at: int) -> int:
        """The offset in the file of a character of ``text``."""
        piece = max(bisect_right(self.starts, at) - 1, 0)
        return self.offsets[piece] + at - self.starts[piece]

    @cached_property
    def _split(self) -> tuple[tuple[Flag, ...], int]:
        flags: list[Flag] = []
        at = 0
        while match := _FLAG.match(self.text, at):
            start = match.start("value") if match["value"] is not None else match.end("name")
            flags.append(Flag(match["name"], match["value"] or "", self.offset(start)))
            at = match.end()
        return tuple(flags), at

    @property
    def flags(self) -> tuple[Flag, ...]:
        """The options in front of the arguments."""
        return self._split[0]

    @property
    def arguments_at(self) -> int:
        """The position in ``text`` behind the flags."""
        return self._split[1]

    def flag(self, name: str) -> str | None:
        """The value of an option, or None."""
        return next((flag.value for flag in self.flags if flag.name == name), None)

    @cached_property
    def array(self) -> tuple[ShellWord, ...] | None:
        """The strings of the JSON form, or None for another one."""
        import json

        if not _ARRAY.fullmatch(self.text, self.arguments_at):
            return None
        found = []
        for match in _JSON_STRING.finditer(self.text, self.arguments_at):
            try:
                text = str(json.loads(match[0]))
            except ValueError:  # a control character or half of an escape
                return None
            start, end = self.offset(match.start()), self.offset(match.end() - 1) + 1
            found.append(ShellWord(text, start, end, text == match["text"]))
        return tuple(found)

    @cached_property
    def words(self) -> tuple[ShellWord, ...]:
        """The arguments, from either form, without quotes; the places are offsets in the file."""
        if self.array is not None:
            return self.array
        return tuple(
            ShellWord(word.text, self.offset(word.start), self.offset(word.end - 1) + 1, word.verbatim)
            for word in docker_words(self.text, self.arguments_at)
        )


def docker_words(text: str, at: int = 0) -> Iterator[ShellWord]:
    """The words between blanks, with quotes taken off; the places are those in the text."""
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        start, quote = at, ""
        parts: list[str] = []
        while at < len(text) and (quote or not text[at].isspace()):
            character = text[at]
            if character == quote:
                quote = ""
            elif not quote and character in "'\"":
                quote = character
            elif character == "\\" and quote != "'" and text[at + 1 : at + 2] in ('"', "'", "\\", " "):
                parts.append(text[at + 1])
                at += 1
            else:
                parts.append(character)
            at += 1
        word = "".join(parts)
        yield ShellWord(word, start, at, word == text[start:at])


def read_instructions(text: str) -> list[Instruction]:
    """The instructions of a Dockerfile in order; words that Docker does not know are among them, in upper case."""
    reader = _Reader(text)
    found: list[Instruction] = []
    stage = -1
    while (instruction := reader.next(stage)) is not None:
        stage = instruction.stage
        found.append(instruction)
    return found


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.lines = text.split("\n")
        self.starts = [0]
        for line in self.lines[:-1]:
            self.starts.append(self.starts[-1] + len(line) + 1)
        self.at = 0
        self.continued = _CONTINUED["\\"]
        self._read_directives()

    def _read_directives(self) -> None:
        """Directives are comments in the first lines; the first line that is none ends them."""
        seen: set[str] = set()
        for line in self.lines:
            match = _DIRECTIVE.fullmatch(line.rstrip("\r"))
            if match is None or match["name"].lower() in seen:
                return
            seen.add(match["name"].lower())
            if match["name"].lower() == "escape" and match["value"] in _CONTINUED:
                self.continued = _CONTINUED[match["value"]]

    def next(self, stage: int) -> Instruction | None:
        """The next instruction, or None at the end."""
        while self.at < len(self.lines) and _is_idle(self.lines[self.at]):
            self.at += 1
        if self.at >= len(self.lines):
            return None
        first = self.at
        joined, starts, offsets = self._join()
        header = _HEADER.match(joined)
        if header is None:
            return self.next(stage)
        keyword, onbuild, end = header["keyword"].upper(), False, header.end()
        begin = header.start("keyword")
        if keyword == "ONBUILD" and (inner := _HEADER.match(joined, end)):
            keyword, onbuild, end = inner["keyword"].upper(), True, inner.end()
        rest = joined[end:]
        piece = max(bisect_right(starts, end) - 1, 0)
        shifted = [0, *(start - end for start in starts[piece + 1 :])]
        placed = [offsets[piece] + end - starts[piece], *offsets[piece + 1 :]]
        length = len(joined.rstrip())
        last = max(bisect_right(starts, length - 1) - 1, 0)
        return Instruction(
            keyword,
            rest,
            offsets[0] + begin,
            offsets[last] + length - starts[last],
            first + 1,
            stage + (keyword == "FROM" and not onbuild),
            onbuild,
            tuple(self._heredocs(rest)) if keyword in _WITH_HEREDOCS else (),
            shifted,
            placed,
        )

    def _join(self) -> tuple[str, list[int], list[int]]:
        """The text of the instruction that begins here, and from where its pieces come."""
        pieces: list[str] = []
        starts: list[int] = []
        offsets: list[int] = []
        length = 0
        while self.at < len(self.lines):
            line, offset = self.lines[self.at].rstrip("\r"), self.starts[self.at]
            self.at += 1
            if pieces and _is_idle(line):  # comments and empty lines do not end it
                continue
            match = self.continued.search(line)
            piece = line[: match.start()] if match else line
            pieces.append(piece)
            starts.append(length)
            offsets.append(offset)
            length += len(piece)
            if match is None:
                break
        return "".join(pieces), starts, offsets

    def _heredocs(self, text: str) -> Iterator[Heredoc]:
        """The heredocs that the words of the instruction open; one that is never closed is none."""
        if "<<" not in text:
            return
        for word in _raw_words(text):
            match = _HEREDOC.fullmatch(word)
            if match is None:
                continue
            first = end = self.at
            while end < len(self.lines):
                line = self.lines[end].rstrip("\r")
                if (line.lstrip("\t") if match["dash"] else line) == match["name"]:
                    break
                end += 1
            else:
                return
            body = "\n".join(self.lines[first:end])
            self.at = end + 1
            start = self.starts[first]
            yield Heredoc(match["name"], body + "\n" if end > first else "", start, bool(match["quote"]))


def _raw_words(text: str) -> Iterator[str]:
    for word in docker_words(text):
        yield text[word.start : word.end]


def _is_idle(line: str) -> bool:
    stripped = line.lstrip()
    return not stripped or stripped.startswith("#")
