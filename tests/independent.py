"""The formats of others as others wrote them down: models and writers from packages that this project has no part in.

- SARIF: pydantic-sarif, models generated from the schema that OASIS publishes, which refuse unknown properties.
- JUnit: junitparser, an object model of what CI servers share. A file is built again from what it understands.
- GitLab: what flake8-gl-codeclimate and ruff write. Reviewdog: what ruff writes. There is no packaged schema of the two.

Each function raises a ``ValueError`` that says what does not fit. ``formats`` calls them for whatever it reads.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from jsonschema import Draft202012Validator
from junitparser import Failure, JUnitXml, Skipped, TestCase, TestSuite
from pydantic_sarif.model import StaticAnalysisResultsFormatSarifVersion210JsonSchema as Sarif
from ruff import find_ruff_bin

Schema = dict[str, Any]


def check_sarif(text: str) -> None:
    Sarif.model_validate_json(json.dumps(json.loads(text, object_hook=_before_errata)), strict=True)


def _before_errata(found: dict[str, Any]) -> dict[str, Any]:
    """A suppression, whose status was called otherwise until the first errata of the standard, or what is given."""
    if "kind" in found and "status" in found:
        found["state"] = found.pop("status")
    return found


def check_gitlab(text: str) -> None:
    _check(json.loads(text), _gitlab())


def check_rdjson(text: str) -> None:
    _check(json.loads(text), _rdjson())


def check_junit(text: str) -> None:
    """Nothing is left out of a file that is built again from its objects, and their counts are the file's."""
    found = JUnitXml.fromstring(text.encode())
    built: Any = JUnitXml(found.name)
    for suite in found:
        again = TestSuite(suite.name)
        again.add_testcases([_case(case) for case in suite])
        built.add_testsuite(again)
    built.update_statistics()
    kept, given = (_canonical(source) for source in (built.tostring(), text.encode()))
    if kept != given:
        raise ValueError(f"junitparser makes of it\n{kept}\nwhere there is\n{given}")


def _case(case: TestCase) -> TestCase:
    again = TestCase(case.name, case.classname, case.time)
    outcomes = []
    for outcome in case.result:
        kind = {"failure": Failure, "skipped": Skipped}[str(outcome._tag)]
        copied = kind()
        copied.message, copied.type, copied.text = outcome.message, outcome.type, outcome.text
        outcomes.append(copied)
    again.result = outcomes
    return again


def _canonical(source: bytes) -> str:
    """The document without the attributes that one of the writers gives although they say nothing."""
    root = ElementTree.fromstring(source)
    for element in root.iter():
        if element.get("time") is not None and float(element.attrib["time"]) == 0:
            del element.attrib["time"]
        if element.tag == "testsuites":
            element.attrib.pop("skipped", None)
    return ElementTree.canonicalize(ElementTree.tostring(root, encoding="unicode"), strip_text=True)


@cache
def _gitlab() -> Schema:
    with tempfile.TemporaryDirectory() as directory:
        path = _example(directory)
        flake8 = [sys.executable, "-m", "flake8", "--isolated", "--format", "gl-codeclimate", path]
        return _outline([_ruff("gitlab", path) + json.loads(_output(flake8))])


@cache
def _rdjson() -> Schema:
    with tempfile.TemporaryDirectory() as directory:
        schema = _outline([_ruff("rdjson", _example(directory))], all_required=False)  # no field of a protobuf is
    # Ruff says how severe all diagnostics are at once; the format lets each say it for itself.
    schema["properties"]["diagnostics"]["items"]["properties"]["severity"] = schema["properties"]["severity"]
    return schema


def _example(directory: str) -> str:
    """A file in which both tools find something, with a fix and without."""
    path = Path(directory, "a.py")
    path.write_text("import os\nprint(unknown)\n", encoding="utf-8")
    return str(path)


def _ruff(name: str, path: str) -> Any:
    command = [find_ruff_bin(), "check", "--isolated", "--no-cache", "--select", "F", "--output-format", name, path]
    return json.loads(_output(command))


def _output(command: list[str]) -> str:
    result = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert result.returncode == 1, result.stderr  # something is found
    return result.stdout


def _outline(examples: list[Any], all_required: bool = True) -> Schema:
    """What the examples, of one kind, have in common: the types, no other keys, and the keys that each of them has."""
    first = examples[0]
    if isinstance(first, dict):
        keys = {
            key: [example[key] for example in examples if key in example] for example in examples for key in example
        }
        return {
            "type": "object",
            "properties": {key: _outline(values, all_required) for key, values in keys.items()},
            "required": [key for key, values in keys.items() if all_required and len(values) == len(examples)],
            "additionalProperties": False,
        }
    if isinstance(first, list):
        return {"type": "array", "items": _outline([item for example in examples for item in example], all_required)}
    assert isinstance(first, (str, int))
    return {"type": "string" if isinstance(first, str) else "integer"}


def _check(value: Any, schema: Schema) -> None:
    errors = [f"{error.json_path}: {error.message}" for error in Draft202012Validator(schema).iter_errors(value)]
    if errors:
        raise ValueError("\n".join(errors))
