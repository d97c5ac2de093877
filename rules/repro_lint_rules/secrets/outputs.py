"""The texts among the stored outputs of a cell: what was printed, shown as text or HTML, and the traces of errors."""

from __future__ import annotations

import html
import json
from collections.abc import Iterator
from typing import Any

from repro_lint.api import NotebookCell, lazy_pattern

_ANSI = lazy_pattern(r"\x1b\[[0-9;]{0,20}[A-Za-z]")
_TAG = lazy_pattern(r"<[^<>]{0,5000}>")
_TEXTS = ("text/plain", "text/markdown", "text")
_HTML = ("text/html", "html")
_PROGRAMS = ("script", "style", "svg")


def output_texts(cell: NotebookCell) -> Iterator[tuple[int, str]]:
    """Each text with the number of its output, which counts from 1. Pictures, widgets and programs are no texts."""
    for number, output in enumerate(cell.outputs, 1):
        if isinstance(trace := output.get("traceback"), list):
            yield number, _ANSI.sub("", "\n".join(map(_joined, (*trace, output.get("evalue")))))
        data = output.get("data")
        shown: dict[str, Any] = data if isinstance(data, dict) else output
        for kind, value in shown.items():
            if kind in _TEXTS:
                yield number, _ANSI.sub("", _joined(value))
            elif kind in _HTML:
                yield number, text_of_html(_joined(value))
            elif kind == "application/json" and isinstance(value, dict | list):
                yield number, json.dumps(value, ensure_ascii=False, indent=0)


def _joined(value: Any) -> str:
    if isinstance(value, list):
        return "".join(part for part in value if isinstance(part, str))
    return value if isinstance(value, str) else ""


def text_of_html(page: str) -> str:
    """The text that a reader of the page sees, with a blank for each tag."""
    for name in _PROGRAMS:
        page = _without(page, name)
    return html.unescape(_TAG.sub(" ", page))


def _without(page: str, name: str) -> str:
    """The page without the elements of this name; one that does not end takes the rest with it."""
    lower = page.lower()
    if len(lower) != len(page):  # a few letters of other scripts grow
        lower = page
    kept: list[str] = []
    at = 0
    while (start := lower.find(f"<{name}", at)) >= 0:
        kept.append(page[at:start])
        end = lower.find(f"</{name}", start)
        at = len(page) if end < 0 else end
    return "".join(kept) + page[at:]
