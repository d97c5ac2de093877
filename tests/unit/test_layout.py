"""The layout that tools rely on."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_every_folder_of_rules_is_a_package() -> None:
    """import-linter sees packages only: a folder without ``__init__.py`` would escape the contracts."""
    pack = ROOT / "rules" / "repro_lint_rules"
    folders = {path.parent for path in pack.rglob("*.py")} | {path.parent for path in pack.rglob("README.md")}
    assert len(folders) > 10
    assert [folder for folder in folders if not (folder / "__init__.py").is_file()] == []


def test_modules_stay_short() -> None:
    """A module is a noun of at most about 400 lines."""
    modules = [*(ROOT / "src").rglob("*.py"), *(ROOT / "rules").rglob("*.py")]
    assert len(modules) > 50
    long = {str(m.relative_to(ROOT)): n for m in modules if (n := len(m.read_text("utf-8").splitlines())) > 450}
    assert long == {}
