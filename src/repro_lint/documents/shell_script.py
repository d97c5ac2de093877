"""Shell scripts as a shell reads them: simple commands, with the places of their words in the script."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace

from repro_lint.documents.shell import unwrap
from repro_lint.lazy import dataclass, lazy_pattern

_PLAIN = lazy_pattern(r"[^\s;&|<>()'\"\\$`]+")
_OPERATOR = lazy_pattern(r"&&|\|\||;;&?|;&|\|&|[;&|()\n]")
_REDIRECTION = lazy_pattern(r"<<<|<<-?|<>|>>|>&|<&|&>>?|>\||[<>]")
_ASSIGNMENT = lazy_pattern(r"[A-Za-z_]\w*(?:\[[^\]]*\])?\+?=")
_KEYWORDS = frozenset("if then else elif fi do done while until { } ! time".split())
_HEADS = frozenset("for case select function in esac".split())
"""Reserved words that begin something which is not a command."""
_SHELLS = frozenset("sh bash dash ash zsh ksh".split())
_DEEPEST = 3


@dataclass(frozen=True)
class ShellWord:
    """A word of a command: without quotes and escapes, but with ``$…`` and backticks as written.

    ``start`` and ``end`` are offsets; what lies between them is the word as written.
    """

    text: str
    start: int
    end: int
    verbatim: bool = True
    """Whether the text stands in the script as it is, apart from quotes around the whole of it."""


@dataclass(frozen=True)
class ShellStatement:
    """A simple command. ``words`` begin with the program; what runs it (``sudo``, ``uv run``) is among the wrappers.

    ``outputs`` are the files that its output is redirected to. ``end_with`` is the operator behind it: ``|`` for one
    whose output another command reads.
    """

    words: tuple[ShellWord, ...]
    wrappers: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    end_with: str = ""

    @property
    def argv(self) -> tuple[str, ...]:
        """The words as text."""
        return tuple(word.text for word in self.words)

    @property
    def program(self) -> str:
        """The name of the program, without its directory."""
        return self.words[0].text.rpartition("/")[2]

    @property
    def start(self) -> int:
        """The offset at which it begins."""
        return self.words[0].start

    @property
    def end(self) -> int:
        """The offset behind its last word."""
        return max(word.end for word in self.words)


def shell_statements(script: str, depth: int = 0) -> Iterator[ShellStatement]:
    """The simple commands of a POSIX or Bash script, in order, with those of ``sh -c "…"`` in their place.

    Commands in ``$(…)`` and the bodies of heredocs are not read. Text that a shell would refuse gives what can be
    made of it.
    """
    words: list[ShellWord] = []
    outputs: list[str] = []
    redirection = ""
    for token in (*_Lexer(script).tokens(), "\n"):
        if isinstance(token, ShellWord):
            if redirection:
                if ">" in redirection and not (token.text.isdigit() or token.text in ("-", "/dev/null")):
                    outputs.append(token.text)
                redirection = ""
            else:
                words.append(token)
        elif _REDIRECTION.fullmatch(token):
            redirection = token
        else:
            if found := _statement(words, outputs, token):
                yield from _unfolded(found, depth)
            words, outputs, redirection = [], [], ""


def moved(statement: ShellStatement, starts: Sequence[int], offsets: Sequence[int]) -> ShellStatement:
    """The statement of a script that was put together from pieces, with offsets in the text that they come from.

    The piece that begins at ``starts[n]`` of the script begins at ``offsets[n]`` of the text.
    """

    def move(at: int) -> int:
        piece = max(bisect_right(starts, at) - 1, 0)
        return offsets[piece] + at - starts[piece]

    def place(word: ShellWord) -> ShellWord:
        end = move(word.end - 1) + 1 if word.end > word.start else move(word.start)
        return replace(word, start=move(word.start), end=end)

    return replace(statement, words=tuple(place(word) for word in statement.words))


def _statement(words: list[ShellWord], outputs: list[str], operator: str) -> ShellStatement | None:
    at = 0
    while at < len(words) and (words[at].text in _KEYWORDS or _ASSIGNMENT.match(words[at].text)):
        at += 1
    words = words[at:]
    if not words or words[0].text in _HEADS:
        return None
    argv, wrappers = unwrap(tuple(word.text for word in words))
    if not argv:
        return None
    kept = 0
    while kept < min(len(argv), len(words)) and argv[-1 - kept] == words[-1 - kept].text:
        kept += 1
    tail = words[len(words) - kept :]
    position = tail[0] if tail else words[0]
    added = tuple(replace(position, text=text, verbatim=False) for text in argv[: len(argv) - kept])
    return ShellStatement((*added, *tail), wrappers, tuple(outputs), operator)


def _unfolded(statement: ShellStatement, depth: int) -> Iterator[ShellStatement]:
    """The statement, or those of the script that a shell is given in it."""
    script = _inner_script(statement) if depth < _DEEPEST else None
    if script is None:
        yield statement
        return
    for inner in shell_statements(script.text, depth + 1):
        if script.verbatim:
            shift = script.start + (script.end - script.start - len(script.text)) // 2  # the quote, if there is one
            yield moved(inner, [0], [shift])
        else:
            yield replace(inner, words=tuple(replace(w, start=script.start, end=script.end) for w in inner.words))


def _inner_script(statement: ShellStatement) -> ShellWord | None:
    if statement.program not in _SHELLS:
        return None
    for at, word in enumerate(statement.words[1:-1], 1):
        if not word.text.startswith("-"):
            return None
        if not word.text.startswith("--") and word.text.endswith("c"):
            return statement.words[at + 1]
    return None


class _Lexer:
    """Splits a script into words, operators and redirections; the bodies of heredocs are skipped."""

    def __init__(self, script: str) -> None:
        self.script = script
        self.at = 0
        self.heredocs: list[tuple[str, bool]] = []

    def tokens(self) -> Iterator[ShellWord | str]:
        script, expects_delimiter, dashed = self.script, False, False
        while self.at < len(script):
            character = script[self.at]
            if character in " \t\r":
                self.at += 1
            elif script.startswith("\\\n", self.at):
                self.at += 2
            elif script.startswith("\\\r\n", self.at):
                self.at += 3
            elif character == "#":
                self.at = _find(script, "\n", self.at)
            elif operator := self._operator():
                yield operator
                if operator == "\n":
                    self._skip_heredocs()
            elif redirection := self._redirection():
                yield redirection
                expects_delimiter, dashed = redirection in ("<<", "<<-"), redirection == "<<-"
            else:
                word = self._word()
                follows = self.at < len(script) and script[self.at] in "<>"
                if word.text.isdigit() and word.verbatim and follows:  # the number of a file descriptor
                    continue
                if expects_delimiter:
                    self.heredocs.append((word.text, dashed))
                    expects_delimiter = False
                yield word

    def _operator(self) -> str | None:
        if self.script.startswith("&>", self.at):
            return None
        match = _OPERATOR.match(self.script, self.at)
        if match:
            self.at = match.end()
        return match[0] if match else None

    def _redirection(self) -> str | None:
        match = _REDIRECTION.match(self.script, self.at)
        if match is None or (match[0] in "<>" and self.script.startswith("(", match.end())):
            return None
        self.at = match.end()
        return match[0]

    def _skip_heredocs(self) -> None:
        for delimiter, dashed in self.heredocs:
            while self.at < len(self.script):
                end = _find(self.script, "\n", self.at)
                line = self.script[self.at : end].rstrip("\r")
                self.at = end + 1
                if (line.lstrip("\t") if dashed else line) == delimiter:
                    break
        self.heredocs = []

    def _word(self) -> ShellWord:
        script, start = self.script, self.at
        parts: list[str] = []
        while self.at < len(script):
            character = script[self.at]
            if match := _PLAIN.match(script, self.at):
                parts.append(match[0])
                self.at = match.end()
            elif character == "\\":
                if self.at + 1 < len(script) and script[self.at + 1] != "\n":
                    parts.append(script[self.at + 1])
                self.at += 2
            elif character == "'":
                end = _find(script, "'", self.at + 1)
                parts.append(script[self.at + 1 : end])
                self.at = end + 1
            elif character == '"':
                parts.append(self._double_quoted())
            elif character in "$`" or (character in "<>" and script.startswith("(", self.at + 1)):
                begin = self.at
                self._skip_expansion()
                parts.append(script[begin : self.at])
            else:
                break
        self.at = min(self.at, len(script))
        text, written = "".join(parts), script[start : self.at]
        quoted = len(written) > 1 and written[0] == written[-1] and written[0] in "'\""
        return ShellWord(text, start, self.at, text == (written[1:-1] if quoted else written))

    def _double_quoted(self) -> str:
        script, parts = self.script, []
        self.at += 1
        while self.at < len(script) and script[self.at] != '"':
            begin = self.at
            if script[begin] == "\\" and begin + 1 < len(script):
                following = script[begin + 1]
                parts.append({"\n": ""}.get(following, following if following in '"\\$`' else "\\" + following))
                self.at += 2
            elif script[begin] in "$`":
                self._skip_expansion()
                parts.append(script[begin : self.at])
            else:
                parts.append(script[begin])
                self.at += 1
        self.at += 1
        return "".join(parts)

    def _skip_expansion(self) -> None:
        """Go behind what begins with a dollar sign, a backtick or ``<(``; nesting is counted, not parsed."""
        script, opening = self.script, self.script[self.at + 1 : self.at + 2]
        if script[self.at] == "`":
            self.at = _find(script, "`", self.at + 1) + 1
            return
        self.at += 1
        if opening not in ("(", "{"):
            return
        closing, level, quote = ")" if opening == "(" else "}", 0, ""
        while self.at < len(script):
            character = script[self.at]
            self.at += 2 if character == "\\" else 1
            if quote:
                quote = "" if character == quote else quote
            elif character in "'\"" and opening == "(":
                quote = character
            elif character == opening:
                level += 1
            elif character == closing:
                level -= 1
                if level == 0:
                    return


def _find(text: str, character: str, start: int) -> int:
    """The offset of the character, or that of the end of the text."""
    found = text.find(character, start)
    return len(text) if found < 0 else found
