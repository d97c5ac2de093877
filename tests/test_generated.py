"""What ``tools/generate.py`` writes is committed as it would be written now."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType

import pytest

from repro_lint.registry import Registry, load_registry

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def generate() -> ModuleType:
    """The tool, as a module."""
    spec = importlib.util.spec_from_file_location("generate", ROOT / "tools" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def builtin() -> Registry:
    return Registry({name: e for name, e in load_registry().entries.items() if e.pack.name == "builtin"})


def test_is_up_to_date(
    generate: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["generate.py", "--check"])
    assert (generate.main(), capsys.readouterr().out) == (0, "")


def test_check_names_what_is_stale_and_writes_nothing(
    generate: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(generate, "ROOT", tmp_path)
    monkeypatch.setattr(generate, "rule_table", lambda registry: "table\n")
    monkeypatch.setattr(sys, "argv", ["generate.py", "--check"])
    assert generate.main() == 1
    assert capsys.readouterr().out.splitlines() == [
        "schemas/report.schema.json is out of date: run `make generated`",
        "schemas/config.schema.json is out of date: run `make generated`",
        "rules/README.md is out of date: run `make generated`",
    ]
    assert list(tmp_path.iterdir()) == []
    monkeypatch.setattr(sys, "argv", ["generate.py"])
    assert generate.main() == 0
    assert json.loads((tmp_path / "schemas" / "config.schema.json").read_text())["title"] == "repro-lint configuration"
    monkeypatch.setattr(sys, "argv", ["generate.py", "--check"])
    assert generate.main() == 0


def test_the_table_links_to_every_page(generate: ModuleType) -> None:
    table = generate.rule_table(builtin())
    for entry in builtin():
        link = f"[{entry.meta.name}]({entry.page.relative_to(ROOT / 'rules').as_posix()})"
        assert table.count(link) == 1
        assert entry.page.is_file()
