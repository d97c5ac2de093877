"""Which documents a project has, and where they lead."""

from __future__ import annotations

from pathlib import Path

import pytest

from repro_lint.documents.documentation import Documentation, Reference
from repro_lint.files import open_view
from repro_lint.project import Project


def documentation(root: Path, files: dict[str, str]) -> Documentation:
    for path, text in files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    return Project(open_view(root)).fact(Documentation)


@pytest.mark.parametrize(
    ("names", "readme"),
    [
        (["ReadMe.md", "a.py"], "ReadMe.md"),
        (["readme.txt"], "readme.txt"),
        (["README.txt", "README.rst", "README.md"], "README.md"),
        (["README.zh.md", "README.md", "README_de.md"], "README.md"),
        (["docs/README.md", "a.md"], "docs/README.md"),
        ([".github/README.md", "docs/README.md"], ".github/README.md"),
        (["README.pdf"], "README.pdf"),
        (["README.ipynb"], "README.ipynb"),
        (["src/README.md", "readmes.md", "readme.py"], None),
        ([], None),
    ],
)
def test_the_readme(tmp_path: Path, names: list[str], readme: str | None) -> None:
    assert documentation(tmp_path, dict.fromkeys(names, "x")).readme == readme


def test_the_documents(tmp_path: Path) -> None:
    names = [
        "README.md",
        "INSTALL",
        "docs/usage.rst",
        "CHANGELOG.md",
        "b/c/README.md",
        "a/readme.txt",
        "d/e/f/g/README.md",
        "README.pdf",
    ]
    found = documentation(tmp_path, dict.fromkeys(names, "x"))
    assert [document.path for document in found.main()] == ["README.md", "INSTALL", "docs/usage.rst"]
    assert [document.path for document in found.below()] == ["a/readme.txt", "b/c/README.md"]


@pytest.mark.parametrize(
    ("target", "path"),
    [
        ("setup.md", "guide/setup.md"),
        ("./setup.md#usage", "guide/setup.md"),
        ("setup", "guide/setup.md"),
        ("../paper%20one.pdf", "paper one.pdf"),
        ("/run.ipynb", "run.ipynb"),
        ("../code/", "code/README.rst"),
        ("https://github.com/me/it/blob/main/guide/setup.md?raw=1", "guide/setup.md"),
        ("https://nbviewer.jupyter.org/github/me/it/blob/main/run.ipynb", "run.ipynb"),
        ("https://raw.githubusercontent.com/me/it/main/run.ipynb", "run.ipynb"),
        ("https://github.com/me/it/tree/main/code", "code/README.rst"),
        ("https://github.com/me/it", None),
        ("../../etc/passwd", None),
        ("missing.md", None),
        ("#usage", None),
        ("mailto:me@it.example", None),
        ("//it.example/setup.md", None),
        ("", None),
    ],
)
def test_where_links_lead(tmp_path: Path, target: str, path: str | None) -> None:
    files = [
        "README.md",
        "guide/index.md",
        "guide/setup.md",
        "paper one.pdf",
        "run.ipynb",
        "code/README.rst",
        "code/a.py",
    ]
    assert documentation(tmp_path, dict.fromkeys(files, "x")).resolve("guide/index.md", target) == path


def test_references(tmp_path: Path) -> None:
    text = "# A\n\nSee [the guide](guide.md) and `manual.pdf`,\nor the [guide](guide.md), other.md and README.md.\n"
    found = documentation(tmp_path, {"README.md": text, "guide.md": "x", "manual.pdf": "x"})
    (readme,) = found.main()
    assert found.references(readme) == (Reference("guide.md", 3, True), Reference("manual.pdf", 3, False))
