"""Text files, and what every source shares: decoding bytes and counting lines and columns."""

from __future__ import annotations

import codecs
from bisect import bisect_right
from functools import cached_property
from typing import TYPE_CHECKING

from repro_lint.finding import Place, Span
from repro_lint.lazy import dataclass, lazy_pattern
from repro_lint.sources.base import Subject

if TYPE_CHECKING:
    from repro_lint.project import Project
    from repro_lint.source_file import SourceFile

EXCERPT_LINES = 12
"""The number of lines that a place shows at most."""

_NEWLINE = lazy_pattern("\n")
_PYTHON_NEWLINE = lazy_pattern("\r\n?|\n")
_COOKIE = lazy_pattern(rb"[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_BLANK = lazy_pattern(rb"[ \t\f]*(?:#[^\r\n]*)?\Z")
_BOMS = (  # the four bytes of UTF-32 begin with the two of UTF-16
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


class LineMap:
    """The lines of a text: offsets to 1-based lines and columns (in characters) and back.

    Lines end at LF or CRLF, as for editors and git. With ``python`` a lone CR ends one too, as for
    Python's tokenizer. Form feeds, U+2028 and their like never do. Whatever lies outside of the text
    is moved to its nearest end, so no method raises.
    """

    def __init__(self, text: str, *, python: bool = False) -> None:
        self.text = text
        self._python = python and "\r" in text

    @cached_property
    def starts(self) -> list[int]:
        """The offset of the first character of each line."""
        newline = _PYTHON_NEWLINE if self._python else _NEWLINE
        return [0, *(match.end() for match in newline.finditer(self.text))]

    def __len__(self) -> int:
        """The number of lines: at least one, and one more than there are line ends."""
        return len(self.starts)

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """All lines without their ends."""
        if "\r" not in self.text:
            return tuple(self.text.split("\n"))
        return tuple(self.line(number) for number in range(1, len(self) + 1))

    def line(self, number: int) -> str:
        """The text of a line without its end; empty for a line that does not exist."""
        if not 1 <= number <= len(self):
            return ""
        start = self.starts[number - 1]
        if number == len(self):
            return self.text[start:]
        end = self.starts[number] - 1
        if self.text[end] == "\n" and end > start and self.text[end - 1] == "\r":
            end -= 1
        return self.text[start:end]

    def offset(self, line: int, column: int) -> int:
        """The offset of a position; a column behind the line's text is the end of that text."""
        number = min(max(line, 1), len(self))
        return self.starts[number - 1] + min(max(column - 1, 0), len(self.line(number)))

    def position(self, offset: int) -> tuple[int, int]:
        """The (line, column) of an offset."""
        offset = min(max(offset, 0), len(self.text))
        line = bisect_right(self.starts, offset)
        return line, offset - self.starts[line - 1] + 1

    def span(self, start: int, end: int) -> Span:
        """The span from one offset up to, not including, another."""
        line, column = self.position(start)
        end_line, end_column = self.position(max(start, end))
        return Span(line, column, end_line, end_column)

    def excerpt(self, span: Span) -> tuple[str, ...]:
        """The lines that the span touches, the first twelve of them."""
        last = min(span.last_line, span.line + EXCERPT_LINES - 1, len(self))
        return tuple(self.line(number) for number in range(max(span.line, 1), last + 1))


@dataclass(frozen=True)
class Decoded:
    """The text of some bytes, without its byte order mark, and how it was read.

    ``problem`` tells why it is not what it should be, ``line`` where that begins. ``bom`` tells that a
    byte order mark stood in front.
    """

    text: str
    encoding: str
    problem: str | None = None
    line: int | None = None
    bom: bool = False


def decode(data: bytes) -> Decoded:
    """The text of a file: by its byte order mark, else UTF-8, else Latin-1 with a problem."""
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _decode_as(data[len(bom) :], encoding, bom=True)
    return _decode_as(data, "utf-8", bom=False)


def decode_python(data: bytes) -> Decoded:
    """The text of a Python file, by the rules of PEP 263; what Python refuses to read is a problem."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        decoded = decode(data)
        problem = f"the file is {decoded.encoding.upper()}, which Python cannot read"
        return Decoded(decoded.text, decoded.encoding, problem, 1, bom=True)
    bom = data.startswith(codecs.BOM_UTF8)
    body = data[3:] if bom else data
    cookie, line = _cookie(body)
    if cookie is None:
        return _decode_as(body, "utf-8", bom=bom)
    try:
        name = codecs.lookup(cookie).name
        text = body.decode(name)
    except UnicodeDecodeError as error:
        problem = f"byte 0x{body[error.start]:02x} is not valid in the declared encoding {cookie}"
        return Decoded(_lossy(body), "latin-1", problem, body.count(b"\n", 0, error.start) + 1, bom)
    except Exception:  # codecs from anywhere may be registered, and each raises what it likes
        return Decoded(_lossy(body), "utf-8", f"unknown encoding: {cookie}", line, bom)
    if bom and name != "utf-8":
        return Decoded(_lossy(body), "utf-8", f"the encoding {cookie} contradicts the byte order mark", line, bom)
    if not body[:40].isascii() or text[:40].encode("ascii", "replace") == body[:40]:
        return Decoded(text, name, bom=bom)
    # A cookie such as utf-16 names an encoding in which the cookie itself could not be written so.
    return Decoded(_lossy(body), "utf-8", f"the declared encoding {cookie} is not the one used", line, bom)


def _cookie(data: bytes) -> tuple[str | None, int]:
    first, _, rest = data[:1000].replace(b"\r\n", b"\n").replace(b"\r", b"\n").partition(b"\n")
    if match := _COOKIE.match(first):
        return match[1].decode("ascii", "replace"), 1
    second = rest.partition(b"\n")[0]
    if _BLANK.match(first) and (match := _COOKIE.match(second)):
        return match[1].decode("ascii", "replace"), 2
    return None, 1


def _decode_as(data: bytes, encoding: str, *, bom: bool) -> Decoded:
    try:
        return Decoded(data.decode(encoding), encoding, bom=bom)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        problem = f"byte 0x{data[error.start]:02x} is not valid {encoding.upper()}"
    if encoding == "utf-8":
        return Decoded(data.decode("latin-1"), "latin-1", problem, line, bom)
    return Decoded(data.decode(encoding, "replace"), encoding, problem, 1, bom)


def _lossy(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")


_SUFFIX_LIST = """
    txt md markdown rst adoc org tex qmd rmd rnw rprofile renviron
    yml yaml toml ini cfg conf config json json5 jsonl jsonc xml properties env envrc tf tfvars hcl editorconfig
    sh bash zsh fish ksh csh bat cmd ps1 psm1 mk mak cmake make dockerfile containerfile
    r jl sql js mjs cjs jsx ts tsx vue html htm css scss java scala kt kts groovy gradle go rs rb php pl pm lua swift
    c h cc cpp cxx hpp cu cuh cs m f f90 f95 pyx pxd pyi ipy smk snakefile nf wdl cwl do sas
    netrc pypirc npmrc condarc pip gitconfig gitmodules gitignore gitattributes dockerignore dvc
    service template tmpl j2 jinja
"""
_SUFFIXES = frozenset(_SUFFIX_LIST.split())
_NAME_LIST = """
    dockerfile containerfile makefile gnumakefile rakefile gemfile pipfile procfile jenkinsfile vagrantfile snakefile
    justfile mlproject license licence readme changelog authors contributing install notice citation codeowners
    apt.txt runtime.txt postbuild start description namespace
    .env .netrc _netrc .pypirc .npmrc .condarc .envrc .bashrc .profile .zshrc .rprofile .renviron .gitignore
    .gitattributes .gitmodules .dockerignore .editorconfig .flake8 .pylintrc .coveragerc .pgpass .s3cfg .boto
"""
_NAMES = frozenset(_NAME_LIST.split())
_GENERATED = lazy_pattern(
    r"\.lock$|[.-]min\.|\.map$|\.bundle\.|^(?:package-lock|npm-shrinkwrap)\.json$|^pnpm-lock\.ya?ml$"
    r"|^conda-lock\.ya?ml$|(?:^|[.-])conda-lock\.ya?ml$|^go\.sum$"
)


class TextFile(Subject):
    """A file of readable text that is neither Python nor a notebook, nor made by a machine."""

    title = "text file"

    def __init__(self, file: SourceFile, project: Project) -> None:
        super().__init__(file, project)
        if b"\0" in file.data and not file.data.startswith(tuple(mark for mark, _ in _BOMS)):
            self.problem = "is not text: it holds NUL bytes"

    @classmethod
    def accepts(cls, path: str) -> bool:
        """Whether the name is that of code, configuration, documentation or a secret store in text form."""
        name = path.rpartition("/")[2].lower()
        if _GENERATED.search(name):
            return False
        suffix = name.rpartition(".")[2] if "." in name else ""
        return (
            suffix in _SUFFIXES
            or name in _NAMES
            or name.startswith((".env.", "dockerfile.", "dockerfile-", "containerfile.", "makefile."))
        )

    @cached_property
    def decoded(self) -> Decoded:
        """The decoded bytes."""
        return decode(self.file.data)

    @property
    def text(self) -> str:
        """The text without a byte order mark; line ends are as stored."""
        return self.decoded.text

    @property
    def encoding_problem(self) -> str | None:
        """Why the text may differ from what was meant, or None."""
        return self.decoded.problem

    @cached_property
    def line_map(self) -> LineMap:
        """The lines as editors and git count them."""
        return LineMap(self.text)

    @property
    def lines(self) -> tuple[str, ...]:
        """All lines without their ends."""
        return self.line_map.lines

    def span(self, start_offset: int, end_offset: int) -> Span:
        """The span of ``text[start_offset:end_offset]``."""
        return self.line_map.span(start_offset, end_offset)

    def place(self, span: Span | None = None, scope: str = "") -> Place:
        """The place of a span with its lines, or of the file as a whole."""
        excerpt = self.line_map.excerpt(span) if span else ()
        return Place(self.path, span, excerpt=excerpt, scope=scope)
