"""A pack of other people: installed like any distribution, it has every right that the built-in rules have."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.conftest import Repository, Result

PACKS = Path(__file__).resolve().parent / "packs"
FILES = {
    "analysis.py": """\
table = {}
table["water_temp"] = [1]
table["dry_mass"] = [2]  # repro-lint: ignore[missing-units] grams, as everywhere in this file
table["core_length"] = [3]  # repro-lint: ignore[field_notes] centimetres
""",
    "old.py": "print 'hello'\n",
}


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Each pack, built and installed by pip into a folder of its own, without any index."""
    folder = tmp_path_factory.mktemp("packs")
    targets = {}
    for name in ("mylab", "brokenlab"):
        source = shutil.copytree(PACKS / name, folder / "source" / name)
        targets[name] = folder / name
        options = ["--quiet", "--no-deps", "--no-build-isolation", "--no-index", "--disable-pip-version-check"]
        command = [sys.executable, "-m", "pip", "install", *options, "--target", str(targets[name]), str(source)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    return targets


def lint(*arguments: str, packs: list[Path], cwd: Path) -> Result:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, packs))}
    command = [sys.executable, "-m", "repro_lint", *arguments]
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    return Result(done.returncode, done.stdout, done.stderr)


def test_a_pack_is_a_pack(installed: dict[str, Path], repository: Repository) -> None:
    root, packs = repository(FILES), [installed["mylab"]]

    listed = lint("rules", "--family", "field_notes", packs=packs, cwd=root)
    assert (listed.code, listed.err) == (0, "")
    assert listed.lines == [
        "LAB001  missing-units  reproducible  warning  "
        "A column holds a measured quantity, and its name does not say in which unit."
    ]

    explained = lint("explain", "LAB001", "--format", "json", packs=packs, cwd=root)
    assert json.loads(explained.out)["pack"] == "mylab (mylab-rules 2.3.1)"
    assert lint("explain", "missing-units", packs=packs, cwd=root).lines[0] == "# missing-units (LAB001)"

    found = lint("--output-format", "json", packs=packs, cwd=root)
    assert (found.code, found.err) == (1, "")
    report = json.loads(found.out)
    shown = [(d["rule"], d["locations"][0]["line"], d["disposition"]) for d in report["diagnostics"]]
    assert shown == [
        ("missing-units", 2, {"state": "new", "by": None, "reason": None}),
        ("missing-units", 3, {"state": "suppressed", "by": "comment", "reason": "grams, as everywhere in this file"}),
        ("missing-units", 4, {"state": "suppressed", "by": "comment", "reason": "centimetres"}),
        ("unparsable-code", 1, {"state": "new", "by": None, "reason": None}),
    ]

    concise = ("--output-format", "concise", "--quiet")
    expected = ["analysis.py:2:7: warning LAB001 [missing-units] the column water_temp has no unit"]
    assert lint(*concise, "--select", "field_notes", packs=packs, cwd=root).lines == expected
    assert lint(*concise, "--select", "LAB", "analysis.py", packs=packs, cwd=root).lines == expected
    assert lint(*concise, "--ignore", "missing-units,RUN", packs=packs, cwd=root).lines == []
    assert lint(*concise, "--level", "safe", packs=packs, cwd=root).code == 0

    tested = lint("test", "mylab", packs=packs, cwd=root)
    assert (tested.code, tested.out, tested.err) == (0, "1 rules, 4 cases: all is well\n", "")

    without = lint("--select", "missing-units", packs=[], cwd=root)
    assert (without.code, without.out) == (2, "")
    assert 'unknown rule, family or level "missing-units"' in without.err


def test_a_broken_pack_is_named_and_costs_nothing_else(installed: dict[str, Path], repository: Repository) -> None:
    root, packs = repository(FILES), [installed["brokenlab"], installed["mylab"]]
    reason = "ImportError: cannot import name 'RuleOfLongAgo' from 'repro_lint.api'"

    found = lint("--output-format", "concise", packs=packs, cwd=root)
    assert (found.code, found.err) == (2, "")
    assert found.lines[0].startswith(
        ".: error LNT004 [broken-plugin] pack brokenlab_rules of brokenlab (brokenlab-rules 0.9) "
        f"could not be loaded: {reason}"
    )
    assert [line.split(" ")[2] for line in found.lines[1:3]] == ["LAB001", "RUN007"]
    assert found.lines[-1] == "level reached: none yet · next: safe (blocked by broken-plugin)"

    assert lint("--select", "safe", "--fail-on", "never", "--ignore", "all", packs=packs, cwd=root).code == 2

    listed = lint("rules", packs=packs, cwd=root)
    assert "LAB001" in listed.out
    assert f"repro-lint: warning: pack brokenlab_rules of brokenlab (brokenlab-rules 0.9): {reason}" in listed.err

    tested = lint("test", "brokenlab", packs=packs, cwd=root)
    assert tested.code == 1
    assert tested.lines[0].startswith(f"pack brokenlab_rules: {reason}")
