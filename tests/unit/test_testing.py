"""The tests that packs get: cases are read as they are written, and a rule that breaks the contract is told so."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import write_files

from repro_lint.api import RuleOptions
from repro_lint.engine_rules import INTERNAL_ERROR
from repro_lint.finding import Finding
from repro_lint.grades import Confidence, Level, Severity
from repro_lint.registry import Entry, Pack, Registry, build_registry
from repro_lint.rule import EngineRule, Outcome, Rule, RuleMeta
from repro_lint.sources.python import PythonSource
from repro_lint.testing.cases import Case, CaseError, Expected, parse_cases
from repro_lint.testing.contract import HEADINGS, contract_problems
from repro_lint.testing.runner import check_rule, rewrite_snapshots

META = RuleMeta(
    "TST001", "bad-call", "tests", Level.SAFE, Severity.WARNING, Confidence.HIGH, "0.1.0", "It is called.", "w", "mend"
)


class BadCall(Rule):
    """Finds calls of bad()."""

    meta = META

    def check(self, source: PythonSource) -> Outcome:
        for call in source.semantics.calls:
            if call.method == "bad":
                yield Finding(source.place(call.node), "bad() is called")


class Hiding(BadCall):
    triggers = (b"no such word",)


class Escaped(BadCall):
    triggers = (b'bad("',)


class Fragile(BadCall):
    def check(self, source: PythonSource) -> Outcome:
        if source.syntax_errors:
            raise ValueError("cannot bear it")
        yield from super().check(source)


class Restless(BadCall):
    runs = 0

    def check(self, source: PythonSource) -> Outcome:
        Restless.runs += 1
        yield Finding(source.file_place(), f"run {Restless.runs}")


class Optional(BadCall):
    class Options(RuleOptions):
        max_depth: int = 3


class Crash(EngineRule):
    meta = INTERNAL_ERROR


BAD = """\
### One call

`a.py`:

```python
bad()  # error: [bad-call]
```

### Two calls

`b.py`:

```python
x = 1
# error: [bad-call] [bad-call]
bad(bad())
```
"""
GOOD = """\
### Another call

`a.py`:

```python
good()
```

### No call

`a.py`:

```python
x = "bad()"
```
"""


def page(bad: str = BAD, good: str = GOOD, **sections: str) -> str:
    texts = {"Bad": bad, "Good": good, **sections}
    headings = [h for h in HEADINGS if h != "Options" or h in sections]
    return "# bad-call (TST001)\n\nIt is called.\n\n" + "\n".join(
        f"## {h}\n\n{texts.get(h, 'Text.')}\n" for h in headings
    )


def registry_of(folder: Path, rule: type[Rule] = BadCall) -> tuple[Entry, Registry]:
    entry = Entry(rule, Pack("tests"), folder)
    return entry, build_registry([entry, Entry(Crash, Pack("tests"), folder)])


def problems(tmp_path: Path, text: str, rule: type[Rule] = BadCall) -> list[str]:
    """What the contract and the cases have to say."""
    folder = write_files(tmp_path / "bad_call", {"README.md": text})
    entry, registry = registry_of(folder, rule)
    found = contract_problems(entry, registry) + check_rule(entry, registry)
    return [text.replace(f"{folder}/", "") for text in found]


class TestContract:
    def test_a_rule_that_keeps_it(self, tmp_path: Path) -> None:
        assert problems(tmp_path, page()) == []

    @pytest.mark.parametrize(
        ("text", "problem"),
        [
            (page().replace("# bad-call (TST001)", "# Bad call"), "the page must begin with '# bad-call (TST001)'"),
            (
                page().replace("It is called.", "Something else."),
                "the page's first paragraph must be the rule's summary: 'It is called.'",
            ),
            (page().replace("## How to fix", "## Fix"), "the headings must be "),
            (page(Options="None."), ""),
            (page(bad=BAD.split("### Two")[0]), "the page has fewer than two bad cases"),
            (page(good=GOOD.split("### No")[0]), "the page has fewer than two good cases"),
            (page(good=GOOD.replace("No call", "Another call")), "two cases are called 'Another call'"),
        ],
        ids=["title", "summary", "headings", "options are allowed", "bad", "good", "titles"],
    )
    def test_the_page(self, tmp_path: Path, text: str, problem: str) -> None:
        found = problems(tmp_path, text)
        if not problem:
            assert found == []
        else:
            assert [p for p in found if p.startswith(f"bad-call: {problem}")]

    def test_no_page(self, tmp_path: Path) -> None:
        entry, registry = registry_of(tmp_path)
        with pytest.raises(OSError, match=r"README\.md"):
            contract_problems(entry, registry)

    def test_options_are_on_the_page(self, tmp_path: Path) -> None:
        assert problems(tmp_path, page(), Optional)[:2] == [
            "bad-call: the rule has options, and the page no ## Options",
            "bad-call: the page does not mention the option max-depth",
        ]
        assert problems(tmp_path, page(Options="`max-depth` (default 3)."), Optional) == []

    def test_triggers_hide_nothing(self, tmp_path: Path) -> None:
        found = problems(tmp_path, page(), Hiding)
        assert [p for p in found if p.startswith("bad-call: case 'One call': triggers hide ")]
        assert "bad-call: triggers hide findings in garbage" in found

    def test_triggers_are_not_escaped_by_json(self, tmp_path: Path) -> None:
        expected = """bad-call: the trigger b'bad("' holds characters that JSON may escape"""
        assert expected in problems(tmp_path, page(), Escaped)

    def test_nothing_makes_it_raise(self, tmp_path: Path) -> None:
        found = problems(tmp_path, page(), Fragile)
        assert found[0].startswith("bad-call: crashes on garbage: bad-call crashed on this file: ValueError: cannot")

    def test_two_runs_are_the_same(self, tmp_path: Path) -> None:
        assert "bad-call: case 'One call': two runs differ" in problems(tmp_path, page(), Restless)


class TestFindings:
    def test_a_missing_and_an_unexpected_finding(self, tmp_path: Path) -> None:
        bad = BAD.replace("bad()  #", "good()  #")
        good = GOOD.replace("good()", "bad()")
        assert problems(tmp_path, page(bad, good)) == [
            "bad_call/README.md:15: One call: missing a.py:1 [bad-call]",
            "bad_call/README.md:36: Another call: unexpected a.py:1 [bad-call]",
        ]

    def test_the_number_counts(self, tmp_path: Path) -> None:
        assert problems(tmp_path, page(BAD.replace("[bad-call] [bad-call]", "[bad-call]"))) == [
            "bad_call/README.md:23: Two calls: unexpected b.py:2 [bad-call]"
        ]

    def test_a_configuration_is_in_force(self, tmp_path: Path) -> None:
        config = '\n`pyproject.toml`:\n\n```toml\n[tool.repro-lint]\nexclude = ["a.py"]\n```\n'
        assert (
            problems(tmp_path, page(good=GOOD + "\n### Excluded\n\n`a.py`:\n\n```python\nbad()\n```\n" + config)) == []
        )


class TestSnapshots:
    BEFORE = BAD.replace("\n### Two", "\n```snapshot\nold\n```\n\n### Two") + "\n```snapshot\nold\n```\n"
    FIRST = """\
warning[bad-call] TST001: bad() is called
  --> a.py:1:1
   |
 1 | bad()
   | ^^^^^
   = help: mend
"""

    def test_one_that_differs_is_shown(self, tmp_path: Path) -> None:
        found = problems(tmp_path, page(self.BEFORE))
        assert found[0] == f"README.md:24: the snapshot differs; it is now:\n{self.FIRST}"
        assert len(found) == 2

    def test_are_rewritten(self, tmp_path: Path) -> None:
        folder = write_files(tmp_path / "bad_call", {"README.md": page(self.BEFORE)})
        entry, registry = registry_of(folder)
        assert rewrite_snapshots([entry], registry) == [folder / "README.md"]
        text = (folder / "README.md").read_text()
        assert f"```snapshot\n{self.FIRST}```\n" in text
        assert "old" not in text
        assert check_rule(entry, registry) == []
        assert rewrite_snapshots([entry], registry) == []


def cases(tmp_path: Path, text: str) -> list[Case]:
    write_files(tmp_path, {"README.md": text})
    return parse_cases(tmp_path / "README.md")


class TestCases:
    def test_reads_files_and_assertions(self, tmp_path: Path) -> None:
        first, second, *_ = cases(tmp_path, page())
        assert (first.kind, first.title, first.files) == ("bad", "One call", {"a.py": "bad()\n"})
        assert first.expected == [Expected("a.py", None, 1, "bad-call")]
        assert second.files == {"b.py": "x = 1\nbad(bad())\n"}
        assert second.expected == [Expected("b.py", None, 2, "bad-call")] * 2

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("## Bad\n\n### X\n\nText.\n", "has no file: write `name.py`: before the fence"),
            ("## Bad\n\n### X\n\n`a.py`:\n\n```\nx\n```\n", "is bad and asserts nothing"),
            ("## Good\n\n### X\n\n`a.py`:\n\n```\nx  # error: [r]\n```\n", "is good and asserts a finding"),
            (
                "## Bad\n\n### X\n\n<!-- error: [r] b.py -->\n\n`a.py`:\n\n```\nx\n```\n",
                "asserts something about b.py, which it does not have",
            ),
            ("## Bad\n\n### X\n\n`n.ipynb`:\n\n```\nx\n```\n", "a notebook is written in percent format"),
        ],
    )
    def test_a_page_without_the_form(self, tmp_path: Path, text: str, message: str) -> None:
        with pytest.raises(CaseError) as error:
            cases(tmp_path, text)
        assert message in str(error.value)

    def test_assertions_about_files_lines_and_cells(self, tmp_path: Path) -> None:
        text = """\
## Bad

### X

<!-- error: [r] . -->
<!-- error: [r] [s] a.json:3 -->
<!-- error: [r] n.ipynb:cell 2 -->
<!-- error: [r] n.ipynb:cell 2:4 -->

`a.json`:

```json
{}
```

`n.ipynb`:

```json
{"cells": []}
```

```text
not a file
```
"""
        (case,) = cases(tmp_path, text)
        assert case.files == {"a.json": "{}\n", "n.ipynb": '{"cells": []}\n'}
        assert list(map(str, case.expected)) == [
            ". [r]",
            "a.json:3 [r]",
            "a.json:3 [s]",
            "n.ipynb:cell 2 [r]",
            "n.ipynb:cell 2:4 [r]",
        ]

    def test_a_notebook_in_percent_format(self, tmp_path: Path) -> None:
        text = """\
## Bad

### X

`n.ipynb`:

```python
# %% [markdown]
# # Title
# text
# %% [exec=7] [tags=a,b] [id=own]
x = 1

y = 2  # error: [r]
# %% [error=ValueError: no]
1 / 0
# %% [raw]
raw
```
"""
        (case,) = cases(tmp_path, text)
        stored: list[dict[str, Any]] = json.loads(case.files["n.ipynb"])["cells"]
        assert [(c["cell_type"], "".join(c["source"]), c["id"]) for c in stored] == [
            ("markdown", "# Title\ntext", "cell-1"),
            ("code", "x = 1\n\ny = 2", "own"),
            ("code", "1 / 0", "cell-3"),
            ("raw", "raw", "cell-4"),
        ]
        assert stored[1]["execution_count"] == 7
        assert stored[1]["metadata"]["tags"] == ["a", "b"]
        assert stored[2]["outputs"] == [
            {"output_type": "error", "ename": "ValueError", "evalue": "no", "traceback": []}
        ]
        assert "outputs" not in stored[0]
        assert case.expected == [Expected("n.ipynb", 2, 3, "r")]
