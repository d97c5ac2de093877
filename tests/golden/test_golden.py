"""What is printed, to the letter, in each format, for one small repository; and the schemas of what machines read.

``pytest tests/golden --update-golden`` rewrites the files beside this one.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from pydantic import TypeAdapter
from tests.conftest import Lint, Repository
from tests.formats import read_github, read_gitlab, read_junit, read_markdown, read_rdjson, read_sarif

from repro_lint import __version__
from repro_lint.registry import Registry, load_registry
from repro_lint.report import Report
from repro_lint.reporters import FORMATS, Look, render
from repro_lint.schemas import config_schema, report_schema
from repro_lint.session import Session, find_target

HERE = Path(__file__).resolve().parent
SCHEMAS = HERE.parent.parent / "schemas"
RULES = {
    "broken-notebook",
    "broken-plugin",
    "internal-error",
    "no-lockfile",
    "unparsable-code",
    "undefined-name",
    "unreadable-file",
    "unused-suppression",
}


def notebook(*sources: str | list[str]) -> str:
    """A notebook as Jupyter stores it; the source of a cell is kept in the form it is given in."""
    cells: list[dict[str, Any]] = [
        {
            "cell_type": "markdown" if number == 1 else "code",
            "id": f"cell-{number}",
            "metadata": {},
            **({} if number == 1 else {"execution_count": None, "outputs": []}),
            "source": source,
        }
        for number, source in enumerate(sources, 1)
    ]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    content = {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


UNUSED = "y = 2  # repro-lint: ignore[unparsable-code] it was Python 2 once"
FILES: dict[str, str | bytes] = {
    "pyproject.toml": """\
[project]
name = "study"
dependencies = [
    "numpy",
    "pandas>=2",
]

[tool.repro-lint]
fail-on = "error"

[[tool.repro-lint.per-file-ignores]]
paths = ["archive/"]
rules = ["unparsable-code"]
reason = "kept as it was published"
""",
    "README.md": "# Study\n",
    "archive/old.py": "print 'suppressed by the configuration'\n",
    "src/load.py": "import numpy\n\n\ndef load(path):\n\treturn numpy.load(path  # größe\n",
    "src/port.py": "# repro-lint: ignore[unparsable-code] to be ported\nprint 'suppressed by a comment'\n",
    "src/steer.py": "x = '\x1b[31mred\n",
    "list.ipynb": notebook(["# Title"], ["x = 1\n", UNUSED + "\n", "z = 3"], ["w = 4"]),
    "string.ipynb": notebook("# Title", f"x = 1\n{UNUSED}\nz = 3"),
    "late.ipynb": notebook(["# Title"], ["part = 1\n", "part / total"], ["total = 2"]),
    "twice.ipynb": notebook(["# Title"], ["x = 1"]).replace("cell-2", "cell-1"),
    "cut.ipynb": notebook(["# Title"], ["x = 1"]).partition("cution_count")[0],
}


@pytest.fixture
def report(repository: Repository) -> Report:
    """The report of the stable rules about the repository, whatever other rules there are."""
    root = repository(FILES)
    known = load_registry()
    registry = Registry({name: entry for name, entry in known.entries.items() if name in RULES}, known.broken)
    assert set(registry.entries) == RULES
    target, configuration = find_target([root])
    return Session(target, configuration, registry).report()


def compare(name: str, text: str, request: pytest.FixtureRequest) -> None:
    """Compare with the golden file, or rewrite it."""
    golden = HERE / f"{name}.txt"
    if request.config.getoption("--update-golden"):
        golden.write_text(text, encoding="utf-8", newline="")
    assert text == golden.read_bytes().decode()


@pytest.mark.parametrize("name", FORMATS)
def test_format(name: str, report: Report, request: pytest.FixtureRequest) -> None:
    text = render(name, report, Look())
    compare(name, text.replace(f'"version": "{__version__}"', '"version": "VERSION"'), request)


def test_every_golden_file_is_of_a_format() -> None:
    assert {path.stem for path in HERE.glob("*.txt")} == set(FORMATS)


@pytest.mark.parametrize(
    ("name", "read", "count"),
    [
        ("sarif", lambda text: read_sarif(text)["results"], 10),
        ("github", read_github, 8),
        ("gitlab", read_gitlab, 8),
        ("junit", read_junit, 8),
        ("rdjson", read_rdjson, 8),
        ("markdown", read_markdown, 10),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_golden_file_is_what_its_platform_reads(name: str, read: Callable[[str], Any], count: int) -> None:
    assert len(read((HERE / f"{name}.txt").read_text(encoding="utf-8"))) == count


def test_places_in_notebooks_lead_to_the_line_that_is_stored(report: Report) -> None:
    """Whatever the form of the source, the physical span holds the comment, as the file is stored."""
    found = [d for d in report.diagnostics if d.location.path in ("list.ipynb", "string.ipynb")]
    assert [d.location.path for d in found] == ["list.ipynb", "string.ipynb"]
    for diagnostic in found:
        place = diagnostic.location
        assert place.cell is not None
        assert (place.cell.index, place.cell.id, place.cell.code_index) == (2, "cell-2", 1)
        assert (place.line, place.column) == (2, 10)
        assert place.physical is not None
        content = FILES[place.path]
        assert isinstance(content, str)
        line = content.split("\n")[place.physical.line - 1]
        assert line[place.physical.column - 1 :].startswith("repro-lint: ignore[unparsable-code]")


def stored(name: str) -> dict[str, Any]:
    """A schema as it is committed."""
    schema: dict[str, Any] = json.loads((SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8"))
    return schema


def errors(schema: dict[str, Any], value: Any) -> list[str]:
    return [error.message for error in Draft202012Validator(schema).iter_errors(value)]


class TestSchemas:
    @pytest.mark.parametrize("name", ["report", "config"])
    def test_are_valid(self, name: str) -> None:
        Draft202012Validator.check_schema(stored(name))

    def test_the_report_is_valid(self, report: Report) -> None:
        value = json.loads(render("json", report, Look()))
        assert errors(stored("report"), value) == []
        assert report_schema() == stored("report")

    def test_every_golden_report_is_valid(self) -> None:
        assert errors(stored("report"), json.loads((HERE / "json.txt").read_text(encoding="utf-8"))) == []

    def test_the_schema_of_the_report_refuses_something(self, report: Report) -> None:
        value = json.loads(render("json", report, Look()))
        del value["summary"]["findings"]
        value["diagnostics"][0]["severity"] = "fatal"
        value["diagnostics"][1]["extra"] = 1
        assert len(errors(stored("report"), value)) == 3

    def test_what_the_command_prints_is_valid(self, lint: Lint) -> None:
        lint.repository(FILES)
        assert errors(stored("report"), json.loads(lint("--output-format", "json").out)) == []

    @pytest.mark.parametrize(
        ("config", "valid"),
        [
            ({}, True),
            ({"level": "production", "fail-on": "never", "ignore": ["no-lockfile"], "exclude": ["a/"]}, True),
            ({"per-file-ignores": [{"paths": ["a"], "rules": ["all"], "reason": "x"}]}, True),
            ({"severity": {"no-lockfile": "note"}, "max-file-size": 0.5, "select": ["all"]}, True),
            ({"levle": "production"}, False),
            ({"level": "best"}, False),
            ({"fail_on": "error"}, False),
            ({"severity": {"no-lockfil": "note"}}, False),
            ({"severity": {"no-lockfile": "fatal"}}, False),
            ({"rules": {"no-such-rule": {}}}, False),
            ({"per-file-ignores": [{"paths": ["a"], "rules": ["all"]}]}, False),
            ({"per-file-ignores": [{"paths": ["a"], "rules": ["all"], "reason": ""}]}, False),
            ({"max-file-size": 0}, False),
        ],
        ids=str,
    )
    def test_a_configuration(self, config: dict[str, Any], valid: bool) -> None:
        assert (errors(stored("config"), config) == []) is valid

    def test_the_options_of_every_rule_are_in_the_schema_of_the_configuration(self) -> None:
        registry = load_registry()
        own = {name: e for name, e in registry.entries.items() if e.pack.name in ("builtin", "bridges")}
        schema = config_schema(Registry(own))
        assert schema == stored("config")
        options = schema["properties"]["rules"]["properties"]
        assert set(options) == {name for name, entry in own.items() if entry.rule.Options is not None}
        for name, entry in own.items():
            if entry.rule.Options is not None:
                defaults = TypeAdapter(entry.rule.Options).dump_python(entry.rule.Options(), mode="json", by_alias=True)
                assert errors(schema, {"rules": {name: defaults}}) == []
                assert errors(schema, {"rules": {name: {"no-such-option": 1}}}) != []


def test_the_fixture_covers_every_kind_of_place(report: Report) -> None:
    """A golden file is worth what it shows: a file, a line, a cell, a line of a cell; suppressed and not."""
    places = [d.location for d in report.diagnostics]
    assert any(p.cell and p.line for p in places)
    assert any(p.cell and not p.line for p in places)
    assert any(p.line and not p.cell for p in places)
    assert {d.disposition.by for d in report.diagnostics} == {None, "comment", "config"}
    assert {str(d.severity) for d in report.diagnostics} == {"error", "warning", "note"}
