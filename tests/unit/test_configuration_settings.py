"""What counts as a setting of an analysis, as a telling literal, and as a lesson; and where paths come from."""

from __future__ import annotations

import ast
import time
from pathlib import Path

import pytest

from repro_lint.api import Finding, NotApplicable, Project, PythonSource
from repro_lint.files import open_view
from repro_lint_rules.configuration.address_bytes import may_hold_address
from repro_lint_rules.configuration.hardcoded_endpoint.rule import HardcodedEndpoint
from repro_lint_rules.configuration.lessons import Lessons, is_aside
from repro_lint_rules.configuration.origins import Origin, origin_of
from repro_lint_rules.configuration.path_hack.rule import PathHack
from repro_lint_rules.configuration.tunables import TRIGGERS, Settings, kind_of, kinds
from repro_lint_rules.configuration.unparametrised_run.rule import UnparametrisedRun


def _source(folder: Path, code: str) -> PythonSource:
    (folder / "a.py").write_text(code, encoding="utf-8")
    source = Project(open_view(folder)).load(PythonSource, "a.py")
    assert source is not None
    return source


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("SEED", "analysis"),
        ("random_state", "analysis"),
        ("TRAIN_BATCH_SIZE", "model"),
        ("learningRate", "model"),
        ("MAX_AGE", "bound"),
        ("max_age", None),
        ("DATA_PATH", "constant"),
        ("X", None),
        ("title", None),
        ("n", None),
        ("_", None),
        ("size", None),
    ],
)
def test_kinds_of_settings(name: str, kind: str | None) -> None:
    assert kind_of(name) == kind


def test_every_setting_holds_a_trigger() -> None:
    assert all(any(trigger in name.encode() for trigger in TRIGGERS) for name in (*kinds(), "max_", "min_"))


def test_settings_and_telling_literals(tmp_path: Path) -> None:
    code = (
        'SEED = -1\nseed: int = 2\nthreshold = f()\nstart_date = "2021-03-04"\ndef f():\n    SEED = 3\n'
        'def main():\n    cutoff = 0.5\nif __name__ == "__main__":\n    n_folds = 5\n'
        'x = 0.1372\ny = 100000\nread_csv("data/x.csv")\nz = read_csv("data/raw.csv")\nurl = "https://a.b/c/d.csv"\n'
        'own = "/home/anna/x/y.csv"\n'
    )
    fact = Settings.collect(_source(tmp_path, code))
    assert fact is not None
    found = [(setting.name, setting.value) for setting in fact.settings]
    assert found == [("SEED", "-1"), ("seed", "2"), ("start_date", "'2021-03-04'"), ("cutoff", "0.5"), ("n_folds", "5")]
    assert [literal for literal, _ in fact.copies] == ["'2021-03-04'", "0.1372", "'data/raw.csv'"]
    assert Settings.collect(_source(tmp_path, "title = 'x'\nn = 10\n")) is None


@pytest.mark.parametrize(
    ("path", "aside"),
    [
        ("train.py", False),
        ("src/models/train.py", False),
        ("01_clean.ipynb", False),
        ("latest.py", False),
        ("config.py", False),
        ("config/train_small.py", True),
        ("tests/test_train.py", True),
        ("ch03/fit.py", True),
        ("notebooks/03.05-regression.ipynb", True),
        ("lesson_2/fit.py", True),
        ("Tutorial 4.ipynb", True),
        ("old/train.py", True),
    ],
)
def test_what_stands_aside(path: str, aside: bool) -> None:
    assert is_aside(path) is aside


def test_a_readme_tells_of_lessons(tmp_path: Path) -> None:
    folder = tmp_path / "titanic"
    folder.mkdir()
    (folder / "README.md").write_text("# Titanic\n\nWho survived.\n", encoding="utf-8")
    assert not Project(open_view(folder)).fact(Lessons).everywhere
    (folder / "README.md").write_text("# Titanic\n\nNotebooks of the course.\n", encoding="utf-8")
    assert Project(open_view(folder)).fact(Lessons).everywhere


@pytest.mark.parametrize(
    ("expression", "origin", "text"),
    [
        ('"../src"', Origin.LITERAL, "../src"),
        ('os.path.abspath(os.path.join("..", "src"))', Origin.LITERAL, ".."),
        ('str(Path("..").resolve() / "src")', Origin.LITERAL, ".."),
        ("os.getcwd()", Origin.CURRENT, ""),
        ("Path.cwd().parent", Origin.CURRENT, ""),
        ("os.path.dirname(os.path.abspath(__file__))", Origin.PROGRAM, ""),
        ('str(Path(__file__).parents[1] / "src")', Origin.PROGRAM, "src"),
        ("HERE", Origin.PROGRAM, ""),
        ('os.path.join(sys.argv[1], "src")', Origin.UNKNOWN, "src"),
        ('f"{os.getcwd()}/src"', Origin.CURRENT, "/src"),
        ("twice", Origin.UNKNOWN, ""),
    ],
)
def test_origins(tmp_path: Path, expression: str, origin: Origin, text: str) -> None:
    head = "import os\nimport sys\nfrom pathlib import Path\nHERE = Path(__file__).parent\ntwice = f()\n"
    source = _source(tmp_path, head + f"x = {expression}\n")
    last = source.tree.body[-1]
    assert isinstance(last, ast.Assign)
    whence = origin_of(source, last.value)
    assert (whence.origin, whence.text) == (origin, text)


@pytest.mark.parametrize(
    "code",
    [
        "SEED = 0x" + "f" * 5000 + "\n",
        "SEED = " + "(" * 90 + "1" + ",)" * 90 + "\n",
        "x = " + "a + " * 3000 + "b\nimport os\nos.chdir(" + "a + " * 3000 + "b)\n",
        "import sys\nsys.path.append(" + "(" * 80 + "'..'" + ")" * 80 + ")\n",
        "connect(" * 80 + "host='db.lab.internal'" + ")" * 80 + "\n",
    ],
)
def test_no_literal_is_too_long(tmp_path: Path, code: str) -> None:
    source = _source(tmp_path, code)
    for rule in (PathHack(), HardcodedEndpoint(), UnparametrisedRun()):
        assert all(isinstance(found, (Finding, NotApplicable)) for found in rule.check(source))
    Settings.collect(source)


def test_a_long_line_is_searched_in_linear_time() -> None:
    times = []
    for size in (100_000, 400_000):
        for piece in (b"(", b"host:", b"host ", b"://", b"a.1"):
            start = time.process_time()
            may_hold_address(piece * (size // len(piece)))
            times.append(time.process_time() - start)
    half = len(times) // 2
    assert sum(times[half:]) < 12 * sum(times[:half]) + 0.2
