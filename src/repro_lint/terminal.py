"""What the terminal can show: colour, safe text, and a progress line for long runs."""

from __future__ import annotations

import os
import sys
import time
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Literal, TextIO

ColorChoice = Literal["auto", "always", "never"]
_CODES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "blue": "34", "cyan": "36"}


class Style:
    """Applies ANSI attributes, or nothing where there is no colour."""

    def __init__(self, color: bool = False) -> None:
        self.color = color

    def __call__(self, text: str, *attributes: str) -> str:
        if not self.color or not attributes:
            return text
        return f"\x1b[{';'.join(_CODES[a] for a in attributes)}m{text}\x1b[0m"


def wants_color(choice: ColorChoice, stream: TextIO) -> bool:
    """Whether to colour: as asked, else NO_COLOR and FORCE_COLOR (non-empty), else whether it is a terminal."""
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def printable(text: str) -> str:
    """The text with tabs as four spaces, and control characters made visible: a file must not steer the terminal."""
    text = text.replace("\t", "    ")
    if text.isprintable():
        return text
    return "".join(
        c if c.isprintable() or unicodedata.category(c) == "Zs" else ("\ufffd" if ord(c) > 0x9F else f"\\x{ord(c):02x}")
        for c in text
    )


def width(text: str) -> int:
    """The number of terminal columns that the text takes."""
    if text.isascii():
        return len(text)
    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in text)
    return len(text) + wide - sum(unicodedata.combining(c) != 0 for c in text)


@contextmanager
def progress(stream: TextIO | None = None, *, delay: float = 1.0) -> Iterator[Callable[[int, int], None] | None]:
    """A callback for files done and files in all, shown once the work lasts ``delay`` seconds; None off a terminal."""
    stream = stream or sys.stderr
    if not stream.isatty() or os.environ.get("TERM") == "dumb":
        yield None
        return
    started = time.monotonic()
    bar = None
    task = None

    def advance(done: int, total: int) -> None:
        nonlocal bar, task
        if bar is None:
            if time.monotonic() - started < delay:
                return
            from rich.console import Console
            from rich.progress import Progress

            bar = Progress(console=Console(file=stream), transient=True)
            task = bar.add_task("checking", total=total)
            bar.start()
        if task is not None:
            bar.update(task, completed=done)

    try:
        yield advance
    finally:
        if bar is not None:
            bar.stop()
