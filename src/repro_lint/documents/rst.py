"""Reading reStructuredText: its sections, literal blocks, directives, links and sentences."""

from __future__ import annotations

from repro_lint.documents.blocks import Piece
from repro_lint.documents.content import Content
from repro_lint.lazy import lazy_pattern

_ADORNMENT = lazy_pattern(r"([=\-`:.'\"~^_*+#<>!$%&,/;?@|\\])\1{2,}\s*\Z")
_DIRECTIVE = lazy_pattern(r"\s*\.\.\s+(?:\|[^|]+\|\s+)?([\w:-]+?)::(?:\s+(.*))?\Z")
_TARGET = lazy_pattern(r"\s*\.\.\s+_(`[^`]+`|[^:`]+):\s*(\S.*)?\Z")
_EXPLICIT = lazy_pattern(r"\s*\.\.(?:\s|\Z)")
_OPTION = lazy_pattern(r"\s*:([\w-]+):\s*(.*)\Z")
_BULLET = lazy_pattern(r"\A\s*(?:[-*+•]|\(?(?:\d+|[a-zA-Z]|#)[.)])\s+")
_INLINE = lazy_pattern(
    r"``(?P<literal>.+?)``"
    r"|`(?P<text>[^`<]*?)\s*<(?P<url>[^`<>]+)>`__?"
    r"|`(?P<phrase>[^`]+)`__?(?!\w)"
    r"|(?::[\w:.+-]+:)?`(?P<role>[^`]+)`"
    r"|(?<![\w.])(?P<word>[A-Za-z][\w-]*[A-Za-z0-9])_(?![\w])"
)
_CODE = {"code", "code-block", "sourcecode", "parsed-literal", "prompt", "ipython", "literalinclude", "testcode"}
_SILENT = {"contents", "toctree", "include", "bibliography", "math", "csv-table", "meta", "highlight", "autofunction"}


def read_rst(text: str) -> Content:
    """The content of a reStructuredText document; any text is one."""
    return _Reader(text.replace("\r\n", "\n").replace("\r", " ").split("\n")).read()


class _Reader:
    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.content = Content()
        self.levels: list[tuple[str, bool]] = []
        self.paragraph: list[tuple[str, int]] = []
        self.targets: dict[str, str] = {}
        self.references: list[tuple[str, int]] = []

    def read(self) -> Content:
        at = 0
        while at < len(self.lines):
            at = self._step(at)
        self._flush()
        for name, line in self.references:
            if target := self.targets.get(_key(name)):
                self.content.add_link(name, target, line)
        self.content.links.sort(key=lambda link: link.line)
        return self.content

    def _step(self, at: int) -> int:
        """Read what begins at a line; the number of the line behind it."""
        line = self.lines[at]
        if not line.strip():
            self._flush()
            return at + 1
        if after := self._heading(at):
            return after
        if match := _TARGET.match(line):
            self._flush()
            if match[2]:
                self.targets[_key(match[1].strip("`"))] = match[2].strip()
            return at + 1
        if match := _DIRECTIVE.match(line):
            self._flush()
            return self._directive(at, match[1].lower(), (match[2] or "").strip())
        if _EXPLICIT.match(line):
            self._flush()
            return self._body_end(at)
        if line.lstrip().startswith(">>> ") and not self.paragraph:
            return self._doctest(at)
        self.paragraph.append((line, at + 1))
        if line.rstrip().endswith("::") and (at + 1 == len(self.lines) or not self.lines[at + 1].strip()):
            self._flush()
            end = self._body_end(at)
            self._code("indented", "", at + 1, end)
            return max(end, at + 1)
        return at + 1

    def _heading(self, at: int) -> int:
        """The line behind the heading that begins here, or 0 if there is none."""
        line = self.lines[at]
        over = _ADORNMENT.match(line)
        if over and at + 2 < len(self.lines) and not self.paragraph:
            title, under = self.lines[at + 1], _ADORNMENT.match(self.lines[at + 2])
            if title.strip() and under and under[1] == over[1]:
                self._add_heading(over[1], True, title, at + 2)
                return at + 3
        if over and not self.paragraph:
            return at + 1  # a transition
        if self.paragraph or line[0].isspace() or at + 1 >= len(self.lines):
            return 0
        under = _ADORNMENT.match(self.lines[at + 1])
        if under and len(self.lines[at + 1].strip()) >= min(4, len(line.strip())):
            self._add_heading(under[1], False, line, at + 1)
            return at + 2
        return 0

    def _add_heading(self, character: str, overlined: bool, title: str, line: int) -> None:
        style = (character, overlined)
        if style not in self.levels:
            self.levels.append(style)
        self.content.add_heading(self.levels.index(style) + 1, title.strip().replace("``", ""), line)

    def _body_end(self, at: int) -> int:
        """The line behind the block that is indented further than this line; blank lines at its end are left out."""
        indent = _indent(self.lines[at])
        end = at + 1
        for number in range(at + 1, len(self.lines)):
            text = self.lines[number]
            if text.strip():
                if _indent(text) <= indent:
                    break
                end = number + 1
        return end

    def _directive(self, at: int, name: str, argument: str) -> int:
        end = self._body_end(at)
        first = at + 1
        options: dict[str, str] = {}
        while first < end and (match := _OPTION.match(self.lines[first])):
            options[match[1]] = match[2].strip()
            first += 1
        if name in _CODE:
            self._code("fence", argument, first, end)
        elif name in ("image", "figure"):
            alt = options.get("alt", "")
            self.content.add_link(alt, argument, at + 1, image=True)
            self.content.add_link(alt, options.get("target", ""), at + 1)
        elif name == "raw" and argument.startswith("html"):
            self.content.add_html("\n".join(self.lines[first:end]), first + 1)
        elif name not in _SILENT:  # an admonition, say: its body is text like any other
            return first
        return end

    def _doctest(self, at: int) -> int:
        end = at
        while end < len(self.lines) and self.lines[end].strip():
            end += 1
        self._code("indented", "pycon", at, end)
        return end

    def _code(self, kind: str, language: str, first: int, end: int) -> None:
        lines = self.lines[first:end]
        while lines and not lines[0].strip():
            lines, first = lines[1:], first + 1
        indent = min((_indent(line) for line in lines if line.strip()), default=0)
        text = "\n".join(line[indent:] for line in lines)
        self.content.add_code("fence" if kind == "fence" else "indented", language, text, first + 1)

    def _flush(self) -> None:
        """Keep the paragraph that has been read so far; each item of a list without blank lines is one."""
        block: list[tuple[str, int]] = []
        for text, line in self.paragraph:
            if _BULLET.match(text) and block:
                self._text(block)
                block = []
            block.append((_BULLET.sub("", text) if not block else text.strip(), line))
        if block:
            self._text(block)
        self.paragraph = []

    def _text(self, block: list[tuple[str, int]]) -> None:
        text = "\n".join(line for line, _ in block)
        pieces: list[Piece] = []
        line, done = block[0][1], 0

        def plain(upto: int) -> None:
            nonlocal line
            for number, part in enumerate(text[done:upto].split("\n")):
                if number:
                    line += 1
                    pieces.append(Piece(" ", line))
                if part:
                    pieces.append(Piece(part, line))
                    self.content.add_urls(part, line)

        for match in _INLINE.finditer(text):
            plain(match.start())
            if match["literal"]:
                literal = match["literal"].replace("\n", " ")
                pieces.append(Piece(literal, line, code=True))
                self.content.add_code("inline", "", literal, line)
            elif match["url"]:
                shown = match["text"].strip() or match["url"]
                pieces.append(Piece(shown.replace("\n", " "), line))
                self.content.add_link(shown, "".join(match["url"].split()), line)
            else:
                named = (match["phrase"] or match["role"] or match["word"]).replace("\n", " ")
                pieces.append(Piece(named, line))
                if not match["role"]:
                    self.references.append((named, line))
            line += match[0].count("\n")
            done = match.end()
        plain(len(text))
        self.content.add_prose(pieces)


def _indent(line: str) -> int:
    expanded = line.expandtabs()
    return len(expanded) - len(expanded.lstrip())


def _key(name: str) -> str:
    return " ".join(name.lower().split())
