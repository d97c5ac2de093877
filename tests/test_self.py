"""The project keeps its own rules."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.conftest import Lint

pytestmark = pytest.mark.untraced

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.skipif(shutil.which("git") is None, reason="without git, what belongs to the project is not known")
def test_nothing_is_found_here_at_any_level(lint: Lint) -> None:
    lint.cd(ROOT)
    result = lint("--level", "production", "--output-format", "concise", ".")
    assert result.code == 0, result.out
    # The exit code lets notes pass.
    assert any(line.startswith("no findings: ") for line in result.lines), result.out
    assert result.lines[-1] == "level reached: production"
