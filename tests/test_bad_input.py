"""Whatever a tree holds: never a traceback, and everything else is still reported."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.conftest import Lint, MemoryView, git, write_files

from repro_lint.config import Configuration, Settings
from repro_lint.grades import Confidence, Level
from repro_lint.registry import load_registry
from repro_lint.report import Report
from repro_lint.reporters import FORMATS, Look, render
from repro_lint.session import Session, Target
from repro_lint.tables import validated

pytestmark = pytest.mark.untraced

REGISTRY = load_registry()
WITNESS = "witness.py"
"""A file with one finding, which must be reported whatever stands beside it."""
BROKEN = "print 'hello'\n"


def run(files: Mapping[str, str | bytes | Exception], **options: object) -> Report:
    """Every rule over the files, as one session; the witness is among them."""
    values = {"level": Level.PRODUCTION, "min-confidence": Confidence.LOW, "select": ("all",), **options}
    configuration = Configuration(validated(Settings, values))
    view = MemoryView({**files, WITNESS: BROKEN})
    return Session(Target(Path("/project"), (), False), configuration, REGISTRY, view=view).report()


def assert_sound(report: Report) -> None:
    """No rule crashed, the witness was heard, and every format can say all of it."""
    assert [d.message for d in report.diagnostics if d.rule in ("internal-error", "broken-plugin")] == []
    assert [d.rule for d in report.diagnostics if d.location.path == WITNESS and d.rule == "unparsable-code"]
    for name in FORMATS:
        render(name, report, Look()).encode("utf-8", "backslashreplace" if name != "json" else "strict")


def rules_at(report: Report, path: str) -> set[str]:
    return {d.rule for d in report.diagnostics if d.location.path == path}


NAMES = st.sampled_from(
    "x.py x.ipynb pyproject.toml README.md requirements.txt environment.yml setup.py setup.cfg .env config.json x.R "
    "docs/x.rst Makefile .github/workflows/ci.yml Pipfile x.qmd run.sh".split(" ")
)


@given(st.dictionaries(NAMES, st.binary(max_size=120), max_size=4))
@settings(max_examples=40)
def test_random_bytes(files: dict[str, bytes]) -> None:
    assert_sound(run(files))


WORDS = st.sampled_from(
    "import def ( ) [ ] { } : = \n \n \t # ' \" ''' ``` ~~~ % ! @ \\ \x00 \f \r \ud800 é 🙂 password np.random.seed( open( "
    "/home/me/x.csv C:\\\\data f' -- <!-- --> repro-lint: ignore[all] file-ignore %% # %% [markdown] - * | > \ufeff".split(
        " "
    )
)


@given(NAMES, st.lists(WORDS, max_size=30).map(" ".join))
@settings(max_examples=60)
@example("x.py", "# coding: unicode_escape\nx = '\\ud800\n")
@example("x.py", "# coding: utf-7\n+2AA-\n")
@example("x.py", "# coding: raw_unicode_escape\n\\ud800 = (\n")
def test_almost_right_text(name: str, text: str) -> None:
    assert_sound(run({name: text.encode("utf-8", "surrogatepass")}))


DRAWN = "import os\nimport numpy as np, matplotlib.pyplot as plt\nx = np.random.rand(3)\nxs = os.listdir('.')\n"


@pytest.mark.parametrize(
    "deep",
    ["+".join(["{0}"] * 600), "+".join(["{0}"] * 1800), "{0}" + ".copy()" * 400, "-" * 700 + "{0}"],
    ids=["sum", "long sum", "chain", "signs"],
)
@pytest.mark.parametrize(
    "use",
    [
        "y = {0}\nprint(y)\n",
        "print({0})\nplt.plot({0})\n",
        "for f in xs:\n    print({1})\nopen('a', 'w').write(str({0}))\n",
        "if {0}:\n    np.random.seed({0})\n",
    ],
    ids=["bound", "shown", "listed", "asked"],
)
def test_deep_expressions(deep: str, use: str) -> None:
    code = DRAWN + use.format(deep.format("x"), deep.format("f"))
    assert_sound(run({"deep.py": code.encode()}))


CELL: st.SearchStrategy[dict[str, object]] = st.fixed_dictionaries(
    {},
    optional={
        "cell_type": st.sampled_from(["code", "markdown", "raw", "?", 3, None]),
        "source": st.sampled_from(["", "x = 1", ["a\n", "b"], [1], None, {}, "%%bash\nls", "!pip install x", "\ud800"]),
        "outputs": st.sampled_from([[], [{}], [{"output_type": "error"}], {}, None, [{"output_type": "stream"}]]),
        "execution_count": st.sampled_from([None, 1, -1, "x", 1.5, True, 10**30]),
        "metadata": st.sampled_from([{}, [], None, {"tags": ["a", 1]}, {"tags": "x"}]),
        "id": st.sampled_from(["a", "b", "", 1, None]),
    },
)


@given(
    st.fixed_dictionaries(
        {"cells": st.lists(CELL | st.none() | st.integers(), max_size=4)},
        optional={
            "metadata": st.sampled_from([{}, [], None, {"kernelspec": 3}, {"kernelspec": {"language": "R"}}]),
            "nbformat": st.sampled_from([4, 3, "4", None]),
            "nbformat_minor": st.sampled_from([5, 0, "x"]),
        },
    )
)
@settings(max_examples=60)
def test_almost_right_notebooks(notebook: dict[str, object]) -> None:
    assert_sound(run({"n.ipynb": json.dumps(notebook)}))


NOTEBOOK = json.dumps(
    {
        "cells": [
            {
                "cell_type": "code",
                "id": "a",
                "metadata": {},
                "outputs": [],
                "execution_count": 1,
                "source": ["x = '\\u00e9'\n", "y"],
            }
        ],
        "metadata": {},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
)


def test_a_notebook_that_is_cut_off_anywhere() -> None:
    files: dict[str, str | bytes | Exception] = {
        f"n{length:03}.ipynb": NOTEBOOK[:length] for length in range(0, len(NOTEBOOK), 3)
    }
    report = run(files)
    assert_sound(report)
    assert all("broken-notebook" in rules_at(report, path) for path in files)


def test_nothing_at_all() -> None:
    names = ["a.py", "b.ipynb", "pyproject.toml", "README.md", "requirements.txt", "environment.yml", ".env", "x.json"]
    report = run(dict.fromkeys(names, b""))
    assert_sound(report)
    assert rules_at(report, "a.py") == set()
    assert "broken-notebook" in rules_at(report, "b.ipynb")


@pytest.mark.parametrize("depth", [100, 1_000, 100_000])
@pytest.mark.parametrize(
    ("opening", "closing"),
    [("(", ")"), ("[", "]"), ("{'a':", "}"), ("-", "1"), ("f(", ")"), ("not ", "x"), ("a.", "b")],
)
def test_deep_nesting_of_python(depth: int, opening: str, closing: str) -> None:
    assert_sound(run({"deep.py": "x = " + opening * depth + closing * depth + "\n"}))


@pytest.mark.parametrize("depth", [900, 100_000])
@pytest.mark.parametrize("name", ["x.ipynb", "x.json", "pyproject.toml", "environment.yml", "README.md"])
def test_deep_nesting_of_data(depth: int, name: str) -> None:
    depth = min(depth, 20_000) if name == "README.md" else depth
    prefix = "x = " if name.endswith(".toml") else ""
    assert_sound(run({name: prefix + "[" * depth + "]" * depth}))
    assert_sound(run({name: prefix + '{"cells":' * depth}))
    assert_sound(run({name: "> " * min(depth, 2_000) + "text\n"}))


def test_indented_blocks_to_the_limit() -> None:
    code = "".join("    " * n + "if x:\n" for n in range(200)) + "    " * 200 + "pass\n"
    assert_sound(run({"deep.py": code}))


def test_a_line_of_fifty_megabytes_is_not_read() -> None:
    report = run({"big.py": b"x" * 50_000_000})
    assert_sound(report)
    (found,) = [d for d in report.diagnostics if d.location.path == "big.py"]
    assert found.rule == "unreadable-file"
    assert found.message == "big.py cannot be read: 47.7 MiB is more than max-file-size (20 MiB)"


def test_a_line_of_a_megabyte_is_read() -> None:
    report = run({"big.py": "x = '" + "y" * 1_000_000 + "'\n", "big.json": '{"a": "' + "b" * 1_000_000 + '"}'})
    assert_sound(report)
    assert rules_at(report, "big.py") <= {"untested-module"}


@pytest.mark.parametrize("name", ["x.py", "requirements.txt", "x.md", "x.toml", "x.ipynb"])
def test_nul_bytes(name: str) -> None:
    report = run({name: b"a = 1\n\0\0\0\n"})
    assert_sound(report)
    assert rules_at(report, name) & {"unreadable-file", "unparsable-code", "broken-notebook"}


def test_surrogates_in_a_notebook() -> None:
    text = NOTEBOOK.replace("\\\\u00e9", "\\ud800").replace('"y"', '"\\udc00 = 1 +"')
    assert_sound(run({"n.ipynb": text}))


@pytest.mark.parametrize(
    "error",
    [
        FileNotFoundError(2, "No such file or directory"),
        PermissionError(13, "Permission denied"),
        OSError(5, "I/O error"),
    ],
    ids=["vanished", "forbidden", "broken disk"],
)
@pytest.mark.parametrize(
    "name", ["x.py", "x.ipynb", "x.md", "requirements.txt", "pyproject.toml", "uv.lock", "README.md", "tests/test_x.py"]
)
def test_a_file_that_cannot_be_read(name: str, error: OSError) -> None:
    report = run({name: error, "requirements.txt": "numpy\n"} if name != "requirements.txt" else {name: error})
    assert_sound(report)
    if name.endswith((".py", ".ipynb")):
        (found,) = [d for d in report.diagnostics if d.rule == "unreadable-file" and d.location.path == name]
        assert found.message == f"{name} cannot be read: {error.strerror}"


class Vanishing(MemoryView):
    """Its files are gone after they were read once."""

    def read(self, path: str) -> bytes:
        data = super().read(path)
        self.files[path] = FileNotFoundError(2, "No such file or directory")
        return data

    def size(self, path: str) -> int:
        content = self.files[path]
        if isinstance(content, Exception):
            raise content
        return len(content)


def test_files_that_vanish_during_the_run() -> None:
    files = {
        "a.py": "import b\n",
        "b.py": "x = 1\n",
        "n.ipynb": NOTEBOOK,
        "requirements.txt": "numpy\n",
        WITNESS: BROKEN,
    }
    configuration = Configuration(validated(Settings, {"level": "production", "select": ["all"]}))
    session = Session(Target(Path("/project"), (), False), configuration, REGISTRY, view=Vanishing(files))
    assert_sound(session.report())


class TestRealTrees:
    """What only a file system can do."""

    def sound(self, lint: Lint) -> list[str]:
        """The lines of the findings; the witness is among them, and nothing crashed."""
        result = lint("--output-format", "concise")
        assert (result.code, result.err) == (1, "")
        assert any(line.startswith(f"{WITNESS}:1:1: error RUN007") for line in result.lines)
        assert "LNT001" not in result.out
        assert json.loads(lint("--output-format", "json").out)["summary"]["findings"] > 0
        return result.lines

    def test_a_directory_with_the_name_of_a_file(self, lint: Lint) -> None:
        lint.repository({WITNESS: BROKEN, "x.py/__init__.py": "", "n.ipynb/a.txt": "", "pyproject.toml/b.txt": ""})
        self.sound(lint)

    def test_a_dangling_link_a_cycle_and_a_link_out(self, lint: Lint, tmp_path: Path) -> None:
        write_files(tmp_path / "outside", {"secret.py": BROKEN})
        root = lint.repository({WITNESS: BROKEN})
        (root / "dangling.py").symlink_to("nowhere.py")
        (root / "cycle.py").symlink_to("cycle.py")
        (root / "out.py").symlink_to(tmp_path / "outside" / "secret.py")
        (root / "folder").symlink_to(root, target_is_directory=True)
        git(root, "add", "-A")
        lines = self.sound(lint)
        assert not [line for line in lines if line.startswith(("dangling", "cycle", "out.py", "folder"))]

    def test_a_file_that_is_staged_and_gone(self, lint: Lint) -> None:
        root = lint.repository({WITNESS: BROKEN, "gone.py": BROKEN})
        (root / "gone.py").unlink()
        assert not [line for line in self.sound(lint) if line.startswith("gone")]

    @pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes")
    def test_a_named_pipe_is_not_waited_for(self, lint: Lint) -> None:
        root = lint.repository({WITNESS: BROKEN})
        os.mkfifo(root / "pipe.py")
        self.sound(lint)

    @pytest.mark.skipif(os.name == "nt", reason="names are Unicode there")
    def test_names_that_are_strange(self, lint: Lint) -> None:
        root = lint.repository({WITNESS: BROKEN})
        for name in (
            b"latin-\xe9.py",
            b"line\nbreak.py",
            b"-rf.py",
            b"tab\t.py",
            b"quote'\".py",
            "größe 🙂.py".encode(),
        ):
            (root / os.fsdecode(name)).write_bytes(BROKEN.encode())
        lines = self.sound(lint)
        shown = {line.partition(":1:1")[0] for line in lines if "RUN007" in line}
        assert shown == {
            WITNESS,
            "latin-\\xe9.py",
            "line\\x0abreak.py",
            "-rf.py",
            "tab\\x09.py",
            "quote'\".py",
            "größe 🙂.py",
        }

    @pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
    def test_a_file_that_may_not_be_read(self, lint: Lint) -> None:
        root = lint.repository({WITNESS: BROKEN, "secret.py": BROKEN})
        (root / "secret.py").chmod(0)
        assert any(line.startswith("secret.py: warning LNT002") for line in self.sound(lint))

    @pytest.mark.parametrize(
        "config",
        [b"\xff", b"[", b"level = 3\n", b"[tool]\n", b"per-file-ignores = 1\n", b"rules = []\n", b"x = " + b"[" * 9000],
        ids=repr,
    )
    def test_a_wrong_configuration_is_one_line(self, lint: Lint, config: bytes) -> None:
        lint.repository({WITNESS: BROKEN, "repro-lint.toml": config[:40] if len(config) < 40 else config})
        result = lint()
        assert (result.code, result.out) == (2, "")
        assert result.err.startswith("repro-lint: error: ")
        assert result.err.count("\n") == 1

    def test_a_repository_that_git_refuses(self, lint: Lint) -> None:
        root = lint.repository({WITNESS: BROKEN})
        (root / ".git" / "index").write_bytes(b"not an index")
        result = lint("--output-format", "concise")
        assert result.code == 1
        assert result.lines[0].startswith(f"{WITNESS}:1:1: error RUN007")
        assert result.err.startswith("repro-lint: warning: ")
