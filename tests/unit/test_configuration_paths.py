"""The knowledge about paths of one machine: what is one, what is done with it, and where it stands."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repro_lint.api import Finding, Project, PythonSource, TextFile
from repro_lint.files import open_view
from repro_lint.grades import Confidence, Severity
from repro_lint_rules.configuration.absolute_path.rule import AbsolutePath
from repro_lint_rules.configuration.machine_paths import machine_path, may_hold_path
from repro_lint_rules.configuration.path_scan import in_python
from repro_lint_rules.configuration.path_texts import command_words, json_values, scanner_for, text_values, yaml_values
from repro_lint_rules.configuration.path_uses import Use
from repro_lint_rules.configuration.roots import ROOTS, Tier

PATHS = {
    "/home/anna/x.csv": (Tier.HOME, "/home/anna"),
    "/Users/anna/x": (Tier.HOME, "/Users/anna"),
    "/root/data/x.csv": (Tier.HOME, "/root"),
    "~/Downloads/x.csv": (Tier.HOME, "~/Downloads"),
    "C:\\Users\\anna\\x.csv": (Tier.HOME, "C:\\Users\\anna"),
    "C:/Users/anna/x.csv": (Tier.HOME, "C:/Users/anna"),
    "d:\\datasets\\ALASKA2": (Tier.DRIVE, "d:"),
    "D:/data/x.csv": (Tier.DRIVE, "D:"),
    "d://datasets//x.csv": (Tier.DRIVE, "d:"),
    "\\\\server\\share\\x.csv": (Tier.DRIVE, "\\\\server\\share"),
    "/content/drive/My Drive/x.csv": (Tier.HOSTED, "/content/drive"),
    "/content/x.csv": (Tier.HOSTED, "/content"),
    "/kaggle/input/x": (Tier.HOSTED, "/kaggle/input"),
    "../input/x.csv": (Tier.HOSTED, "../input"),
    "/dbfs/x.csv": (Tier.HOSTED, "/dbfs"),
    "dbfs:/mnt/x.csv": (Tier.HOSTED, "dbfs:"),
    "/opt/ml/model": (Tier.HOSTED, "/opt/ml"),
    "/home/jovyan/x": (Tier.HOSTED, "/home/jovyan"),
    "/gpfs/home/anna/x": (Tier.SHARED, "/gpfs/home"),
    "/mnt/efs/x.csv": (Tier.SHARED, "/mnt/efs"),
    "/media/disk/x.csv": (Tier.SHARED, "/media/disk"),
    "/data/alaska2": (Tier.DATA, "/data"),
    "/dih4/wimlds/x.csv": (Tier.OTHER, "/dih4"),
    "/home/ryan/FPKM by Peak Status Difference Tests.xlsx": (Tier.HOME, "/home/ryan"),
    "/mnt/efs/data/**/*.cdf": (Tier.SHARED, "/mnt/efs"),
}


@pytest.mark.parametrize("text", PATHS)
def test_paths_are_recognised_with_their_root(text: str) -> None:
    found = machine_path(text)
    assert found is not None
    assert (found.tier, found.root) == PATHS[text]


@pytest.mark.parametrize(
    "text",
    [
        "Matrix W:\n",
        "W:",
        "C:\\",
        "C:\\Windows\\Fonts\\arial.ttf",
        "a:/b",
        "s:/",
        "http://example.org/home/anna/x",
        "//example.org/home/x",
        "/home",
        "/home/",
        "/home/:id/x",
        "/home/user/x.csv",
        "/home/username/x",
        "/Users/me/x",
        "/home/<name>/x",
        "/home/{user}/x",
        "/home/$USER/x",
        "C:/Users/YourName/x.csv",
        "/path/to/data",
        "/tmp/x.csv",
        "/dev/null",
        "/etc/passwd",
        "/usr/bin/env",
        "/home/anna is where it lives. Look there",
        "\\\\hline\\textbf{x}",
        "\\\\d+\\w*",
        "x:\\d+\\w+",
        "~/.cache/huggingface/hub",
        "../inputs/x.csv",
        "input/x.csv",
        "",
        "/",
    ],
)
def test_other_texts_are_not(text: str) -> None:
    assert machine_path(text) is None


def test_what_is_cut_off_is_not_guessed() -> None:
    assert machine_path("/home/anna", cut=True) is None
    assert machine_path("/mnt", cut=True) is None
    found = machine_path("/mnt/efs/", cut=True)
    assert found is not None
    assert found.root == "/mnt/efs"


def test_names_from_stories_are_doubtful_and_accounts_are_named() -> None:
    alice, ubuntu = machine_path("/home/alice/x.csv"), machine_path("/home/ubuntu/x.csv")
    assert alice is not None
    assert ubuntu is not None
    assert alice.doubtful
    assert ubuntu.where == "the home directory of a cloud machine"


@pytest.mark.parametrize("text", PATHS)
@pytest.mark.parametrize(
    "write", [repr, json.dumps, lambda text: json.dumps(f"x = {text!r}"), lambda text: f" {text} "]
)
def test_the_cheap_look_sees_them_however_they_are_written(text: str, write: Callable[[str], str]) -> None:
    bare = write(text).startswith(" ")
    assert may_hold_path(write(text).encode()) or (bare and PATHS[text][0] is Tier.OTHER)


@pytest.mark.parametrize("root", [root.prefix for root in ROOTS])
def test_the_cheap_look_knows_every_root(root: str) -> None:
    assert may_hold_path(f'x = "{root}/data/x.csv"'.encode())


def test_the_cheap_look_sees_the_first_word_of_a_line_in_a_notebook() -> None:
    assert may_hold_path(json.dumps("%%bash\n/home/anna/run.sh").encode())


def test_the_cheap_look_passes_over_ordinary_code() -> None:
    code = b'import os\nx = {1: "http://x.org/a", "b": "/tmp/x"}\ny = os.path.join("a", "b\\n")\nz = a[1:]\n'
    assert not may_hold_path(code)


@given(st.text(alphabet="/\\ABCDabcd:~.homeUsers0 {}%$<>\n\"'-", max_size=40))
def test_no_text_makes_it_crash(text: str) -> None:
    for cut in (False, True):
        found = machine_path(text, cut=cut)
        assert found is None or found.root in found.text


@given(st.text(alphabet="/homeanax: '\"[]{}-#=\\,\n\t`$;|&C", max_size=80))
def test_scanners_never_crash_and_stay_in_the_text(text: str) -> None:
    for path in ("a.yml", "a.json", "a.toml", "a.ini", "a.sh", "a.R", "a.Rmd", "Makefile", "a.bat", ".env"):
        for value in text_values(path, text):
            assert 0 <= value.start <= value.end <= len(text)


def test_words_of_commands_have_their_spans() -> None:
    text = "cp '/mnt/My Disk/x.csv' /home/anna/y # /home/anna/z\ncp /content/drive/My\\ Drive/x ."
    assert [(w.value, text[w.start : w.end]) for w in command_words(text)] == [
        ("/mnt/My Disk/x.csv", "/mnt/My Disk/x.csv"),
        ("/home/anna/y", "/home/anna/y"),
        ("/content/drive/My Drive/x", "/content/drive/My\\ Drive/x"),
    ]


def test_values_of_yaml_and_json_have_their_keys() -> None:
    text = "a: /x/y  # no\nb:\n  - '/x/z'\nc: [1, \"/p/q\", /r/s]\n# d: /no\n"
    assert [(v.name, v.value) for v in yaml_values(text) if "/" in v.value] == [
        ("a", "/x/y"),
        (None, "/x/z"),
        ("c", "/p/q"),
        ("c", "/r/s"),
    ]
    assert [(v.name, v.value) for v in json_values('{"a": "C:\\\\x", // "/no"\n"b": ["/y"]}')] == [
        ("a", "C:\\x"),
        ("b", "/y"),
    ]


@pytest.mark.parametrize(
    "path",
    [
        "docker-compose.yml",
        ".github/workflows/a.yml",
        "renv/activate.R",
        "README.md",
        "a.js",
        "docker/run.sh",
        "uv.lock",
    ],
)
def test_files_about_other_machines_are_not_read(path: str) -> None:
    assert scanner_for(path) is None


def _findings(folder: Path, files: dict[str, str]) -> list[Finding]:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8", newline="")
    project = Project(open_view(folder))
    found: list[Finding] = []
    for name in files:
        subject: PythonSource | TextFile | None = None
        if PythonSource.accepts(name):
            subject = project.load(PythonSource, name)
        elif TextFile.accepts(name):
            subject = project.load(TextFile, name)
        if subject is not None:
            found += [f for f in AbsolutePath().check(subject) if isinstance(f, Finding)]
    return found


def _one(folder: Path, code: str, name: str = "a.py") -> Finding:
    (finding,) = _findings(folder, {name: code})
    return finding


def test_the_span_is_that_of_the_literal(tmp_path: Path) -> None:
    finding = _one(tmp_path, 'é = 1; x = open("/home/anna/x.csv")\n')
    span = finding.place.span
    assert span is not None
    assert (span.line, span.column, span.end_line, span.end_column) == (1, 17, 1, 35)


def test_the_span_in_a_command_is_that_of_the_path(tmp_path: Path) -> None:
    finding = _one(tmp_path, 'import os\nos.system("cp /home/anna/x.csv .")\n')
    span = finding.place.span
    assert span is not None
    assert (span.line, span.column, span.end_column) == (2, 15, 31)


def test_the_message_shortens_long_paths(tmp_path: Path) -> None:
    finding = _one(tmp_path, f'x = open("/home/anna/{"a" * 100}/x.csv")\n')
    assert finding.message == (
        f"`/home/anna/{'a' * 21}…{'a' * 30}/x.csv` ties the code to a home directory of one person (`/home/anna`)"
    )


def test_the_help_finds_the_copy_in_the_repository(tmp_path: Path) -> None:
    code = 'x = open("/home/anna/project/data/train.csv")\n'
    finding = _findings(tmp_path, {"src/a.py": code, "data/train.csv": "a\n"})[0]
    assert finding.help == 'Path(__file__).parent / "../data/train.csv" is the same file in this repository'


def test_the_help_names_the_variable_after_the_target(tmp_path: Path) -> None:
    finding = _one(tmp_path, 'trainFile = "/home/anna/train.csv"\n')
    assert finding.help == (
        'Path(__file__).parent / "data/train.csv" if it can live in the repository, '
        'else os.environ["TRAIN_FILE"] or an option'
    )


@pytest.mark.parametrize(
    ("code", "severity", "confidence"),
    [
        ('x = open("/home/anna/x.csv")', Severity.WARNING, Confidence.HIGH),
        ('import os\nx = os.environ.get("DATA", "/home/anna/x.csv")', Severity.NOTE, Confidence.LOW),
        ('import os\nx = os.environ.get("DATA") or "/home/anna/x.csv"', Severity.NOTE, Confidence.LOW),
        ('p.add_argument("--x", default="/home/anna/x.csv")', Severity.WARNING, Confidence.MEDIUM),
        ('x = open("/home/alice/x.csv")', Severity.WARNING, Confidence.LOW),
        ('x = open("/media/disk/x.csv")', Severity.WARNING, Confidence.MEDIUM),
        ('x = open("/dih4/wimlds/x/train.csv")', Severity.NOTE, Confidence.MEDIUM),
        ('x = open("/dih4/wimlds")', Severity.NOTE, Confidence.LOW),
    ],
)
def test_grades(tmp_path: Path, code: str, severity: Severity, confidence: Confidence) -> None:
    finding = _one(tmp_path, code + "\n")
    assert (finding.severity, finding.confidence) == (severity, confidence)


@pytest.mark.parametrize(
    ("code", "written"),
    [
        ('x = os.path.join(\n    "/home/anna", "x.csv")', '"/home/anna"'),
        ("x = '/home/anna/data' + '/x.csv'", "'/home/anna/data'"),
        ('x = open(f"/home/anna/{name}.csv")', 'f"/home/anna/{name}.csv"'),
        ("f('--data=/home/anna/x.csv')", "/home/anna/x.csv"),
        ('é = open("/home/anna/x.csv")', '"/home/anna/x.csv"'),
    ],
)
def test_the_span_of_a_longer_expression_is_that_of_its_literal(tmp_path: Path, code: str, written: str) -> None:
    span = _one(tmp_path, "import os\n" + code + "\n").place.span
    assert span is not None
    assert span.line == span.end_line
    line = ("import os\n" + code).split("\n")[span.line - 1]
    assert line[span.column - 1 : (span.end_column or 0) - 1] == written


def test_tests_are_judged_low(tmp_path: Path) -> None:
    assert _one(tmp_path, 'x = open("/home/anna/x.csv")\n', "tests/test_a.py").confidence is Confidence.LOW


@pytest.mark.parametrize(
    ("code", "use"),
    [
        ('f(data_dir="/home/anna/x")', Use.NAMED),
        ('DATA = "/home/anna/x"', Use.NAMED),
        ('f("/home/anna/x")', Use.PLAIN),
        ('f(["/home/anna/x"])', Use.PLAIN),
        ('def f(path="/home/anna/x"): pass', Use.NAMED),
        ('open("/home/anna/x" + name)', Use.OPENED),
        ('with open("/home/anna/x") as f: pass', Use.OPENED),
        ('x = {"path": "/home/anna/x"}', Use.NAMED),
    ],
)
def test_uses(tmp_path: Path, code: str, use: Use) -> None:
    (tmp_path / "a.py").write_text(code + "\n", encoding="utf-8")
    source = Project(open_view(tmp_path)).load(PythonSource, "a.py")
    assert source is not None
    assert [occurrence.use for occurrence in in_python(source)] == [use]


_PIECES = st.sampled_from(
    [
        '"/home/anna/x"',
        "f'/mnt/{x}/y'",
        "(",
        ")",
        "[",
        "]",
        "open",
        "+",
        "/",
        "=",
        " x ",
        "\n",
        "if ",
        ":",
        "%cd /mnt/x/y",
        "!ls /mnt/x",
        ",",
        "'C:\\\\data\\\\x'",
        "lambda: ",
        "try:",
        "#",
    ]
)


@given(st.lists(_PIECES, max_size=14).map("".join))
def test_no_program_makes_it_crash(tmp_path_factory: pytest.TempPathFactory, code: str) -> None:
    folder = tmp_path_factory.mktemp("any")
    cell: dict[str, object] = {
        "cell_type": "code",
        "metadata": {},
        "outputs": [],
        "execution_count": None,
        "source": code,
    }
    notebook = json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    for finding in _findings(folder, {"a.py": code, "b.ipynb": notebook, "c.R": code, "d.yml": code, "e.sh": code}):
        assert finding.message
