"""Which rule packs are installed: asking for that takes five times as long as Python needs to start."""

from __future__ import annotations

import sys
import zlib

from repro_lint.cache.store import is_switched_off, read_entry, write_entry
from repro_lint.cache.tree_state import code_state


def known_packs(group: str) -> list[tuple[str, str]]:
    """Name and value of each entry point of the group, each once: an editable install can list it twice.

    They are asked for again when a package was installed or removed, which changes a directory of ``sys.path``.
    """
    if is_switched_off():
        return _installed(group)
    key = f"{zlib.crc32(repr((group, sys.version, sys.path)).encode()):08x}"
    state = code_state(())
    try:
        kept, packs = read_entry("packs", key)
    except (TypeError, ValueError):
        kept, packs = None, []
    if kept != state:
        packs = _installed(group)
        write_entry("packs", key, (state, packs))
    return [(str(name), str(value)) for name, value in packs]


def _installed(group: str) -> list[tuple[str, str]]:
    from importlib import metadata

    return sorted({(point.name, point.value) for point in metadata.entry_points(group=group)})
