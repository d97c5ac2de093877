"""The baseline: written, read after a merge, pruned, checked, and what it hides and does not."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import Lint, git, write_files

from repro_lint.baseline import DEFAULT_FILE, Baseline, Entry, read_baseline, write_baseline
from repro_lint.errors import UsageError

CODE = 'print(open("/home/anna/a.csv"))\n\n\ndef f():\n    return open("/home/anna/b.csv")\n'
NAMED = {"repro-lint.toml": f'baseline = "{DEFAULT_FILE}"\nselect = ["absolute-path", "hardcoded-credential"]\n'}
PASSWORD = "kT9#vLq2xW8z"


def entries(root: Path) -> list[dict[str, Any]]:
    """The lines of the baseline but for the first."""
    return [json.loads(line) for line in (root / DEFAULT_FILE).read_text(encoding="utf-8").splitlines()[1:]]


def states(lint: Lint) -> list[tuple[str, str, int]]:
    found = json.loads(lint("--output-format", "json").out)["diagnostics"]
    places = [(d["locations"][0], d["disposition"]["state"]) for d in found]
    return [(place["path"], state, place["line"]) for place, state in places]


class TestWritten:
    def test_a_rerun_is_clean(self, lint: Lint) -> None:
        root = lint.repository({"a.py": CODE, **NAMED})
        said = lint("baseline", "write")
        assert (said.code, said.out, said.err) == (0, f"wrote {root / DEFAULT_FILE}: 2 findings, 0 removed\n", "")
        said = lint()
        assert (said.code, said.err) == (0, "")
        assert said.lines[0] == "no findings: 3 files checked, with 4 rules (2 baselined)"
        assert said.lines[1].startswith("level: not judged")

    def test_twice_is_the_same(self, lint: Lint) -> None:
        root = lint.repository({"a.py": CODE, **NAMED})
        lint("baseline", "write")
        before = (root / DEFAULT_FILE).read_bytes()
        lint("baseline", "write")
        assert (root / DEFAULT_FILE).read_bytes() == before

    def test_one_sorted_line_for_each_finding(self, lint: Lint) -> None:
        root = lint.repository({"b.py": CODE, "a.py": CODE, "c.py": CODE.replace("b.csv", "a.csv"), **NAMED})
        lint("baseline", "write")
        lines = (root / DEFAULT_FILE).read_text(encoding="utf-8").splitlines()
        assert lines[1:] == sorted(lines[1:])
        assert [(e["path"], e["rule"]) for e in entries(root)] == [
            (path, "absolute-path") for path in ("a.py", "a.py", "b.py", "b.py", "c.py", "c.py")
        ]

    def test_the_option_names_another_file(self, lint: Lint) -> None:
        root = lint.repository({"a.py": CODE})
        said = lint("baseline", "write", "--baseline", "known.jsonl")
        assert 'name it in the configuration: baseline = "known.jsonl"' in said.out
        assert not (root / DEFAULT_FILE).exists()
        assert lint().code == 1
        assert lint("--baseline", "known.jsonl").code == 0

    def test_the_key_is_relative_to_its_file(self, lint: Lint) -> None:
        root = lint.repository({"pkg/a.py": CODE, "repro-lint.toml": 'baseline = "etc/known.jsonl"\n', "etc/x": ""})
        lint.cd(root / "pkg")
        assert lint("baseline", "write", "..").code == 0
        assert (root / "etc" / "known.jsonl").is_file()
        assert lint("..").code == 0

    def test_a_part_leaves_the_rest_as_it_is(self, lint: Lint) -> None:
        root = lint.repository({"a.py": CODE, "b.py": CODE, **NAMED})
        lint("baseline", "write")
        write_files(root, {"a.py": "x = 1\n", "b.py": "x = 1\n"})
        assert lint("baseline", "write", "a.py").out.endswith(": 2 findings, 2 removed\n")
        assert [e["path"] for e in entries(root)] == ["b.py", "b.py"]

    def test_suppressed_findings_are_not_recorded(self, lint: Lint) -> None:
        root = lint.repository({"a.py": 'x = "/home/anna/a"  # repro-lint: ignore[absolute-path] why\n', **NAMED})
        lint("baseline", "write")
        assert entries(root) == []


class TestChanges:
    @pytest.fixture
    def root(self, lint: Lint) -> Path:
        root = lint.repository({"a.py": CODE, **NAMED})
        lint("baseline", "write")
        return root

    def test_a_line_above_changes_nothing(self, lint: Lint, root: Path) -> None:
        write_files(root, {"a.py": "# one\nimport os\n\n" + CODE})
        assert states(lint) == [("a.py", "baselined", 4), ("a.py", "baselined", 8)]

    def test_one_more_copy_is_reported(self, lint: Lint, root: Path) -> None:
        write_files(root, {"a.py": CODE + '\n\ndef g():\n    return open("/home/anna/b.csv")\n'})
        assert states(lint) == [("a.py", "baselined", 1), ("a.py", "baselined", 5), ("a.py", "new", 9)]
        assert lint().code == 1

    def test_a_copy_in_another_file_is_reported(self, lint: Lint, root: Path) -> None:
        write_files(root, {"b.py": CODE})
        assert [state for path, state, _ in states(lint) if path == "b.py"] == ["new", "new"]

    def test_a_file_that_moves_takes_its_findings_along(self, lint: Lint, root: Path) -> None:
        (root / "a.py").rename(root / "z.py")
        assert states(lint) == [("z.py", "baselined", 1), ("z.py", "baselined", 5)]
        assert lint("baseline", "prune").code == 0
        assert [e["path"] for e in entries(root)] == ["z.py", "z.py"]

    def test_what_is_fixed_is_stale(self, lint: Lint, root: Path) -> None:
        write_files(root, {"a.py": CODE.splitlines()[0] + "\n"})
        said = lint()
        assert said.code == 0
        assert said.err == (
            f"repro-lint: warning: stale entries in {root / DEFAULT_FILE}: 1 (`repro-lint baseline prune` removes them)\n"
        )
        assert json.loads(lint("--output-format", "json").out)["summary"]["stale"] == 1
        said = lint("baseline", "check")
        assert (said.code, said.lines[0]) == (1, "stale: a.py: absolute-path")
        assert lint("baseline", "prune").out.endswith(": 1 findings, 1 removed\n")
        assert lint("baseline", "check").code == 0
        assert lint().err == ""

    def test_prune_adds_nothing(self, lint: Lint, root: Path) -> None:
        write_files(root, {"b.py": CODE})
        lint("baseline", "prune")
        assert {e["path"] for e in entries(root)} == {"a.py"}

    def test_what_was_not_looked_at_is_not_stale(self, lint: Lint, root: Path) -> None:
        write_files(root, {"a.py": "x = 1\n", "b.py": "x = 1\n"})
        assert lint("b.py").err == ""
        assert lint("--select", "hardcoded-credential").err == ""
        assert lint("a.py").err != ""

    def test_a_rule_that_is_no_more_is_stale(self, lint: Lint, root: Path) -> None:
        baseline = read_baseline(root / DEFAULT_FILE)
        baseline.entries[Entry("a.py", "gone-rule", "", "00")] = 1
        write_baseline(root / DEFAULT_FILE, baseline)
        assert lint("baseline", "check").lines[0] == "stale: a.py: gone-rule"

    def test_with_a_change_the_old_copy_is_the_known_one(self, lint: Lint, root: Path) -> None:
        git(root, "add", "-A")
        git(root, "commit", "-q", "-m", "Begin")
        write_files(root, {"a.py": 'def e():\n    return open("/home/anna/b.csv")\n\n\n' + CODE})
        found = json.loads(lint("--new-from", "HEAD", "--output-format", "json").out)
        assert [(d["locations"][0]["line"], d["disposition"]["state"]) for d in found["diagnostics"]] == [
            (2, "new"),
            (5, "baselined"),
            (9, "baselined"),
        ]


class TestFile:
    """What a person or a merge may have made of it."""

    HEADER = '{"repro-lint-baseline": 1, "salt": "ab"}\n'
    ENTRY = '{"path": "a.py", "rule": "absolute-path", "text": "00"}\n'

    @pytest.mark.parametrize(
        ("text", "line", "message"),
        [
            ("", None, "is empty"),
            ("\n\n", None, "is empty"),
            (ENTRY, 1, "not a baseline"),
            ('{"repro-lint-baseline": 2, "salt": "ab"}\n', 1, "update repro-lint"),
            ('{"repro-lint-baseline": 1}\n', 1, "not a baseline"),
            (HEADER + "<<<<<<< HEAD\n" + ENTRY, 2, "a merge conflict is not resolved"),
            (HEADER + ENTRY + "=======\n", 3, "a merge conflict is not resolved"),
            (HEADER + ENTRY + ">>>>>>> main\n", 3, "a merge conflict is not resolved"),
            (HEADER + ENTRY[:-3] + "\n", 2, "not a line of a baseline"),
            (HEADER + "[1]\n", 2, "not a JSON object"),
            (HEADER + "[" * 100_000 + "\n", 2, "not a line of a baseline"),
            (HEADER + '{"path": "a.py", "rule": 1, "text": "00"}\n', 2, '"rule" is wrong'),
            (HEADER + ENTRY.replace("}", ', "count": 0}'), 2, '"count" is wrong'),
            (HEADER + ENTRY.replace("}", ', "count": true}'), 2, '"count" is wrong'),
            (HEADER + ENTRY.replace("}", ', "places": [1]}'), 2, '"places" is wrong'),
            (HEADER + HEADER, 2, "a second header"),
            (HEADER + "\xff", None, "is not UTF-8"),
        ],
    )
    def test_faults_are_named_with_their_place(self, lint: Lint, text: str, line: int | None, message: str) -> None:
        root = lint.repository({**NAMED})
        (root / DEFAULT_FILE).write_bytes(text.encode("latin-1"))
        said = lint()
        assert (said.code, said.out) == (2, "")
        assert said.err.startswith(f"repro-lint: error: {root / DEFAULT_FILE}" + (f":{line}: " if line else ""))
        assert message in said.err
        assert said.err.count("\n") == 1

    def test_a_missing_one_is_no_empty_one(self, lint: Lint) -> None:
        lint.repository(NAMED)
        for command in ((), ("baseline", "prune"), ("baseline", "check"), ("--baseline", "none.jsonl")):
            said = lint(*command)
            assert said.code == 2
            assert "there is no baseline here: write one with `repro-lint baseline write`" in said.err

    def test_both_sides_of_a_merge(self, tmp_path: Path) -> None:
        file = tmp_path / "b.jsonl"
        twice = self.ENTRY.replace("}", ', "count": 2}')
        file.write_text(self.HEADER + self.ENTRY + twice + self.ENTRY.replace("00", "11"), encoding="utf-8")
        found = read_baseline(file)
        assert sorted(found.entries.values()) == [1, 2]  # the same line of both sides is one finding

    def test_branches_that_add_merge_by_lines(self, lint: Lint) -> None:
        root = lint.repository({"a.py": CODE, "m.py": CODE, "z.py": CODE, **NAMED})
        lint("baseline", "write")
        git(root, "add", "-A")
        git(root, "commit", "-q", "-m", "Begin")
        for branch, path in (("one", "b.py"), ("two", "y.py")):
            git(root, "checkout", "-q", "-b", branch, "main")
            write_files(root, {path: CODE})
            lint("baseline", "write")
            git(root, "add", "-A")
            git(root, "commit", "-q", "-m", branch)
        git(root, "merge", "-q", "--no-edit", "one")
        assert lint().code == 0
        assert lint("baseline", "check").code == 0
        assert len(entries(root)) == 10

    def test_it_cannot_be_written(self, tmp_path: Path) -> None:
        with pytest.raises(UsageError, match="cannot be written"):
            write_baseline(tmp_path / "no" / "b.jsonl", Baseline())


class TestSecrets:
    def test_nothing_in_it_depends_on_the_value(self, lint: Lint) -> None:
        """Whoever holds the file cannot try values: it is the same for every value."""
        root = lint.repository({"db.py": f'password = "{PASSWORD}"\n', **NAMED})
        assert lint("baseline", "write").code == 0
        first = entries(root)
        assert len(first) == 1
        write_files(root, {"db.py": 'password = "pR4!mNs7yB3c"\n'})
        lint("baseline", "write")
        assert entries(root) == first

    def test_nor_beside_another_secret_on_the_line(self, lint: Lint) -> None:
        line = 'connect(password="{}", api_key="{}", path="/home/anna/x")\n'
        root = lint.repository({"db.py": line.format(PASSWORD, "pR4!mNs7yB3c"), **NAMED})
        lint("baseline", "write")
        first = entries(root)
        fingerprints = [d["fingerprint"] for d in json.loads(lint("--output-format", "json").out)["diagnostics"]]
        assert len(fingerprints) == sum(e.get("count", 1) for e in first) >= 2
        write_files(root, {"db.py": line.format("bW5&hJd3tF6q", "zX8*kPw4rG9n")})
        lint("baseline", "write")
        assert entries(root) == first
        again = [d["fingerprint"] for d in json.loads(lint("--output-format", "json").out)["diagnostics"]]
        assert again == fingerprints

    def test_the_hashes_are_keyed(self, lint: Lint) -> None:
        texts = set()
        root = lint.repository({"db.py": f'password = "{PASSWORD}"\n', **NAMED})
        for _ in range(2):
            lint("baseline", "write")
            (entry,) = entries(root)
            texts.add(entry["text"])
            (root / DEFAULT_FILE).unlink()
        assert len(texts) == 2
        plain = hashlib.sha256(b'["text", "password=\\"***\\""]').hexdigest()
        assert not any(plain.startswith(text) for text in texts)
