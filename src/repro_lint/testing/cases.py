"""The Bad and Good examples of a rule's page, as small repositories with the findings they must give."""

from __future__ import annotations

import json
import random
import re
import string
from collections.abc import Iterator
from dataclasses import field
from pathlib import Path
from typing import Any, Literal

from repro_lint.lazy import dataclass, lazy_pattern

_CAPTION = lazy_pattern(r"`([^`]+)`:")
_BRACKETED = r"\[[a-z0-9-]+\](?:\s*,?\s*\[[a-z0-9-]+\])*"
_MARKER = lazy_pattern(rf"[ \t]*(?:#|//|--|;|<!--)\s*error:\s*(?P<rules>{_BRACKETED})\s*(?:-->)?[ \t]*$")
_ABOUT_FILE = lazy_pattern(
    rf"<!--\s*error:\s*(?P<rules>{_BRACKETED})\s+(?P<path>\S+?)(?::cell (?P<cell>\d+))?(?::(?P<line>\d+))?\s*-->"
)
_NAME = lazy_pattern(r"\[([a-z0-9-]+)\]")
_CELL = lazy_pattern(r"^# %%[ \t]*(?:\[(markdown|raw)\])?(?P<rest>[^\n]*)$", re.M)
_ATTRIBUTE = lazy_pattern(r"\[(exec|tags|id|error)=([^\]]*)\]")
_RANDOM = lazy_pattern(r"\{\{(?:random (base62|hex) (\d{1,4})|word ([A-Za-z]+))\}\}")
_ALPHABETS = {"base62": string.ascii_letters + string.digits, "hex": "0123456789abcdef"}
LANGUAGES = {"snapshot"}


@dataclass(frozen=True, order=True)
class Expected:
    """A finding that a case must give. ``line`` None: about the file, or the repository (path ``"."``)."""

    path: str
    cell: int | None
    line: int | None
    rule: str

    def __str__(self) -> str:
        cell = f":cell {self.cell}" if self.cell else ""
        line = f":{self.line}" if self.line else ""
        return f"{self.path}{cell}{line} [{self.rule}]"


@dataclass(frozen=True)
class Snapshot:
    """The rendered findings that a page shows, and the lines of the page that hold them."""

    text: str
    first_line: int
    end_line: int


@dataclass
class Case:
    """One example: the files of a repository, and what must be found in it."""

    page: Path
    title: str
    kind: Literal["bad", "good"]
    line: int
    files: dict[str, str] = field(default_factory=dict)
    expected: list[Expected] = field(default_factory=list)
    snapshot: Snapshot | None = None

    @property
    def id(self) -> str:
        """A name for test reports."""
        return f"{self.page.parent.name}: {self.kind}: {self.title}"

    def write(self, root: Path) -> None:
        """Write the files below the directory."""
        for path, text in self.files.items():
            target = root / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8", newline="")


class CaseError(ValueError):
    """A page does not have the form of cases; the message says where."""


def parse_cases(page: Path) -> list[Case]:
    """The cases of a ``README.md`` or ``cases.md``: what stands under ``## Bad`` and ``## Good``.

    Raises ``CaseError`` for a case without files, or a bad one without an assertion.
    """
    from markdown_it import MarkdownIt

    cases: list[Case] = []
    kind: Literal["bad", "good"] | None = None
    case: Case | None = None
    caption: str | None = None
    tokens = MarkdownIt("commonmark").parse(page.read_text(encoding="utf-8"))
    for position, token in enumerate(tokens):
        first, end = token.map or (0, 0)
        if token.type == "heading_open":
            title = tokens[position + 1].content
            if token.tag == "h2":
                words = {"bad": "bad", "good": "good"}
                kind = words.get(title.lower())  # type: ignore[assignment]
                case = None
            elif token.tag == "h3" and kind:
                case = Case(page, title, kind, first + 1)
                cases.append(case)
        elif case is None:
            continue
        elif token.type == "inline":
            last_line = token.content.rsplit("\n", 1)[-1]
            caption = match[1] if (match := _CAPTION.fullmatch(last_line.strip())) else None
        elif token.type == "html_block":
            case.expected += _about_files(token.content)
        elif token.type == "fence":
            language = token.info.strip().split(" ")[0] if token.info.strip() else ""
            if language == "snapshot":
                case.snapshot = Snapshot(token.content, first + 2, end)
            elif caption:
                text, expected = _read_file(caption, _made_up(token.content))
                case.files[caption] = text
                case.expected += expected
            caption = None
    for case in cases:
        _validate(case)
    return cases


def _made_up(text: str) -> str:
    """The text with what its generators stand for, so that a page about secrets need not hold one.

    ``{{random base62 40}}`` and ``{{random hex 40}}`` give random characters, the same ones in every run, and
    ``{{word PRIVATE}}`` gives the word.
    """
    source = random.Random(len(text))
    return _RANDOM.sub(lambda match: match[3] or "".join(source.choices(_ALPHABETS[match[1]], k=int(match[2]))), text)


def _validate(case: Case) -> None:
    where = f"{case.page}:{case.line}: case {case.title!r}"
    if not case.files:
        raise CaseError(f"{where} has no file: write `name.py`: before the fence")
    if case.kind == "bad" and not case.expected:
        raise CaseError(f"{where} is bad and asserts nothing: write # error: [rule-name]")
    if case.kind == "good" and case.expected:
        raise CaseError(f"{where} is good and asserts a finding")
    for expected in case.expected:
        if expected.path != "." and expected.path not in case.files:
            raise CaseError(f"{where} asserts something about {expected.path}, which it does not have")


def _about_files(html: str) -> Iterator[Expected]:
    for match in _ABOUT_FILE.finditer(html):
        cell, line = (int(match[part]) if match[part] else None for part in ("cell", "line"))
        for rule in _NAME.findall(match["rules"]):
            yield Expected(match["path"], cell, line, rule)


def _read_file(path: str, text: str) -> tuple[str, list[Expected]]:
    if path.endswith(".ipynb") and not text.lstrip().startswith("{"):
        return _notebook(path, text)
    clean, expected = _strip_markers(text)
    return clean, [Expected(path, None, line, rule) for line, rule in expected]


def _strip_markers(text: str) -> tuple[str, list[tuple[int, str]]]:
    """The text without its assertions, and the lines and rules that they assert."""
    lines: list[str] = []
    expected: list[tuple[int, str]] = []
    pending: list[str] = []
    for line in text.split("\n"):
        match = _MARKER.search(line)
        if match and not line[: match.start()].strip():
            pending += _NAME.findall(match["rules"])
            continue
        lines.append(line[: match.start()] if match else line)
        rules = pending + (_NAME.findall(match["rules"]) if match else [])
        expected += [(len(lines), rule) for rule in rules]
        pending = []
    return "\n".join(lines), expected


def _notebook(path: str, text: str) -> tuple[str, list[Expected]]:
    """A notebook from percent format; a marker can hold ``[markdown]``, ``[exec=7]``, ``[tags=a,b]``, ``[error=E]``."""
    cells: list[dict[str, Any]] = []
    expected: list[Expected] = []
    headers = list(_CELL.finditer(text))
    if not headers:
        raise CaseError(f"{path}: a notebook is written in percent format, and begins with # %%")
    for number, header in enumerate(headers, 1):
        end = headers[number].start() if number < len(headers) else len(text)
        body = text[header.end() + 1 : end].rstrip("\n")
        attributes = dict(_ATTRIBUTE.findall(header["rest"]))
        kind = header[1] or "code"
        if kind == "markdown":
            body = "\n".join(line.removeprefix("#").removeprefix(" ") for line in body.split("\n"))
        body, found = _strip_markers(body)
        expected += [Expected(path, number, line, rule) for line, rule in found]
        metadata = {"tags": attributes["tags"].split(",")} if "tags" in attributes else {}
        lines = body.split("\n")
        source = [line + "\n" for line in lines[:-1]] + [lines[-1]] * bool(lines[-1])
        cell: dict[str, Any] = {
            "cell_type": kind,
            "id": attributes.get("id", f"cell-{number}"),
            "metadata": metadata,
            "source": source,
        }
        if kind == "code":
            cell["execution_count"] = int(attributes["exec"]) if attributes.get("exec") else None
            cell["outputs"] = _outputs(attributes.get("error"))
        cells.append(cell)
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python", "version": "3.11.7"}}
    notebook = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", expected


def _outputs(error: str | None) -> list[dict[str, Any]]:
    if not error:
        return []
    name, _, value = error.partition(":")
    return [{"output_type": "error", "ename": name, "evalue": value.strip(), "traceback": []}]
