"""Other tools that find repro-lint through its entry points, each run for real."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from repo_review.ghpath import EmptyTraversable, GHPath
from repo_review.processor import collect_all, process
from tests.conftest import Repository, git, write_files

from repro_lint.config import find_config, load_config
from repro_lint.errors import ConfigError

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
STUDY = {
    "pyproject.toml": '[project]\nname = "study"\nversion = "1"\ndependencies = ["numpy"]\n',
    "README.md": "# Study\n",
    "analysis.py": "print(1)\n",
}


def command(name: str, *arguments: str, cwd: Path) -> tuple[int, str]:
    """The exit code of another tool's command and what it prints."""
    done = subprocess.run(
        [str(BIN / name), *arguments],
        cwd=cwd,
        env={**os.environ, "COLUMNS": "200"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


def validate(root: Path, table: str) -> tuple[int, str]:
    """What validate-pyproject says of a pyproject.toml with this table."""
    write_files(root, {"pyproject.toml": f"{STUDY['pyproject.toml']}\n{table}"})
    return command("validate-pyproject", "pyproject.toml", cwd=root)


def test_validate_pyproject_accepts_what_is_right(tmp_path: Path) -> None:
    assert command("validate-pyproject", "pyproject.toml", cwd=ROOT) == (0, "Valid file: pyproject.toml\n")
    assert validate(tmp_path, "[tool.other]\nlevel = 1\n") == (0, "Valid file: pyproject.toml\n")


CASES = {
    "everything": """\
[tool.repro-lint]
extend = "base.toml"
level = "production"
fail-on = "never"
min-confidence = "low"
exclude = ["old/"]
max-file-size = 0.5
[tool.repro-lint.severity]
no-lockfile = "note"
[[tool.repro-lint.per-file-ignores]]
paths = ["old/"]
rules = ["all"]
reason = "as it was published"
""",
    "an unknown key": "[tool.repro-lint]\nlebel = 'safe'\n",
    "no such level": "[tool.repro-lint]\nlevel = 'prod'\n",
    "no number": "[tool.repro-lint]\nmax-file-size = 'big'\n",
    "not above zero": "[tool.repro-lint]\nmax-file-size = 0\n",
    "no reason": "[[tool.repro-lint.per-file-ignores]]\npaths = ['a']\nrules = ['all']\nreason = ''\n",
    "no such severity": "[tool.repro-lint.severity]\nno-lockfile = 'fatal'\n",
    "options of a rule without any": "[tool.repro-lint.rules.no-such-rule]\nx = 1\n",
}


@pytest.mark.parametrize("table", CASES.values(), ids=CASES)
def test_validate_pyproject_agrees_with_a_run(table: str, tmp_path: Path) -> None:
    code, said = validate(tmp_path, table)
    write_files(tmp_path, {"base.toml": ""})
    try:
        found = find_config(tmp_path, tmp_path)
        assert found is not None
        load_config(found)
        right = "no-such-rule" not in table  # a run looks at the names of rules later
    except ConfigError:
        right = False
    assert code == int(not right), said
    assert ("tool.repro-lint" in said) != right


def test_repo_review_shows_the_rules_about_the_repository(repository: Repository) -> None:
    ignored = '[[tool.repro-lint.per-file-ignores]]\npaths = ["*"]\nrules = ["RUN002"]\nreason = "in the wiki"\n'
    root = repository({**STUDY, "pyproject.toml": STUDY["pyproject.toml"] + ignored})
    code, said = command("repo-review", "--format", "json", "--select", "ENV,RUN,TST,NBK", str(root), cwd=root.parent)
    found = json.loads(said)
    assert code != 0
    assert found["families"]["repro-lint"]["name"] == "Reproducibility"
    checks = found["checks"]
    assert {name: check["result"] for name, check in checks.items()} == {
        "ENV002": False,
        "NBK011": None,  # of a level that the configuration does not ask for
        "NBK013": True,
        "RUN002": True,  # suppressed
        "TST002": None,  # not applicable: there is no module to test
    }
    assert checks["ENV002"]["description"] == "no-lockfile"
    assert checks["ENV002"]["err_msg"].startswith("`pyproject.toml:4`: pyproject.toml leaves the version of numpy open")
    assert "What to do: run" in checks["ENV002"]["err_msg"]


def test_repo_review_lists_the_rules_without_a_repository() -> None:
    assert command("repo-review", "--list", cwd=ROOT)[0] == 0
    listed = collect_all(EmptyTraversable()).checks
    assert {"ENV002", "RUN002", "TST002"} <= {name for name, check in listed.items() if check.family == "repro-lint"}


def test_repo_review_goes_on_where_the_configuration_is_wrong(repository: Repository) -> None:
    root = repository({**STUDY, "repro-lint.toml": "lebel = 'safe'\n"})
    results = {result.name: result for result in process(root).results}
    assert results["ENV002"].err_msg.startswith("repro-lint could not run: ")
    assert 'unknown key "lebel"' in results["ENV002"].err_msg
    assert results["VPP001"].result is True


def remote(files: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> GHPath:
    """A repository as GitHub's interface shows it; what is binary cannot be had."""
    folders = {str(folder) for path in files for folder in Path(path).parents} - {"."}
    entries = [{"path": path, "type": "tree"} for path in folders] + [{"path": path, "type": "blob"} for path in files]

    def open_url(url: str) -> str:
        text = files[url.removeprefix("https://raw.githubusercontent.com/lab/study/main/")]
        return text.encode("latin-1").decode() if text.startswith("\x89PNG") else text

    monkeypatch.setattr(GHPath, "open_url", staticmethod(open_url))
    return GHPath(repo="lab/study", branch="main", _info=entries)


def test_repo_review_of_a_repository_that_is_not_here(monkeypatch: pytest.MonkeyPatch) -> None:
    tree = {
        **STUDY,
        "shop/__init__.py": "",
        "shop/cart.py": "def total(items):\n    return sum(items)\n",
        "shop/prices.py": "def net(gross):\n    return gross / 1.19\n",
        "tests/test_cart.py": "from shop.cart import total\n\n\ndef test_total():\n    assert total([1, 2]) == 3\n",
        "plot.png": "\x89PNG",
        "plot.py": "\x89PNG",
    }
    results = {r.name: r for r in process(remote(tree, monkeypatch)).results}
    assert {name: results[name].result for name in ("ENV002", "RUN002", "TST002")} == {
        "ENV002": False,
        "RUN002": False,
        "TST002": False,
    }
    assert results["TST002"].err_msg.startswith("`shop/prices.py`: ")
    tree |= {"uv.lock": "version = 1\n", "repro-lint.toml": "ignore = ['RUN002']\nlevel = 'runnable'\n"}
    results = {r.name: r for r in process(remote(tree, monkeypatch)).results}
    assert {name: results[name].result for name in ("ENV002", "RUN002", "TST002")} == {
        "ENV002": True,
        "RUN002": None,
        "TST002": None,
    }


DRAW = "import numpy as np\n\nx = np.random.rand()\n"


@pytest.fixture
def changed(repository: Repository) -> Path:
    """A repository with old findings, and changes that bring new ones."""
    root = repository({**STUDY, "old.py": DRAW, "a b/ü.py": "x = 1\n", "n.ipynb": notebook("x = 1")})
    git(root, "commit", "-q", "-m", "Start")
    quiet = DRAW.replace("rand()", "rand()  # repro-lint: ignore[unseeded-rng] a demonstration")
    write_files(
        root,
        {
            "old.py": DRAW + "y = 1\n",
            "a b/ü.py": "x = 1\n\n" + DRAW,
            "n.ipynb": notebook("x = 1", "import numpy as np", "x = np.random.rand()", "print(x)"),
            "quiet.py": quiet,
        },
    )
    git(root, "add", "-A")
    return root


def notebook(*lines: str) -> str:
    cell: dict[str, Any] = {"cell_type": "code", "id": "a", "metadata": {}, "outputs": [], "execution_count": None}
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    document = {
        "cells": [{**cell, "source": [*(line.rstrip("\n") + "\n" for line in lines[:-1]), lines[-1]]}],
        "metadata": {"kernelspec": kernel, "language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(document, indent=1) + "\n"


def quality(root: Path, *arguments: str, cwd: Path | None = None) -> dict[str, list[tuple[int, str]]]:
    """The rule of each violation that diff-quality reports, by file and line."""
    report = root.parent / "quality.json"
    compare = ("--violations", "repro-lint", "--compare-branch", "HEAD", "--format", f"json:{report}")
    code, said = command("diff-quality", *compare, *arguments, cwd=cwd or root)
    assert code == 0, said
    stats = json.loads(report.read_text())["src_stats"]
    return {
        path: [(line, message.partition(":")[0]) for line, message in found["violations"]]
        for path, found in stats.items()
        if found["violations"]
    }


def test_diff_quality_reports_what_is_on_changed_lines(changed: Path) -> None:
    lines = (changed / "n.ipynb").read_text().splitlines()
    drawn = next(number for number, line in enumerate(lines, 1) if "random.rand" in line)
    expected = {"a b/ü.py": [(5, "RNG001")], "n.ipynb": [(drawn, "RNG001")]}
    assert quality(changed) == expected
    assert quality(changed, cwd=changed / "a b") == expected
    assert quality(changed, "--options", '"--ignore unseeded-rng"') == {}


def test_diff_quality_reads_a_report(changed: Path) -> None:
    sarif = changed.parent / "report.sarif"
    command("repro-lint", "--select", "RNG001", "--output", f"sarif:{sarif}", ".", cwd=changed)
    assert sorted(quality(changed, str(sarif))) == ["a b/ü.py", "n.ipynb"]
    sarif.write_text(sarif.read_text().replace('"suppressions": []', '"suppressions": [{}]'))
    assert quality(changed, str(sarif)) == {}


def test_diff_quality_says_what_is_wrong(changed: Path) -> None:
    code, said = command("diff-quality", "--violations", "repro-lint", "--options", "--level top", cwd=changed)
    assert code == 1
    assert said.startswith("Failure: 'repro-lint: error: argument --level: invalid choice: 'top'")
    assert "Traceback" not in said
