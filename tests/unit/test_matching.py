"""Knowing findings again, apart from any tree."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from repro_lint.comparison import align
from repro_lint.matching import Sighting, match

A = Sighting("rule", "a.py", "f", "x=1")
SIGHTINGS = st.builds(
    Sighting,
    rule=st.sampled_from("rs"),
    path=st.sampled_from(["a.py", "b.ipynb"]),
    scope=st.sampled_from(["", "f", "g"]),
    text=st.sampled_from(["", "x", "y"]),
    line=st.none() | st.integers(1, 5),
    hunk=st.none() | st.integers(1, 2),
    places=st.lists(st.sampled_from("pqr"), max_size=3).map(tuple),
)


def new(older: list[Sighting], newer: list[Sighting], **options: set[str]) -> list[int]:
    """The positions that are neither known nor edited."""
    found = match(older, newer, **options)
    return [n for n in range(len(newer)) if n not in found.known | found.edited]


class TestMatch:
    @given(st.lists(SIGHTINGS, max_size=8), st.randoms())
    def test_in_another_order_everything_is_known(self, found: list[Sighting], random: object) -> None:
        shuffled = list(found)
        random.shuffle(shuffled)  # type: ignore[attr-defined]
        result = match(found, shuffled)
        assert result.known | result.edited == result.met == set(range(len(found)))

    @given(st.lists(SIGHTINGS, max_size=8))
    def test_nothing_is_both_known_and_edited(self, found: list[Sighting]) -> None:
        result = match(found[:4], found[4:])
        assert not result.known & result.edited

    @given(st.lists(SIGHTINGS.map(lambda s: replace(s, places=())), max_size=8), st.integers(0, 7))
    def test_one_more_copy_is_one_new_finding(self, found: list[Sighting], which: int) -> None:
        if found:
            assert len(new(found, [*found, replace(found[which % len(found)], hunk=None)])) == 1

    @given(st.lists(SIGHTINGS.map(lambda s: replace(s, places=())), max_size=12))
    def test_as_many_are_known_as_are_met(self, found: list[Sighting]) -> None:
        result = match(found[:6], found[6:])
        assert len(result.known | result.edited) == len(result.met)

    def test_the_line_tells_copies_apart(self) -> None:
        assert new([replace(A, line=9)], [replace(A, line=3), replace(A, line=9)]) == [0]
        assert new([A], [replace(A, line=3), replace(A, line=9)]) == [1]

    def test_the_scope_is_surer_than_the_line(self) -> None:
        assert new([replace(A, line=3)], [replace(A, scope="g", line=3), replace(A, line=9)]) == [0]

    def test_another_file_only_with_a_scope_or_where_one_is_gone(self) -> None:
        elsewhere = replace(A, path="b.py")
        assert new([A], [elsewhere]) == []
        assert new([replace(A, scope="")], [replace(elsewhere, scope="")]) == [0]
        assert new([replace(A, scope="")], [replace(elsewhere, scope="")], gone={"a.py"}, added={"b.py"}) == []
        assert new([replace(A, scope="")], [replace(elsewhere, scope="")], gone={"a.py"}) == [0]

    def test_an_edited_line_has_one_partner(self) -> None:
        older, newer = replace(A, hunk=1), replace(A, text="x=2", hunk=1)
        result = match([older], [newer, newer])
        assert (result.known, result.edited) == (set(), {0})
        assert match([older], [replace(newer, hunk=2)]).edited == set()
        assert match([older], [replace(newer, rule="another")]).edited == set()

    def test_a_finding_about_several_places_begins_with_another(self) -> None:
        result = match([replace(A, places=("p", "q"))], [replace(A, text="y", places=("q",))])
        assert (result.known, result.met) == ({0}, {0})
        result = match([replace(A, places=("q",))], [replace(A, text="y", places=("p", "q"))])
        assert (result.known, result.edited) == (set(), {0})

    def test_it_falls_apart_and_comes_together(self) -> None:
        whole = replace(A, text="all", places=("p", "q", "r"))
        parts = [replace(A, path=place, text=place, scope="", places=(place,)) for place in "pqr"]
        result = match([whole], parts)
        assert (result.known, result.met) == ({0, 1, 2}, {0})
        result = match(parts, [whole])
        assert (result.known, result.met) == ({0}, {0, 1, 2})
        assert new([whole], [*parts, parts[0]]) == [3]

    def test_different_subjects_are_different_findings(self) -> None:
        older = replace(A, text="one", subject="one", places=("p",))
        assert new([older], [replace(A, text="two", subject="two", places=("p",))]) == [0]


LINES = st.lists(st.sampled_from("abc"), max_size=12)


class TestAlign:
    @given(LINES, LINES)
    def test_what_is_kept_is_the_same_in_the_same_order(self, old: list[str], now: list[str]) -> None:
        found = align(old, now)
        assert all(old[before - 1] == now[after - 1] for before, after in found.kept.items())
        ordered = [found.kept[before] for before in sorted(found.kept)]
        assert ordered == sorted(set(ordered))
        assert not found.kept.keys() & found.old_hunks.keys()
        assert not set(found.kept.values()) & found.new_hunks.keys()
        assert set(found.old_hunks.values()) == set(found.new_hunks.values())

    def test_an_edited_line_between_others(self) -> None:
        found = align(["a", "b", "c", "d"], ["a", "n", "b", "x", "d"])
        assert found.kept == {1: 1, 2: 3, 4: 5}
        assert (list(found.old_hunks), list(found.new_hunks)) == ([3], [4])
