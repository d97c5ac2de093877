"""One file of the tree: its bytes, read at most once, and the search in them for what rules look for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, cached_property

from repro_lint.files import FileView

MAX_FILE_SIZE = 20 * 1024 * 1024
_WORD_BYTES = b"abcdefghijklmnopqrstuvwxyz0123456789_"
# Every byte of a word in lower case, everything else a space.
_TO_WORDS = bytes(c if c in _WORD_BYTES else 32 for c in bytes(range(256)).lower())


# What the outputs and attachments of notebooks show, as one string or a list of strings: most of what they store. Of a
# string this is the beginning only: its end is found a hundred times faster than matched.
_STRING = rb'"[^"\\]*(?:\\.[^"\\]*)*"'
_SHOWN = re.compile(
    rb'"(?:(?:image|video|audio)/[\w.+-]+|application/(?:pdf|javascript)|text/html)"\s*:\s*'
    rb'(?:"|\[[^\]"]*(?:%b[^\]"]*)*\])' % _STRING,
    re.S,
)


class FileTooLargeError(OSError):
    """The file exceeds the size up to which files are read."""


class SourceFile:
    """One file of the tree, read at most once."""

    def __init__(self, path: str, view: FileView, max_size: int = MAX_FILE_SIZE) -> None:
        self.path = path
        self._view = view
        self._max_size = max_size
        self._contained: dict[tuple[bytes, ...], bool] = {}

    @cached_property
    def data(self) -> bytes:
        """The content. Raises ``OSError`` where it cannot be read, ``FileTooLargeError`` where it should not be."""
        size = self._view.size(self.path)
        if size > self._max_size:
            limit = self._max_size / 2**20
            raise FileTooLargeError(f"{size / 2**20:.1f} MiB is more than max-file-size ({limit:g} MiB)")
        return self._view.read(self.path)

    @cached_property
    def written(self) -> bytes:
        """The content without the pictures and pages that a notebook stores, for whoever looks for words in it."""
        return _without_shown(self.data) if self.path.endswith(".ipynb") else self.data

    @property
    def is_loaded(self) -> bool:
        """Whether the content is at hand."""
        return "data" in self.__dict__

    def contains_any(self, triggers: tuple[bytes, ...]) -> bool:
        """Whether one of the ASCII strings occurs, in any case; always true when there are none to look for.

        Also true where the search could miss one: an ASCII character written as a JSON escape, or UTF-16.
        """
        if not triggers:
            return True
        found = self._contained.get(triggers)
        if found is None:
            found = self._contained[triggers] = self._opaque or self._holds_one_of(triggers)
        return found

    def remember(self, asked: Sequence[tuple[bytes, ...]], answers: Sequence[bool]) -> None:
        """Take over what ``contains_any`` has said elsewhere, in the order of the questions."""
        self._contained.update(zip(asked, answers, strict=False))

    def _holds_one_of(self, triggers: tuple[bytes, ...]) -> bool:
        words, others, signs = _split(triggers)
        if words:
            vocabulary = self._vocabulary
            for word in words:  # no any(): a generator takes as long as the search itself
                if word in vocabulary:
                    return True
        if others:
            folded = self._folded
            for other in others:
                if other in folded:
                    return True
        return bool(signs) and any(sign in self.written for sign in signs)

    @cached_property
    def _folded(self) -> bytes:
        return self.written.lower()

    @cached_property
    def _vocabulary(self) -> bytes:
        """Every word once: what a part of a word occurs in, in a fifth of the bytes of most programs."""
        return b" ".join(set(self.written.translate(_TO_WORDS).split()))

    @cached_property
    def _opaque(self) -> bool:
        if self.data.startswith((b"\xff\xfe", b"\xfe\xff")):
            return True
        return self.path.endswith((".ipynb", ".json")) and (b"\\u00" in self.written or b"\\/" in self.written)

    def release(self) -> None:
        """Forget the content; it is read again if somebody asks."""
        for name in ("data", "written", "_folded", "_vocabulary"):
            self.__dict__.pop(name, None)


def _without_shown(data: bytes) -> bytes:
    kept, at = [], 0
    while match := _SHOWN.search(data, at):
        end = match.end()
        if data.endswith(b'"', 0, end) and (end := _end_of_string(data, end)) < 0:
            break
        kept.append(data[at : match.start()])
        at = end
    kept.append(data[at:])
    return b'""'.join(kept)


def _end_of_string(data: bytes, at: int) -> int:
    """Where the JSON string ends whose content begins here: behind a quote that is not escaped; -1 for nowhere."""
    while (quote := data.find(b'"', at)) >= 0:
        before = data[at:quote]
        at = quote + 1
        if (len(before) - len(before.rstrip(b"\\"))) % 2 == 0:
            return at
    return -1


@cache
def _split(triggers: tuple[bytes, ...]) -> tuple[tuple[bytes, ...], ...]:
    """The triggers in lower case: those that are part of a word, those that hold anything else, and those of signs."""
    folded = [trigger.lower() for trigger in triggers]
    words = tuple(t for t in folded if t and not t.strip(_WORD_BYTES))
    signs = tuple(t for t in folded if t.upper() == t and t not in words)  # without letters there is no case
    return words, tuple(t for t in folded if t not in words and t not in signs), signs
