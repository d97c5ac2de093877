"""What declares an environment: every format people use, and nothing that makes a parser raise."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import memory_project

from repro_lint.manifests.conda import parse_conda
from repro_lint.manifests.environment import Environment, lock_tool
from repro_lint.manifests.model import Manifest, Requirement, canonical, is_pinned, name_in_url
from repro_lint.manifests.pyproject import parse_pyproject
from repro_lint.manifests.requirements import is_compiled, parse_requirements, read_requirements
from repro_lint.manifests.scripts import parse_script
from repro_lint.manifests.setup import parse_setup_cfg, parse_setup_py
from repro_lint.manifests.tables import parse_pipfile, parse_pixi

HASH = "--hash=sha256:" + "0" * 64
COMMIT = "0123456789abcdef0123456789abcdef01234567"


def requirements(text: str | bytes) -> list[tuple[str, int | None, bool]]:
    data = text if isinstance(text, bytes) else text.encode()
    return [(r.name, r.line, r.pinned) for r in parse_requirements(data)]


def listed(manifest: Manifest | None) -> list[tuple[str, int | None, bool, str]]:
    assert manifest is not None
    assert manifest.problem is None
    return [(r.name, r.line, r.pinned, r.scope) for r in manifest.requirements]


class TestRequirements:
    @pytest.mark.parametrize(
        ("line", "name", "pinned"),
        [
            ("numpy", "numpy", False),
            ("numpy==1.26.4", "numpy", True),
            ("numpy == 1.26.4", "numpy", True),
            ("numpy===1.26.4", "numpy", True),
            ("numpy==1.26.*", "numpy", False),
            ("numpy>=1.20", "numpy", False),
            ("numpy>=1.20,<2", "numpy", False),
            ("numpy~=1.26.0", "numpy", False),
            ("numpy (>=1.20)", "numpy", False),
            ("numpy (==1.26.4)", "numpy", True),
            ("Scikit_Learn.X==1.0", "scikit-learn-x", True),
            ("pandas[excel,parquet]==2.2.0", "pandas", True),
            ("pandas [excel] >= 2", "pandas", False),
            ("numpy==1.26.4 ; python_version < '3.12'", "numpy", True),
            ("numpy; sys_platform == 'linux'", "numpy", False),
            ("numpy==1.26.4  # the last good one", "numpy", True),
            ("torch==2.1.0+cu118", "torch", True),
            ("numpy==1.26.4rc1", "numpy", True),
            (f"numpy {HASH}", "numpy", True),
            (f"numpy==1.26.4 {HASH} {HASH}", "numpy", True),
            (f"thing @ git+https://example.org/thing.git@{COMMIT}", "thing", True),
            ("thing @ git+https://example.org/thing.git@main", "thing", False),
            ("thing@https://example.org/thing.zip#sha256=" + "0" * 64, "thing", True),
            (f"git+https://example.org/thing.git@{COMMIT}#egg=Thing", "thing", True),
            ("-e git+https://example.org/thing.git#egg=thing", "thing", False),
            ("--editable=git+https://example.org/thing.git#egg=thing", "thing", False),
            ("numpy=1.26.4=py311h64a7726_0", "numpy", True),
            ("_libgcc_mutex=0.1=conda_forge", "-libgcc-mutex", True),
        ],
    )
    def test_a_line(self, line: str, name: str, pinned: bool) -> None:
        assert requirements(line) == [(name, 1, pinned)]

    @pytest.mark.parametrize(
        "line",
        [
            "",
            "# numpy",
            "   # numpy",
            "-r other.txt",
            "--requirement other.txt",
            "-c constraints.txt",
            "--index-url https://example.org/simple",
            "-i https://example.org/simple",
            "-f ./wheels",
            "--no-binary :all:",
            "-e .",
            "-e ./local",
            ".",
            "./local",
            "/opt/local",
            "https://example.org/thing.whl",
            "git+https://example.org/thing.git",
            "@EXPLICIT",
            "Install these packages first",
        ],
    )
    def test_a_line_that_names_nothing(self, line: str) -> None:
        assert requirements(line) == []

    def test_lines_are_numbered_and_continuations_joined(self) -> None:
        text = f"# header\n\nnumpy==1.0 \\\n    {HASH} \\\n    {HASH}\npandas\nscipy \\\n"
        assert requirements(text) == [("numpy", 3, True), ("pandas", 6, False), ("scipy", 7, False)]

    @pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-8"])
    def test_encodings(self, encoding: str) -> None:
        """PowerShell's ``pip freeze > requirements.txt`` writes UTF-16."""
        text = "numpy==1.26.4\r\npandas\r\n"
        assert requirements(text.encode(encoding)) == [("numpy", 1, True), ("pandas", 2, False)]

    def test_latin_1(self) -> None:
        assert requirements("# für\nnumpy\n".encode("latin-1")) == [("numpy", 2, False)]

    def test_a_conda_export(self) -> None:
        text = "# This file may be used to create an environment\n# platform: linux-64\n_x=0.1=main\nnumpy=1.2=py_0\n"
        assert [(line, pinned) for _, line, pinned in requirements(text)] == [(3, True), (4, True)]

    @pytest.mark.parametrize(
        ("header", "compiled"),
        [
            ("#\n# This file is autogenerated by pip-compile with Python 3.11\n", True),
            ("# This file was autogenerated by uv via the following command:\n#    uv pip compile x.in\n", True),
            ("# generated by hand\n", False),
            ("", False),
        ],
    )
    def test_compiled(self, header: str, compiled: bool) -> None:
        assert is_compiled((header + "numpy==1\n").encode()) is compiled


class TestPyproject:
    def test_pep_621_and_735(self) -> None:
        text = """\
[build-system]
requires = ["hatchling"]

[project]
name = "x"
dependencies = [
    "numpy==1.26.4",
    "pandas[excel]>=2 ; python_version > '3.9'",
]
[project.optional-dependencies]
plot = ["matplotlib~=3.8"]
[dependency-groups]
dev = ["pytest", {include-group = "other"}]
"""
        manifest = parse_pyproject("pyproject.toml", text.encode())
        assert listed(manifest) == [
            ("numpy", 7, True, ""),
            ("pandas", 8, False, ""),
            ("matplotlib", 11, False, "plot"),
            ("pytest", 13, False, "dev"),
        ]
        assert manifest is not None
        assert (manifest.kind, manifest.line, manifest.library) == ("pyproject", 6, False)
        assert (manifest.pinned, manifest.declares) == (False, True)

    def test_a_published_library_says_for_whom(self) -> None:
        text = '[build-system]\nrequires = []\n[project]\nclassifiers = ["Programming Language :: Python"]\n'
        manifest = parse_pyproject("pyproject.toml", text.encode())
        assert manifest is not None
        assert manifest.library

    def test_poetry(self) -> None:
        text = f"""\
[tool.poetry]
name = "x"
[tool.poetry.dependencies]
python = "^3.10"
numpy = "1.26.4"
pandas = "^2.0"
scipy = {{version = "1.11.4", optional = true}}
thing = {{git = "https://example.org/thing.git", rev = "{COMMIT}"}}
other = [{{version = "1.0.0", python = "<3.9"}}, {{version = "^2", python = ">=3.9"}}]
any = "*"
[tool.poetry.dev-dependencies]
black = "==23.1.0"
[tool.poetry.group.docs.dependencies]
sphinx = "~7"
"""
        manifest = parse_pyproject("a/pyproject.toml", text.encode())
        assert listed(manifest) == [
            ("numpy", 5, True, ""),
            ("pandas", 6, False, ""),
            ("scipy", 7, True, ""),
            ("thing", 8, True, ""),
            ("other", 9, True, ""),
            ("any", 10, False, ""),
            ("black", 12, True, "dev"),
            ("sphinx", 14, False, "docs"),
        ]
        assert manifest is not None
        assert (manifest.kind, manifest.directory) == ("poetry", "a")

    def test_pixi_inside(self) -> None:
        text = '[tool.pixi.dependencies]\npython = "3.11"\nnumpy = "*"\n[tool.pixi.pypi-dependencies]\nx = "==1.0"\n'
        assert listed(parse_pyproject("pyproject.toml", text.encode())) == [
            ("numpy", 3, False, ""),
            ("x", 5, True, ""),
        ]

    def test_one_that_only_configures_tools_is_none(self) -> None:
        assert parse_pyproject("pyproject.toml", b"[tool.black]\nline-length = 100\n") is None
        assert parse_pyproject("pyproject.toml", b"") is None

    @pytest.mark.parametrize(
        "text",
        [
            "project = 3",
            "[project]\ndependencies = 'numpy'",
            "[project]\ndependencies = [1, [], {}]",
            "[project]\noptional-dependencies = [1]",
            "dependency-groups = 'x'\n[project]",
            "[tool]\npoetry = []\n[project]",
            "[tool.poetry]\ndependencies = 3",
            "[tool.poetry]\ngroup = {a = 1, b = {dependencies = 2}}",
            "[tool.poetry.dependencies]\nnumpy = {version = 3, rev = 4}\nx = [[], 1, true]\npython = 1",
        ],
    )
    def test_values_of_the_wrong_type(self, text: str) -> None:
        manifest = parse_pyproject("pyproject.toml", text.encode())
        assert manifest is None or not manifest.pinned

    def test_one_that_is_broken(self) -> None:
        manifest = parse_pyproject("pyproject.toml", b"[project\n")
        assert manifest is not None
        assert manifest.problem is not None
        assert manifest.problem.startswith("is not valid TOML: ")


def test_pipfile() -> None:
    text = '[[source]]\nurl = "x"\n[packages]\nnumpy = "==1.26.4"\npandas = "*"\n[dev-packages]\npytest = "~=8.0"\n'
    manifest = parse_pipfile("Pipfile", text.encode())
    assert listed(manifest) == [("numpy", 4, True, ""), ("pandas", 5, False, ""), ("pytest", 7, False, "dev")]
    assert manifest.line == 3
    assert parse_pipfile("Pipfile", b"[").problem is not None


def test_pixi() -> None:
    text = '[dependencies]\npython = "3.12"\nnumpy = ">=1"\n[pypi-dependencies]\nx = {version = "==1.2.3"}\n'
    manifest = parse_pixi("pixi.toml", text.encode())
    assert listed(manifest) == [("numpy", 3, False, ""), ("x", 5, True, "")]
    assert parse_pixi("pixi.toml", b"[").problem is not None


class TestConda:
    def test_an_environment(self) -> None:
        text = """\
name: x
channels: [conda-forge]
dependencies:
  - python=3.11
  - numpy=1.26.4
  - pandas=2.2
  - scipy
  - conda-forge::xarray==2024.1.0
  - pytorch=2.1.0=py3.11_cuda11.8_0
  - matplotlib>=3
  - pip
  - pip:
    - requests==2.31.0
    - flask
    - -r requirements.txt
    - ./local
"""
        manifest = parse_conda("environment.yml", text.encode())
        assert listed(manifest) == [
            ("numpy", 5, True, ""),
            ("pandas", 6, False, ""),
            ("scipy", 7, False, ""),
            ("xarray", 8, True, ""),
            ("pytorch", 9, True, ""),
            ("matplotlib", 10, False, ""),
            ("requests", 13, True, ""),
            ("flask", 14, False, ""),
        ]
        assert manifest is not None
        assert manifest.line == 4

    @pytest.mark.parametrize(
        "text", ["", "- a\n", "services:\n  db: 1\n", "dependencies: x\n", "dependencies: {a: b}\n"]
    )
    def test_other_yaml_is_none(self, text: str) -> None:
        assert parse_conda("environment.yml", text.encode()) is None

    def test_strange_entries(self) -> None:
        text = "dependencies:\n  - {pip: x}\n  - [a]\n  - null\n  - ''\n  - {[a]: b, pip: [{c: d}, e]}\n"
        assert listed(parse_conda("environment.yml", text.encode())) == [("null", 4, False, ""), ("e", 6, False, "")]

    def test_broken_yaml(self) -> None:
        manifest = parse_conda("environment.yml", b"dependencies: [a\nb: c")
        assert manifest is not None
        assert manifest.problem is not None
        assert manifest.problem.startswith("is not valid YAML: ")
        assert "\n" not in manifest.problem


class TestSetup:
    def test_literal(self) -> None:
        text = """\
import setuptools
setuptools.setup(
    name="x",
    install_requires=[
        "numpy==1.26.4",
        "pandas>=2",
    ],
)
"""
        manifest = parse_setup_py("setup.py", text.encode())
        assert listed(manifest) == [("numpy", 5, True, ""), ("pandas", 6, False, "")]
        assert manifest is not None
        assert (manifest.line, manifest.computed, manifest.library) == (4, False, False)

    def test_a_name_for_a_literal(self) -> None:
        text = "from setuptools import setup\nNEEDS = ('numpy',)\nsetup(install_requires=NEEDS)\n"
        assert listed(parse_setup_py("setup.py", text.encode())) == [("numpy", 2, False, "")]

    @pytest.mark.parametrize("value", ["read('requirements.txt')", "[x for x in y]", "NEEDS", "a + ['b']"])
    def test_computed(self, value: str) -> None:
        manifest = parse_setup_py("setup.py", f"setup(install_requires={value})\n".encode())
        assert listed(manifest) == []
        assert manifest is not None
        assert (manifest.computed, manifest.declares, manifest.pinned) == (True, True, False)

    def test_no_requirements(self) -> None:
        manifest = parse_setup_py("setup.py", b"from setuptools import setup\nsetup()\n")
        assert manifest is not None
        assert (manifest.declares, manifest.computed, manifest.line) == (False, False, 2)

    def test_a_library(self) -> None:
        text = "setup(classifiers=['Programming Language :: Python :: 3'], install_requires=[])"
        manifest = parse_setup_py("setup.py", text.encode())
        assert manifest is not None
        assert manifest.library

    def test_nothing_that_calls_setup(self) -> None:
        assert parse_setup_py("setup.py", b"print('hello')\n") is None

    @pytest.mark.parametrize("data", [b"def (:\n", b"\0", b"# coding: nope\n", b"(" * 5000], ids=repr)
    def test_broken(self, data: bytes) -> None:
        manifest = parse_setup_py("setup.py", data)
        assert manifest is not None
        assert manifest.problem == "cannot be parsed"

    def test_cfg(self) -> None:
        text = """\
[metadata]
name = x
classifiers =
    Programming Language :: Python
[options]
install_requires =
    numpy==1.26.4
    # a comment
    pandas>=2 ; python_version > "3.9"
"""
        manifest = parse_setup_cfg("setup.cfg", text.encode())
        assert listed(manifest) == [("numpy", 7, True, ""), ("pandas", 9, False, "")]
        assert manifest is not None
        assert (manifest.line, manifest.library) == (6, True)

    def test_cfg_for_tools_only(self) -> None:
        assert parse_setup_cfg("setup.cfg", b"[flake8]\nmax-line-length = 100\n") is None

    @pytest.mark.parametrize("data", [b"x = 1\n", b"[a\n", b"[a]\n  [b]\n=\n"], ids=repr)
    def test_broken_cfg(self, data: bytes) -> None:
        manifest = parse_setup_cfg("setup.cfg", data)
        assert manifest is None or (manifest.problem or "").startswith("cannot be parsed: ")


def test_details_of_requirements() -> None:
    """What the rules compare: specifiers, extras, markers, sources, and the spelling of the name."""
    text = (
        "Scikit_Learn[Plot,x.y] (>=1.2,<2) ; python_version > '3.9'\nthing @ git+https://h/x@main ; os_name == 'nt'\n"
    )
    first, second = parse_requirements(text.encode())
    assert (first.written, first.specifier, first.extras) == ("Scikit_Learn", ">=1.2,<2", ("plot", "x-y"))
    assert first.marker == "python_version > '3.9'"
    assert (second.url, second.specifier, second.marker) == ("git+https://h/x@main", "", "os_name == 'nt'")
    poetry = parse_pyproject(
        "pyproject.toml",
        b"[tool.poetry]\nname='P_q'\n[tool.poetry.dependencies]\npython='^3.9'\na='^1.2'\n"
        b"b={git='https://h/b', branch='dev', extras=['Z']}\nc={path='../c'}\n",
    )
    assert poetry is not None
    assert [(r.name, r.specifier, r.url, r.extras) for r in poetry.requirements] == [
        ("a", "^1.2", "", ()),
        ("b", "", "git+https://h/b@dev", ("z",)),
        ("c", "", "../c", ()),
    ]
    assert [(d.kind, d.value, d.line) for d in poetry.directives] == [("path", "../c", 7)]
    assert poetry.project == "p-q"
    assert poetry.python is not None
    assert (poetry.python.specifier, poetry.python.line) == ("^3.9", 4)


def test_directives() -> None:
    text = (
        "-r ../base.txt\n--requirement=x/y.txt\n-c limits.txt\n-e .\n-e ../other\ngit+https://h/o/thing.git@main\n"
        "file:///home/a/x.whl\n./wheels/y-1.0-py3-none-any.whl\n-i https://pypi.example/simple\n--no-deps\n"
    )
    manifest = read_requirements("sub/requirements.txt", text.encode())
    assert [(d.kind, d.value, d.line) for d in manifest.directives] == [
        ("requirements", "base.txt", 1),
        ("requirements", "sub/x/y.txt", 2),
        ("constraints", "sub/limits.txt", 3),
        ("path", ".", 4),
        ("path", "../other", 5),
        ("url", "git+https://h/o/thing.git@main", 6),
        ("url", "file:///home/a/x.whl", 7),
        ("path", "./wheels/y-1.0-py3-none-any.whl", 8),
        ("index", "https://pypi.example/simple", 9),
    ]
    assert not manifest.requirements
    assert manifest.encoding == "utf-8"
    assert read_requirements("r.txt", "numpy\n".encode("utf-16")).encoding == "utf-16-le"


def test_an_explicit_conda_list() -> None:
    text = "@EXPLICIT\nhttps://conda.anaconda.org/conda-forge/linux-64/numpy-1.26.4-py311h64a7726_0.conda#0123456789abcdef\n"
    (requirement,) = parse_requirements(text.encode())
    assert (requirement.name, requirement.pinned, requirement.conda) == ("numpy", True, True)
    assert requirement.specifier == "=1.26.4=py311h64a7726_0"


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("git+https://github.com/owner/Some_Thing.git@main", "some-thing"),
        ("git+https://github.com/owner/thing", "thing"),
        ("git+ssh://git@host/owner/thing.git@v1#egg=Real", "real"),
        ("git@github.com:owner/thing.git", "thing"),
        ("https://host/a/some_pkg-1.2.3-py3-none-any.whl", "some-pkg"),
        ("https://github.com/owner/thing/archive/thing-1.0.tar.gz", "thing"),
        ("https://github.com/explosion/models/releases/download/x/en_core_web_sm-2.0.0.tar.gz", "en-core-web-sm"),
        ("../other", "other"),
        ("", None),
    ],
)
def test_name_in_url(url: str, name: str | None) -> None:
    assert name_in_url(url) == name


def test_other_tools_in_pyproject() -> None:
    text = """\
[build-system]
requires = ["setuptools>=61", "cython"]
[project]
name = "x"
dynamic = ["dependencies"]
requires-python = ">=3.10"
[tool.setuptools.dynamic]
dependencies = {file = ["reqs/base.txt"]}
[tool.uv]
dev-dependencies = ["a"]
[tool.pdm.dev-dependencies]
test = ["b"]
[tool.hatch.envs.docs]
dependencies = ["c"]
[tool.pixi.feature.gpu.pypi-dependencies]
d = "*"
"""
    manifest = parse_pyproject("pyproject.toml", text.encode())
    assert manifest is not None
    assert [(r.name, r.scope, r.line) for r in manifest.requirements] == [
        ("a", "dev", 10), ("b", "test", 12), ("c", "hatch docs", 14), ("d", "gpu", 16),
    ]  # fmt: skip
    assert manifest.mentioned == {"setuptools", "cython"}
    assert [(d.kind, d.value) for d in manifest.directives] == [("requirements", "reqs/base.txt")]
    assert not manifest.computed
    bare = parse_pyproject("pyproject.toml", b"[project]\nname='x'\ndynamic=['dependencies']\n")
    assert bare is not None
    assert bare.computed


def test_setup_py_in_depth() -> None:
    text = """\
from setuptools import setup
requires = ["base"]
extra_requirements = {"plot": ["matplotlib>=3"]}
setup(name="My_Lib", python_requires=">=3.8", install_requires=requires, tests_require=["pytest"],
      extras_require={"gpu": ["cupy"]})
"""
    manifest = parse_setup_py("setup.py", text.encode())
    assert manifest is not None
    assert [(r.name, r.scope) for r in manifest.requirements] == [("base", ""), ("cupy", "gpu"), ("pytest", "tests")]
    assert manifest.project == "my-lib"
    assert {"matplotlib", "base", "pytest", "cupy"} <= manifest.mentioned
    assert manifest.python is not None
    assert manifest.python.specifier == ">=3.8"
    reading = parse_setup_py("a/setup.py", b"setup(install_requires=open('requirements.txt').read().split())\n")
    assert reading is not None
    assert [(d.kind, d.value) for d in reading.directives] == [("requirements", "a/requirements.txt")]


def test_script_metadata() -> None:
    text = '#!/usr/bin/env python\n# /// script\n# requires-python = ">=3.11"\n# dependencies = [\n#   "rich",\n# ]\n# ///\n'
    manifest = parse_script("tool.py", text.encode())
    assert manifest is not None
    assert [(r.name, r.line) for r in manifest.requirements] == [("rich", 5)]
    assert manifest.python is not None
    assert (manifest.python.specifier, manifest.python.line) == (">=3.11", 3)
    assert parse_script("tool.py", b"# /// script\n# dependencies = [\n") is None
    broken = parse_script("tool.py", b"# /// script\n# x = [\n# ///\n")
    assert broken is not None
    assert broken.problem


PARSERS: list[Callable[[bytes], Any]] = [
    parse_requirements,
    lambda data: parse_pyproject("pyproject.toml", data),
    lambda data: parse_pipfile("Pipfile", data),
    lambda data: parse_pixi("pixi.toml", data),
    lambda data: parse_conda("environment.yml", data),
    lambda data: parse_setup_py("setup.py", data),
    lambda data: parse_setup_cfg("setup.cfg", data),
    lambda data: parse_script("x.py", data),
    lambda data: parse_script("x.py", b"# /// script\n" + data + b"\n# ///\n"),
]
WORDS = st.sampled_from(
    "[project] dependencies = [ ] { } : - \n \r\n \t # \" ' == 1.0 numpy pip && *x &x !!python/object ? | > % @ ( ) \\ "
    "[options] install_requires [metadata] classifiers setup( install_requires=[ ) "
    "".split(" ")
)


@given(st.binary(max_size=300))
def test_no_parser_raises_on_bytes(data: bytes) -> None:
    for parse in PARSERS:
        parse(data)


@given(st.lists(WORDS, max_size=40).map(" ".join) | st.lists(WORDS, max_size=40).map("".join))
def test_no_parser_raises_on_almost_right_text(text: str) -> None:
    for parse in PARSERS:
        parse(text.encode())


@pytest.mark.parametrize(
    "data",
    [
        b"[" * 20_000,
        b"{" * 20_000,
        b"- " * 20_000,
        b"a.b" * 20_000,
        b"\xff\xfe\x00",
        b"\xef\xbb\xbf",
        b"a: &a [*a, *a]\n",
    ],
    ids=["brackets", "braces", "dashes", "dots", "utf-16 cut", "only a mark", "a cycle"],
)
def test_no_parser_raises_on(data: bytes) -> None:
    for parse in PARSERS:
        parse(data)


class TestModel:
    @pytest.mark.parametrize(
        ("specifier", "pinned"),
        [
            ("==1.0", True),
            ("== v1.0", True),
            ("===2024.1", True),
            ("==1!2.0", True),
            ("==1.*", False),
            ("1.0", False),
            ("", False),
            (">=1,==1.0", False),
            (f"git+https://example.org/x@{COMMIT}", True),
            (f"git+https://example.org/x@{COMMIT[:12]}", False),
        ],
    )
    def test_is_pinned(self, specifier: str, pinned: bool) -> None:
        assert is_pinned(specifier) is pinned

    def test_canonical(self) -> None:
        assert canonical("Zope.Interface__x") == "zope-interface-x"

    def test_a_manifest_without_requirements_is_not_pinned(self) -> None:
        assert not Manifest("a", "requirements").pinned
        assert Manifest("a", "requirements", (Requirement("x", 1, True),)).pinned
        assert not Manifest("a", "requirements", (Requirement("x", 1, True), Requirement("y", 2, False))).pinned
        assert Manifest("DESCRIPTION", "r-description").declares


class TestEnvironment:
    def test_finds_everything_once(self) -> None:
        files: dict[str, str | bytes | Exception] = {
            "sub/requirements.txt": "numpy\n",
            "requirements.txt": "numpy==1\n",
            "requirements/dev.txt": "pytest\n",
            "requirements-dev.in": "pytest\n",
            "environment.yml": "dependencies: [numpy]\n",
            "notes.txt": "numpy\n",
            "pyproject.toml": "[project]\nname = 'x'\n",
            "tools.toml": "[project]\n",
            "DESCRIPTION": "Package: x\nImports: dplyr\n",
            "Project.toml": "",
            "{{cookiecutter.slug}}/requirements.txt": "numpy\n",
            "docker-compose.env.yml": "services: {}\n",
            "uv.lock": "",
            "a/conda-lock.yml": "",
        }
        environment = memory_project(files).fact(Environment)
        assert [(m.path, m.kind) for m in environment.manifests] == [
            ("DESCRIPTION", "r-description"),
            ("Project.toml", "julia"),
            ("environment.yml", "conda"),
            ("pyproject.toml", "pyproject"),
            ("requirements-dev.in", "requirements"),
            ("requirements.txt", "requirements"),
            ("requirements/dev.txt", "requirements"),
            ("sub/requirements.txt", "requirements"),
        ]
        assert [(lock.path, lock.tool, lock.directory) for lock in environment.locks] == [
            ("uv.lock", "uv", ""),
            ("a/conda-lock.yml", "conda-lock", "a"),
        ]

    def test_what_was_compiled_is_a_lock_too(self) -> None:
        files: dict[str, str | bytes | Exception] = {
            "a/requirements.txt": "# autogenerated by pip-compile\nnumpy==1\n",
            "b/requirements.in": "numpy\n",
            "b/requirements.txt": "numpy==1\n",
            "c/requirements.txt": "numpy==1\n",
            "d/requirements.txt": "# autogenerated by pip-compile\nnumpy\n",
        }
        locks = memory_project(files).fact(Environment).locks
        assert [lock.path for lock in locks] == ["a/requirements.txt", "b/requirements.txt"]

    def test_files_that_are_included_are_read_whatever_they_are_called(self) -> None:
        files: dict[str, str | bytes | Exception] = {
            "requirements.txt": "-r deps/core.list\n-c limits.txt\n-r requirements.txt\n-r gone.txt\n",
            "deps/core.list": "numpy\n-r more.list\n",
            "deps/more.list": "pandas\n",
            "limits.txt": "numpy==1.26.4\n",
            "run.py": "# /// script\n# dependencies = ['rich']\n# ///\n",
        }
        environment = memory_project(files).fact(Environment)
        assert [m.path for m in environment.manifests] == ["requirements.txt", "deps/core.list", "deps/more.list"]
        assert [m.path for m in environment.constraints] == ["limits.txt"]
        assert [m.path for m in environment.scripts] == ["run.py"]

    def test_settings_of_nbdev(self) -> None:
        text = (
            "[DEFAULT]\nlib_name = my_lib\nmin_python = 3.9\n# what it needs\nrequirements = fastcore>=1.5.27 execnb\n"
        )
        text += "pip_requirements = PyYAML\ndev_requirements = pandas\n"
        (found,) = memory_project({"settings.ini": text}).fact(Environment).manifests
        assert [(r.name, r.specifier, r.scope, r.line) for r in found.requirements] == [
            ("fastcore", ">=1.5.27", "", 5),
            ("execnb", "", "", 5),
            ("pyyaml", "", "", 6),
            ("pandas", "", "dev", 7),
        ]
        assert (found.library, found.project) == (True, "my-lib")
        assert found.python is not None
        assert (found.python.specifier, found.python.line) == (">=3.9", 3)

    @pytest.mark.parametrize("text", ["[DEFAULT]\na = b\n", "[server]\nport=1\n", "no = section\n", "[DEFAULT\n", ""])
    def test_other_settings(self, text: str) -> None:
        assert memory_project({"settings.ini": text}).fact(Environment).manifests == ()

    def test_environments_of_the_steps_of_a_workflow(self) -> None:
        conda = "channels: [conda-forge]\ndependencies:\n  - pandas =2.3.2\n"
        files = {"workflow/envs/pandas.yaml": conda, "workflow/envs/notes.yaml": "a: 1\n", "workflow/x.yaml": conda}
        found = memory_project(files).fact(Environment).manifests
        assert [(m.path, m.kind, [r.name for r in m.requirements]) for m in found] == [
            ("workflow/envs/pandas.yaml", "conda", ["pandas"])
        ]

    def test_what_cannot_be_read_is_left_out(self) -> None:
        files: dict[str, str | bytes | Exception] = {"requirements.txt": OSError("x"), "Pipfile": "[packages]\n"}
        assert [m.path for m in memory_project(files).fact(Environment).manifests] == ["Pipfile"]

    @pytest.mark.parametrize(
        ("name", "tool"),
        [
            ("uv.lock", "uv"),
            ("poetry.lock", "Poetry"),
            ("Pipfile.lock", "Pipenv"),
            ("renv.lock", "renv"),
            ("Manifest-v1.11.toml", "Julia"),
            ("pylock.toml", "PEP 751"),
            ("pylock.dev.toml", "PEP 751"),
            ("conda-osx-arm64.lock", "conda-lock"),
            ("gpu.conda-lock.yml", "conda-lock"),
            ("requirements.lock", "pip"),
            ("requirements-lock.txt", "pip"),
            ("pandas.linux-64.pin.txt", "Snakemake"),
            ("requirements.txt", None),
            ("package-lock.json", None),
            ("Cargo.lock", None),
        ],
    )
    def test_locks_by_name(self, name: str, tool: str | None) -> None:
        assert lock_tool(name) == tool
