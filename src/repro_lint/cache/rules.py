"""What the rules of the installed packs say of themselves: importing them all takes longer than most runs."""

from __future__ import annotations

import sys
import zlib
from collections.abc import Sequence
from typing import Any

from repro_lint.cache.store import read_entry, write_entry
from repro_lint.cache.tree_state import Code


def known_rules(packs: Sequence[tuple[str, str]], code: Code) -> Any:
    """What was kept for these packs and this code; None for a miss."""
    try:
        kept, rows = read_entry("packs", _key(packs))
    except (TypeError, ValueError):
        return None
    return rows if kept == code else None


def keep_rules(packs: Sequence[tuple[str, str]], code: Code, rows: Any) -> None:
    """Keep it, in place of what was kept of other code."""
    write_entry("packs", _key(packs), (code, rows))


def _key(packs: Sequence[tuple[str, str]]) -> str:
    return f"rules-{zlib.crc32(repr((list(packs), sys.version, sys.path)).encode()):08x}"
