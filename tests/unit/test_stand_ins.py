"""Rules that an earlier run has imported: known without an import, and the same to everybody who asks."""

from __future__ import annotations

import importlib
import pickle
import sys
from pathlib import Path

import pytest
from tests.conftest import MemoryView, write_files
from tests.unit.test_registry import Packs, broken, packs, rule

from repro_lint.cache.rules import keep_rules, known_rules
from repro_lint.config import Configuration, Settings
from repro_lint.engine import run
from repro_lint.errors import ConfigError
from repro_lint.facts import fact_key
from repro_lint.project import Project
from repro_lint.registry import Entry, load_registry
from repro_lint.rule import EngineRule
from repro_lint.session import Session, Target
from repro_lint.stand_ins import can_stand_in, row_of, stand_in
from repro_lint.tables import validated

__all__ = ["packs"]

LOADED = load_registry()
DAMAGED = [
    None,
    7,
    [7],
    [(("mine", "pack_damaged"), "folder", (1, 2))],
    [(("mine", "pack_damaged"), "folder", ((1, 2), False, (), (), (), ()))],
    [(("mine", "pack_damaged"), "folder", (("pack_damaged", "Made"), False, (), (), (), ()))],
]


@pytest.fixture(autouse=True)
def _cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REPRO_LINT_NO_CACHE")
    monkeypatch.setenv("REPRO_LINT_CACHE_DIR", str(tmp_path / "cache"))


def forget(module: str) -> None:
    """Let the pack be as it is to a new process."""
    for name in [name for name in sys.modules if name.partition(".")[0] == module]:
        del sys.modules[name]


def imported(module: str) -> bool:
    """Whether the only rule of the pack has been imported."""
    return f"{module}.tests.first_rule.rule" in sys.modules


class TestStandIns:
    @pytest.mark.parametrize("entry", list(LOADED), ids=lambda entry: entry.meta.name)
    def test_a_stand_in_says_what_the_rule_says(self, entry: Entry) -> None:
        known = stand_in(row_of(entry.rule))
        assert known.meta == entry.meta
        assert known.triggers == entry.rule.triggers
        assert known.subjects() == entry.rule.subjects()
        assert issubclass(known, EngineRule) == issubclass(entry.rule, EngineRule)
        facts = entry.rule.facts
        assert list(map(fact_key, known.facts)) == list(map(fact_key, facts))
        assert [(f.subject, f.triggers) for f in known.facts] == [(f.subject, f.triggers) for f in facts]

    def test_it_finds_the_rule(self) -> None:
        entry = LOADED.entries["heavy-outputs"]
        assert stand_in(row_of(entry.rule)).imported() is entry.rule
        assert entry.rule.imported() is entry.rule

    def test_another_process_gets_the_rule_itself(self) -> None:
        entry = LOADED.entries["heavy-outputs"]
        assert entry.rule.Options is not None
        options = validated(entry.rule.Options, {"max-kilobytes": 7})
        sent = pickle.loads(pickle.dumps(stand_in(row_of(entry.rule))(options)))
        assert type(sent) is entry.rule
        assert sent.options == options

    def test_a_class_that_its_name_does_not_lead_to_has_none(self) -> None:
        entry = LOADED.entries["heavy-outputs"]
        hidden = type("Hidden", (entry.rule,), {"__module__": entry.rule.__module__})
        assert can_stand_in([entry.rule])
        assert not can_stand_in([entry.rule, hidden])


class TestLoading:
    def test_the_second_time_no_rule_is_imported(self, packs: Packs) -> None:
        packs.add("mine", "pack_kept", {"__init__.py": "", "tests/first_rule/rule.py": rule()})
        first = load_registry(deferred=True)
        assert imported("pack_kept")
        forget("pack_kept")
        second = load_registry(deferred=True)
        assert not imported("pack_kept")
        assert second.metas == first.metas
        assert second.code == first.code
        assert [(e.folder, e.pack.name) for e in second] == [(e.folder, e.pack.name) for e in first]

    def test_who_needs_all_of_them_gets_them(self, packs: Packs) -> None:
        packs.add("mine", "pack_whole", {"__init__.py": "", "tests/first_rule/rule.py": rule()})
        load_registry(deferred=True)
        forget("pack_whole")
        (entry,) = load_registry()
        assert entry.rule is sys.modules["pack_whole.tests.first_rule.rule"].Made

    def test_a_rule_that_changes_is_imported_again(self, packs: Packs) -> None:
        packs.add("mine", "pack_edited", {"__init__.py": "", "tests/first_rule/rule.py": rule()})
        load_registry(deferred=True)
        forget("pack_edited")
        write_files(packs.folder / "pack_edited", {"tests/first_rule/rule.py": rule("TST007") + "# edited\n"})
        importlib.invalidate_caches()
        assert [meta.code for meta in load_registry(deferred=True).metas] == ["TST007"]

    def test_a_broken_rule_is_told_each_time(self, packs: Packs) -> None:
        files = {"__init__.py": "", "tests/first_rule/rule.py": rule(), "tests/second_rule/rule.py": "x = 1 / 0\n"}
        packs.add("mine", "pack_half", files)
        said = [broken(load_registry(deferred=True)) for _ in range(2)]
        assert said[0] == said[1] == [("mine", "rule tests/second_rule", "ZeroDivisionError: division by zero")]

    def test_nothing_is_kept_without_a_cache(self, packs: Packs, monkeypatch: pytest.MonkeyPatch) -> None:
        packs.add("mine", "pack_unkept", {"__init__.py": "", "tests/first_rule/rule.py": rule()})
        monkeypatch.setenv("REPRO_LINT_NO_CACHE", "1")
        for _ in range(2):
            forget("pack_unkept")
            load_registry(deferred=True)
            assert imported("pack_unkept")

    @pytest.mark.parametrize("rows", DAMAGED)
    def test_a_damaged_index_is_a_miss(self, packs: Packs, rows: object) -> None:
        packs.add("mine", "pack_damaged", {"__init__.py": "", "tests/first_rule/rule.py": rule()})
        installed = [("mine", "pack_damaged")]
        code = load_registry(deferred=True).code
        assert known_rules(installed, code)
        keep_rules(installed, code, rows)
        forget("pack_damaged")
        assert [meta.name for meta in load_registry(deferred=True).metas] == ["first-rule"]
        assert imported("pack_damaged")

    def test_nothing_is_imported_that_is_no_part_of_a_pack(self, packs: Packs, tmp_path: Path) -> None:
        packs.add("mine", "pack_foreign", {"__init__.py": "", "tests/first_rule/rule.py": rule()})
        write_files(packs.folder, {"planted.py": rule()})
        installed = [("mine", "pack_foreign")]
        code = load_registry(deferred=True).code
        ((pack, folder, row),) = known_rules(installed, code)
        keep_rules(installed, code, [(pack, folder, (("planted", "Made"), *row[1:]))])
        forget("pack_foreign")
        (entry,) = load_registry(deferred=True)
        assert entry.rule.imported().__module__ == "pack_foreign.tests.first_rule.rule"
        assert "planted" not in sys.modules


class TestRunning:
    def test_a_rule_is_imported_when_a_file_calls_for_it(self, packs: Packs) -> None:
        text = rule().replace("Project, ", "Finding, Place, TextFile, ").replace("project: Project", "file: TextFile")
        text = text.replace("return ()", 'return [Finding(Place(file.path), "found")]')
        packs.add(
            "mine", "pack_called", {"__init__.py": "", "tests/first_rule/rule.py": text + '    triggers = (b"x",)\n'}
        )
        load_registry(deferred=True)
        forget("pack_called")
        (entry,) = load_registry(deferred=True)
        assert run(Project(MemoryView({"a.txt": "y\n"})), [entry.rule()]).findings == []
        assert not imported("pack_called")
        ((meta, finding),) = run(Project(MemoryView({"a.txt": "x\n"})), [entry.rule()]).findings
        assert (meta.name, finding.message) == ("first-rule", "found")
        assert imported("pack_called")

    def test_a_rule_that_is_gone_has_crashed(self, packs: Packs) -> None:
        packs.add("mine", "pack_gone", {"__init__.py": "", "tests/first_rule/rule.py": rule()})
        load_registry(deferred=True)
        forget("pack_gone")
        (entry,) = load_registry(deferred=True)
        (entry.folder / "rule.py").unlink()
        importlib.invalidate_caches()
        ((meta, finding),) = run(Project(MemoryView({})), [entry.rule()]).findings
        assert meta.name == "internal-error"
        assert "first-rule crashed on this project: ModuleNotFoundError" in finding.message

    def test_options_are_those_of_the_rule(self, packs: Packs) -> None:
        options = "    class Options(RuleOptions):\n        most: int = Field(3, ge=1)\n"
        text = rule().replace("Rule, ", "Field, Rule, RuleOptions, ") + options
        packs.add("mine", "pack_options", {"__init__.py": "", "tests/first_rule/rule.py": text})
        target = Target(packs.folder, (), files_only=False)
        for values, most in (({}, 3), ({"most": 5}, 5)):
            settings = validated(Settings, {"rules": {"first-rule": values}})
            load_registry(deferred=True)
            forget("pack_options")
            session = Session(target, Configuration(settings), load_registry(deferred=True))
            (made,) = session.rules
            assert type(pickle.loads(pickle.dumps(made))).__name__ == "Made"
            assert pickle.loads(pickle.dumps(made)).options.most == most
        wrong = Configuration(validated(Settings, {"rules": {"first-rule": {"mots": 1}}}))
        with pytest.raises(ConfigError, match=r'unknown key "mots".*did you mean "most"'):
            Session(target, wrong, load_registry(deferred=True))
