"""The checks of formats check: whatever is changed in a good report, the models of others refuse it."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.formats import read_gitlab, read_junit, read_rdjson, read_sarif
from tests.independent import check_gitlab, check_junit, check_rdjson, check_sarif

GOLDEN = Path(__file__).parent.parent / "golden"
FREE = {"properties", "partialFingerprints", "originalUriBaseIds"}
"""Where SARIF lets everybody have keys of their own."""
Path_ = tuple[str | int, ...]


def golden(name: str) -> str:
    return (GOLDEN / f"{name}.txt").read_text(encoding="utf-8")


def places(value: Any, path: Path_ = ()) -> Iterator[Path_]:
    """The paths to all values inside, those in the free parts of SARIF left out."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield (*path, key)
        if key not in FREE:
            yield from places(inner, (*path, key))


def parent(value: Any, path: Path_) -> Any:
    for key in path[:-1]:
        value = value[key]
    return value


@pytest.mark.parametrize(
    ("name", "check"), [("sarif", check_sarif), ("gitlab", check_gitlab), ("rdjson", check_rdjson)]
)
def test_no_key_and_no_type_can_be_another(name: str, check: Callable[[str], None]) -> None:
    report = json.loads(golden(name))
    check(json.dumps(report))
    changed = 0
    for path in places(report):
        mutants = []
        inside = parent(report, path)
        if isinstance(inside, dict):
            renamed = copy.deepcopy(report)
            parent(renamed, path)[f"{path[-1]}Z"] = parent(renamed, path).pop(path[-1])
            mutants.append(renamed)
        if not isinstance(inside[path[-1]], (dict, list)):
            retyped = copy.deepcopy(report)
            parent(retyped, path)[path[-1]] = 1.5 if isinstance(inside[path[-1]], str) else "1"
            mutants.append(retyped)
        for mutant in mutants:
            changed += 1
            with pytest.raises(ValueError, match=r".+"):
                check(json.dumps(mutant))
    assert changed > 100


@pytest.mark.parametrize(
    ("pattern", "replacement"),
    [
        (r"<failure ", '<failure line="3" '),
        (r"(<testcase [^>]*)>", r'\1 file="a.py">'),
        (r"failure", "failed"),
        (r"(<testsuite [^>]*tests=)\"\d+\"", r'\1"77"'),
        (r"(<testsuites [^>]*failures=)\"\d+\"", r'\1"77"'),
        (r"</testsuite>", "<report/></testsuite>"),
        (r" time=\"0\"", ' time="soon"'),
    ],
)
def test_no_element_and_no_count_can_be_another(pattern: str, replacement: str) -> None:
    text = golden("junit")
    check_junit(text)
    mutant = re.sub(pattern, replacement, text)
    assert mutant != text
    with pytest.raises((ValueError, KeyError)):
        check_junit(mutant)


def test_a_reader_asks_the_models_of_others(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    readers = {"sarif": read_sarif, "gitlab": read_gitlab, "rdjson": read_rdjson, "junit": read_junit}
    for name, read in readers.items():
        monkeypatch.setattr(f"tests.formats.check_{name}", lambda text, name=name: asked.append(name))
        read(golden(name))
    assert asked == list(readers)
