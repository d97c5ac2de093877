"""Programs that write what they have read."""

from __future__ import annotations

import re
from collections.abc import Iterator

from repro_lint.api import Project, lazy_pattern
from repro_lint_rules.data.accesses import Access, FileAccesses
from repro_lint_rules.data.path_values import HERE, UNKNOWN

_DATA = lazy_pattern(
    r"\.(?:csv|tsv|dat|data|xlsx?|parquet|feather|arrow|npy|npz|mat|sav|dta|geojson|shp|gpkg|nc|fits|fa|fasta|jsonl|ndjson|xml|tiff?)"
    r"(?:\.(?:gz|bz2|xz|zip))?$"
)
_STATE = lazy_pattern(
    r"log|cache|history|state|checkpoint|progress|leaderboard|result|tracker|summary|tmp|temp|todo|user|score", re.I
)
_TESTS = lazy_pattern(r"(?:^|/)tests?/|(?:^|/)test_[^/]*\.py$|_test\.py$")


def overwrites(project: Project) -> Iterator[tuple[Access, Access]]:
    """The read and the write of each file that a program has from elsewhere and overwrites."""
    for program, use in project.file_facts(FileAccesses).items():
        if _TESTS.search(program) or use.moves:
            continue
        first: dict[str, Access] = {}
        for access in sorted(use.accesses, key=lambda access: access.order):
            path = access.path
            if access.mode in ("make", "probe", "list") or UNKNOWN in path or not access.sure:
                continue
            earlier = first.setdefault(path, access)
            if earlier is access or earlier.mode != "read" or access.mode != "write":
                continue
            first[path] = access  # told once
            named = path.removeprefix(HERE)
            if (
                _DATA.search(named)
                and not _STATE.search(named)
                and not earlier.guarded
                and access.place.scope == earlier.place.scope
            ):
                yield earlier, access
