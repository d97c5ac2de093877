"""Packs: found by their folders; a broken one, or a broken rule of one, is named and never raises."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest
from tests.conftest import write_files

from repro_lint import registry
from repro_lint.registry import BrokenPlugin, Entry, Pack, build_registry, load_pack, load_registry

RULE = """
from repro_lint.api import Confidence, Level, Outcome, Project, Rule, RuleMeta, Severity


class Made(Rule):
    meta = RuleMeta(
        code="{code}",
        name="{name}",
        family="{family}",
        level=Level.SAFE,
        severity=Severity.NOTE,
        confidence=Confidence.HIGH,
        since="0.1.0",
        summary="It is.",
        why="w",
        help="h",
    )

    def check(self, project: Project) -> Outcome:
        return ()
"""


def rule(code: str = "TST001", name: str = "first-rule", family: str = "tests") -> str:
    return RULE.format(code=code, name=name, family=family)


class Packs:
    """Packs in a folder of their own on the path, declared as installed distributions declare them."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        monkeypatch.syspath_prepend(str(folder))
        self.points: list[metadata.EntryPoint] = []
        monkeypatch.setattr(metadata, "entry_points", lambda group: [p for p in self.points if p.group == group])
        monkeypatch.setattr(registry, "bridge_rules", list)

    def add(self, name: str, module: str, files: dict[str, str]) -> None:
        write_files(self.folder / module, files)
        importlib.invalidate_caches()
        self.points.append(metadata.EntryPoint(name, module, "repro_lint.rules"))


@pytest.fixture
def packs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Packs]:
    before = set(sys.modules)
    yield Packs(tmp_path, monkeypatch)
    for name in set(sys.modules) - before:
        if name.startswith("pack_"):
            del sys.modules[name]


def broken(found: registry.Registry) -> list[tuple[str, str, str]]:
    return [(plugin.pack.name, plugin.what, plugin.error) for plugin in found.broken]


def test_a_folder_is_a_rule(packs: Packs) -> None:
    files = {
        "__init__.py": "",
        "tests/first_rule/rule.py": rule(),
        "tests/helpers.py": "",
        "tests/no_rule/README.md": "",
        "other/second_rule/rule.py": rule("TST002", "second-rule", "other"),
        "rule.py": "raise ValueError",
        "a/b/c/rule.py": "raise ValueError",
    }
    packs.add("mine", "pack_good", files)
    found = load_registry()
    assert [(e.meta.name, e.pack.name, e.folder.name) for e in found] == [
        ("first-rule", "mine", "first_rule"),
        ("second-rule", "mine", "second_rule"),
    ]
    assert found.broken == ()
    assert found.families == ["other", "tests"]
    first = found.find("first-rule")
    assert first is found.find("FIRST-RULE") is found.find("TST001") is found.find("tst001")
    assert first is not None
    assert first.page == packs.folder / "pack_good" / "tests" / "first_rule" / "README.md"
    assert found.find("third-rule") is None
    assert found.find("") is None


@pytest.mark.parametrize(
    ("content", "error"),
    [
        ("raise ValueError('at import')\n", "ValueError: at import"),
        ("raise SystemExit(0)\n", "SystemExit: 0"),
        ("import no_such_module_anywhere\n", "ModuleNotFoundError: No module named 'no_such_module_anywhere'"),
        ("def (:\n", "SyntaxError: "),
        ("from repro_lint.api import NoSuchName\n", "ImportError: cannot import name 'NoSuchName'"),
        ("raise ValueError('first line\\nsecond line')\n", "ValueError: first line"),
    ],
    ids=["raises", "exits", "missing dependency", "syntax", "api", "long"],
)
def test_a_pack_that_cannot_be_imported(packs: Packs, content: str, error: str) -> None:
    packs.add("bad", "pack_bad", {"__init__.py": content, "tests/first_rule/rule.py": rule()})
    packs.add("good", "pack_good", {"__init__.py": "", "tests/first_rule/rule.py": rule()})
    found = load_registry()
    assert [e.meta.name for e in found] == ["first-rule"]
    ((name, what, text),) = broken(found)
    assert (name, what) == ("bad", "pack pack_bad")
    assert text.startswith(error)
    assert "\n" not in text


def test_a_pack_that_is_a_module(packs: Packs) -> None:
    write_files(packs.folder, {"pack_module.py": ""})
    packs.add("module", "pack_module", {})
    ((_, what, error),) = broken(load_registry())
    assert what == "pack pack_module"
    assert "pack_module" in error


NO_META = (
    "from repro_lint.api import Project, Rule\nclass Made(Rule):\n    def check(self, p: Project):\n        return ()\n"
)


@pytest.mark.parametrize(
    ("content", "error"),
    [
        ("raise ValueError('no')\n", "ValueError: no"),
        ("raise SystemExit('bye')\n", "SystemExit: bye"),
        ("x = 1\n", "TypeError: pack_one.tests.first_rule.rule must define exactly one rule, not 0"),
        (
            rule() + "class Other(Made):\n    pass\n",
            "TypeError: pack_one.tests.first_rule.rule must define exactly one rule, not 2",
        ),
        (NO_META, "TypeError: Made has no meta = RuleMeta(...)"),
        (rule(name="First_Rule"), "ValueError: First_Rule (TST001): names are kebab-case, codes like ABC001"),
        (rule(code="X1"), "ValueError: first-rule (X1): names are kebab-case, codes like ABC001"),
        (
            rule(name="other-rule"),
            "ValueError: the folder of other-rule must be called other_rule, not first_rule",
        ),
        (
            rule(family="elsewhere"),
            "ValueError: first-rule is of the family elsewhere, but stands in the folder tests",
        ),
        (rule().replace("project: Project", "project"), "TypeError: Made.check must annotate its one parameter"),
        (rule().replace("project: Project", "project: Missing"), "NameError: name 'Missing' is not defined"),
    ],
)
def test_a_broken_rule_leaves_the_others(packs: Packs, content: str, error: str) -> None:
    files = {
        "__init__.py": "",
        "tests/first_rule/rule.py": content,
        "tests/second_rule/rule.py": rule("TST002", "second-rule"),
    }
    packs.add("one", "pack_one", files)
    found = load_registry()
    assert [e.meta.name for e in found] == ["second-rule"]
    ((name, what, text),) = broken(found)
    assert (name, what) == ("one", "rule tests/first_rule")
    assert text.startswith(error)


def test_a_name_or_code_that_is_taken(packs: Packs) -> None:
    packs.add("builtin", "pack_builtin", {"__init__.py": "", "tests/first_rule/rule.py": rule()})
    files = {
        "__init__.py": "",
        "tests/first_rule/rule.py": rule("NEW001"),
        "tests/new_rule/rule.py": rule("TST001", "new-rule"),
        "tests/fine_rule/rule.py": rule("NEW002", "fine-rule"),
    }
    packs.add("also", "pack_also", files)  # sorts before "builtin", which is loaded first all the same
    found = load_registry()
    assert [(e.meta.name, e.pack.name) for e in found] == [("fine-rule", "also"), ("first-rule", "builtin")]
    assert broken(found) == [
        (
            "also",
            "rule first-rule",
            "first-rule (NEW001) is already defined by builtin (unknown distribution ?)",
        ),
        ("also", "rule new-rule", "new-rule (TST001) is already defined by builtin (unknown distribution ?)"),
    ]


def test_a_pack_that_is_listed_twice_is_loaded_once(packs: Packs) -> None:
    packs.add("mine", "pack_twice", {"__init__.py": "", "tests/first_rule/rule.py": rule()})
    packs.points *= 2
    found = load_registry()
    assert len(list(found)) == 1
    assert found.broken == ()


def test_rules_are_ordered_by_code(packs: Packs) -> None:
    files = {"__init__.py": ""}
    for code, name in (("ZZZ001", "a-rule"), ("AAA002", "z-rule"), ("AAA001", "y-rule")):
        files[f"tests/{name.replace('-', '_')}/rule.py"] = rule(code, name)
    packs.add("mine", "pack_order", files)
    assert [m.code for m in load_registry().metas] == ["AAA001", "AAA002", "ZZZ001"]


def test_no_pack_at_all(packs: Packs) -> None:
    assert list(load_registry()) == []


def test_the_distribution_is_named() -> None:
    (point,) = metadata.entry_points(group=registry.GROUP, name="builtin")
    pack = Pack("builtin", point.value)
    assert pack.distribution == "repro-linter"
    assert str(pack) == f"builtin (repro-linter {pack.version})"
    assert str(Pack("loose")) == "loose (unknown distribution ?)"


def test_what_is_broken_before_stays_broken() -> None:
    plugin = BrokenPlugin(Pack("x"), "pack x", "E: e")
    assert build_registry([], [plugin]).broken == (plugin,)


def test_the_builtin_pack_is_whole() -> None:
    import repro_lint_rules

    entries, failures = load_pack(repro_lint_rules, Pack("builtin"))
    assert failures == []
    assert all(isinstance(entry, Entry) for entry in entries)
    assert {"internal-error", "unreadable-file", "unused-suppression", "broken-plugin"} <= {
        entry.meta.name for entry in entries
    }
