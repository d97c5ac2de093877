"""Files that programs and scripts fetch, and whether anything says what must come."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from repro_lint.api import Place, PythonSource, TextFile, dataclass, last_name, lazy_pattern
from repro_lint_rules.data.addresses import is_data, is_fixed, is_program, moving
from repro_lint_rules.data.file_calls import canonical_call
from repro_lint_rules.data.shell_texts import is_shell_file, shell_texts

_CHECKS = lazy_pattern(
    rb"sha(?:1|224|256|384|512)(?:sum)?\b|md5(?:sum)?\b|hashlib|checksum|known_hash|file_hash|blake2"
    rb"|gpg --verify|cksum|b2sum|shasum|check_integrity|hash_prefix|crc32",
    re.I,
)
_CHECK_WORDS = (
    *(b"sha1", b"sha224", b"sha256", b"sha384", b"sha512", b"md5", b"hashlib", b"checksum", b"known_hash"),
    *(b"file_hash", b"blake2", b"gpg", b"cksum", b"b2sum", b"shasum", b"check_integrity", b"hash_prefix", b"crc32"),
)
_FETCH = lazy_pattern(r"(?:^|[;&|(\s])(?P<program>wget|curl|aria2c|gdown)\b(?P<rest>[^\n;&|]*(?:\\\n[^\n;&|]*)*)")
_ADDRESS = lazy_pattern(r"(?:https?|ftp)://[^\s\"'`<>\\|;)]+")
_TO_FILE = lazy_pattern(r"(?:^|\s)(?:-[A-Za-z]*[oOJ]\b|--output\b|--remote-name\b)|>")
_NOT_SAVED = lazy_pattern(r"-O\s*-(?:\s|$)|-qO-|--spider|/dev/null|-X\s*(?:POST|PUT)|--data\b|\s-d\s")
_SHELL_ADVICE = 'write the checksum down and compare it: `echo "<sha256>  <file>" | sha256sum --check`'


@dataclass(frozen=True)
class Download:
    """A file that is fetched and kept; ``address`` is None where the text does not tell it."""

    place: Place
    what: str
    address: str | None
    advice: str


@dataclass(frozen=True)
class Fetcher:
    """A call that fetches; the fields are those of ``downloads.toml``."""

    position: int
    keywords: tuple[str, ...]
    checksum: frozenset[str]
    advice: str


@lru_cache(maxsize=1)
def fetchers() -> dict[str, Fetcher]:
    """The calls by qualified name."""
    import tomli

    data: dict[str, Any] = tomli.loads((Path(__file__).parent / "downloads.toml").read_text(encoding="utf-8"))
    found = {}
    for entry in data["call"]:
        fetcher = Fetcher(
            entry.get("position", 0),
            tuple(entry["keywords"].split()),
            frozenset(entry.get("checksum", "").split()),
            entry["advice"],
        )
        found.update(dict.fromkeys(entry["functions"].split(), fetcher))
    return found


def unverified_in_program(source: PythonSource) -> Iterator[Download]:
    """The downloads of a program of which no checksum is compared anywhere in it."""
    if source.file.contains_any(_CHECK_WORDS) and _CHECKS.search(_code(source)):
        return
    known = fetchers()
    last_names = {name.rpartition(".")[2] for name in known}
    semantics = source.semantics
    for call in semantics.nodes(ast.Call):
        if last_name(call.func) not in last_names and not isinstance(call.func, ast.Name):
            continue
        fetcher = known.get(canonical_call(semantics.resolve(call.func) or ""))
        keywords = {keyword.arg: keyword.value for keyword in call.keywords}
        if fetcher is None or None in keywords or _is_checked(fetcher, keywords):
            continue
        argument = call.args[fetcher.position] if fetcher.position < len(call.args) else None
        argument = argument or next((keywords[name] for name in fetcher.keywords if name in keywords), None)
        value = semantics.constant(argument)
        address = value if isinstance(value, str) else None
        if address is None or _matters(address):
            yield Download(source.place(call), f"{last_name(call.func)}()", address, fetcher.advice)
    for text in shell_texts(source):
        if text.cell is not None:
            for start, program, address in _fetched(text.text):
                yield Download(source.place_in(text.cell, text.span(start)), program, address, _SHELL_ADVICE)


def unverified_in_script(file: TextFile) -> Iterator[Download]:
    """The downloads of a shell script, a Makefile or a Dockerfile in which no checksum is compared."""
    if not is_shell_file(file.path) or _CHECKS.search(file.file.written):
        return
    for start, program, address in _fetched(file.text):
        line = file.text[file.text.rfind("\n", 0, start) + 1 : start]
        if "#" not in line and "echo" not in line and is_data(address):
            end = file.text.find("\n", start)
            place = file.place(file.span(start, len(file.text) if end < 0 else end))
            yield Download(place, program, address, _SHELL_ADVICE)


def _code(source: PythonSource) -> bytes:
    """The code without the outputs that a notebook stores."""
    if source.notebook is None:
        return source.file.written
    return "\n".join(cell.source for cell in source.cells).encode("utf-8", "replace")


def _is_checked(fetcher: Fetcher, keywords: dict[str | None, ast.expr]) -> bool:
    given = [keywords[name] for name in fetcher.checksum if name in keywords]
    return any(not (isinstance(value, ast.Constant) and value.value in (None, False)) for value in given)


def _fetched(text: str) -> Iterator[tuple[int, str, str]]:
    """The commands that fetch data into a file: where, with which program, from where."""
    for match in _FETCH.finditer(text):
        rest = match["rest"]
        address = _ADDRESS.search(rest)
        if address is None or _NOT_SAVED.search(rest) or not _matters(address[0]):
            continue
        if match["program"] == "curl" and not _TO_FILE.search(rest):
            continue
        piped = text[match.end("rest") : match.end("rest") + 1] == "|"
        if not piped:
            yield match.start("program"), match["program"], address[0]


def _matters(address: str) -> bool:
    """Whether it is data from elsewhere whose content nothing else tells."""
    return (
        not is_program(address)
        and not is_fixed(address)
        and moving(address) is None
        and "localhost" not in address
        and "127.0.0.1" not in address
    )
