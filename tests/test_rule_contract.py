"""Every rule keeps the contract: its page, its cases, its triggers, its order, and that nothing makes it raise."""

from __future__ import annotations

import pytest

from repro_lint.registry import Entry, load_registry
from repro_lint.testing.contract import contract_problems

pytestmark = pytest.mark.untraced

REGISTRY = load_registry()
ENTRIES = [entry for entry in REGISTRY if entry.pack.name == "builtin"]


@pytest.mark.parametrize("entry", ENTRIES, ids=[entry.meta.name for entry in ENTRIES])
def test_contract(entry: Entry) -> None:
    assert contract_problems(entry, REGISTRY) == []


def test_names_and_codes_are_unique() -> None:
    assert len({entry.meta.code for entry in ENTRIES}) == len(ENTRIES)
    words = {word for e in ENTRIES for word in (e.meta.family, str(e.meta.level), "all")}
    assert words.isdisjoint(entry.meta.name for entry in ENTRIES)


def test_the_letters_of_a_code_belong_to_one_family() -> None:
    families = {(entry.meta.code.rstrip("0123456789"), entry.meta.family) for entry in ENTRIES}
    assert len({letters for letters, _ in families}) == len(families)
