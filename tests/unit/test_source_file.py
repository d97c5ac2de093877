"""What files hold of what rules look for, told from their words, is what a search of their bytes would tell."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repro_lint import source_file
from repro_lint.files import open_view
from repro_lint.source_file import SourceFile, look_for

_PIECES = st.lists(st.sampled_from(["seed", "Seed(", "os", ".", "path", "x", " ", "\n", "%%", "é", "_", "to", "raw/"]))
_TRIGGERS = (b"seed", b"os.path", b"seed(", b"%%", b"_to", b"RAW/x", b"to_path", b"pathos", b"# x")


def _file(content: bytes) -> SourceFile:
    file = SourceFile("a.py", open_view(Path(__file__).parent))
    file.__dict__["data"] = content
    return file


@given(texts=st.lists(_PIECES.map("".join), min_size=1, max_size=4), triggers=st.permutations(_TRIGGERS))
def test_words_tell_what_the_bytes_hold(texts: list[str], triggers: list[bytes]) -> None:
    """Whatever was looked for and found before, in this file and in others."""
    source_file._split.cache_clear()
    source_file._lexicon.__init__()  # type: ignore[misc]
    for text, first in zip(texts, triggers, strict=False):
        file = _file(text.encode())
        for trigger in (first, *_TRIGGERS):
            assert file.contains_any((trigger,)) is (trigger.lower() in text.encode().lower())
        assert file.contains_any((b"nowhere", first)) is (first.lower() in text.encode().lower())


def test_words_are_forgotten_when_there_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """A tree of any size is looked at in bounded memory, and nothing is lost."""
    monkeypatch.setattr(source_file, "_MOST_KEPT", 10)
    look_for((b"wanted",))
    for number in range(30):
        file = _file(f"word{number} other{number} unwanted{number}".encode())
        assert file.contains_any((b"wanted",))
        assert not _file(f"word{number} other".encode()).contains_any((b"wanted",))
    assert len(source_file._lexicon._known_plain) <= 14
