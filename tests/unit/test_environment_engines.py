"""missing-engine: which environments are listed as a whole, and what is only supposed elsewhere."""

from __future__ import annotations

import json

import pytest
from tests.conftest import Lint

FROZEN = "numpy==2.3.4\npandas==2.3.3\npython-dateutil==2.9.0.post0\nsix==1.17.0\n"
READ = "import pandas as pd\ntable = pd.read_parquet('t.parquet')\n"
LOCK = '[[package]]\nname = "pandas"\nversion = "2.3.3"\n'


def said(lint: Lint, files: dict[str, str], program: str = READ) -> list[tuple[str, str, str | None]]:
    """Severity, confidence and outcome of each finding."""
    lint.repository({**files, "read.py": program})
    report = json.loads(lint("--select", "missing-engine", "--min-confidence", "low", "--output-format", "json").out)
    return [(d["severity"], d["confidence"], d["locations"][0]["outcome"]) for d in report["diagnostics"]]


@pytest.mark.parametrize(
    "files",
    [
        {"requirements.txt": FROZEN},
        {"pyproject.toml": '[project]\nname = "x"\ndependencies = ["pandas"]\n', "uv.lock": LOCK},
    ],
    ids=str,
)
def test_what_a_whole_list_lacks_is_not_there(lint: Lint, files: dict[str, str]) -> None:
    assert said(lint, files) == [("error", "high", "stops")]
    assert said(lint, files, "import pandas as pd\n\n\ndef read():\n    return pd.read_orc('t')\n") == [
        ("error", "high", "may-stop")
    ]


def test_what_direct_requirements_lack_may_come_with_others(lint: Lint) -> None:
    assert said(lint, {"requirements.txt": "pandas==2.3.3\n"}) == [("warning", "low", "may-stop")]


def test_a_method_is_only_supposed_to_be_that_of_a_data_frame(lint: Lint) -> None:
    program = "import pandas as pd\nframe = pd.DataFrame()\nframe.to_parquet('t.parquet')\n"
    assert said(lint, {"requirements.txt": FROZEN}, program) == [("warning", "high", "may-stop")]


@pytest.mark.parametrize(
    ("call", "package", "expected"),
    [
        ("read_excel('a.xls')", "openpyxl==3.1.5", 1),
        ("read_excel('a.xls')", "xlrd==2.0.1", 0),
        ("read_excel('https://data.example/a.xlsx?v=1')", "pyxlsb==1.0.10", 1),
        ("read_excel(path)", "pyxlsb==1.0.10", 0),
        ("read_excel('a.ods', engine='odf')", "odfpy==1.4.1", 0),
        ("read_excel('a.xlsx', engine='calamine')", "openpyxl==3.1.5", 1),
        ("read_html('a.html')", "beautifulsoup4==4.13.0", 1),
        ("read_html('a.html')", "beautifulsoup4==4.13.0\nhtml5lib==1.1", 0),
        ("read_html('a.html')", "lxml==6.0.0", 0),
        ("read_parquet('a', engine=chosen)", "six==1.17.0", 0),
        ("read_csv('a.csv')", "six==1.17.0", 0),
    ],
    ids=str,
)
def test_each_function_has_engines_of_its_own(lint: Lint, call: str, package: str, expected: int) -> None:
    program = f"import pandas as pd\nimport sys\npath = chosen = sys.argv[1]\ntable = pd.{call}\n"
    assert len(said(lint, {"requirements.txt": f"{FROZEN}{package}\n"}, program)) == expected


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"requirements.txt": "numpy==2.3.4\n"},
        {"requirements.txt": "pandas[parquet]==2.3.3\n"},
        {"requirements.txt": "pandas==2.3.3\n", "Dockerfile": "FROM python:3.12\nRUN pip install pyarrow==22.0.0\n"},
    ],
    ids=str,
)
def test_nothing_is_said_where_nobody_knows_what_is_installed(lint: Lint, files: dict[str, str]) -> None:
    assert said(lint, files) == []
