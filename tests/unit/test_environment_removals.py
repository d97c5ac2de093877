"""What the tables of removed names say, which releases a project admits, and what a program uses."""

from __future__ import annotations

import json

import pytest
from tests.conftest import memory_project

from repro_lint.project import Project
from repro_lint.sources.python import PythonSource
from repro_lint_rules.environment.removals import History, library, packages, parsed
from repro_lint_rules.environment.removals_objects import advice
from repro_lint_rules.environment.removals_ranges import Admitted, admitted
from repro_lint_rules.environment.removals_uses import Uses
from repro_lint_rules.environment.removed_api.rule import RemovedApi

_NUMPY = "import numpy as np\n"


def _source(project: Project, path: str = "a.py") -> PythonSource:
    source = project.load(PythonSource, path)
    assert source is not None
    return source


def _admitted(files: dict[str, str | bytes | Exception], package: str = "numpy", path: str = "a.py") -> Admitted | None:
    project = memory_project({path: _NUMPY, **files})
    return admitted(_source(project, path), package)


def _keys(text: str) -> list[str]:
    return [use.key for use in Uses(_source(memory_project({"a.py": text})), lambda library: True)]


def test_histories() -> None:
    both = History(((parsed("1.24"), False), (parsed("2.0"), True)))
    assert [both.lacks(parsed(release)) for release in ("1.23", "1.24", "1.26", "2.0", "2.4")] == [
        *(False, True, True),
        *(False, False),
    ]
    assert both.lost_in(parsed("1.26")) == (1, 24)
    assert both.gained_after(parsed("1.26")) == (2, 0)
    late = History(((parsed("1.17"), True),))
    assert late.lacks((1, 16))
    assert late.lost_in((1, 16)) is None
    assert late.gained_after((1, 16)) == (1, 17)


def test_tables_are_well_formed() -> None:
    assert {"numpy", "pandas", "sklearn", "scipy", "matplotlib", "seaborn"} <= packages()
    triggers = {trigger.decode() for trigger in RemovedApi.triggers}
    for package in packages():
        table = library(package)
        assert package in triggers
        minors = [release.minor for release in table.releases]
        assert minors == sorted(set(minors))
        assert len(minors) > 2
        assert table.words("name", gone=True) <= table.words("name", gone=False)


@pytest.mark.parametrize(
    ("package", "container", "name", "lost"),
    [
        ("numpy", "numpy", "float", (1, 24)),
        ("numpy", "numpy", "product", (2, 0)),
        ("pandas", "pandas.DataFrame", "append", (2, 0)),
        ("pandas", "pandas", "rolling_mean", (0, 23)),
        ("sklearn", "sklearn.datasets", "load_boston", (1, 2)),
        ("sklearn", "sklearn", "cross_validation", (0, 20)),
        ("scipy", "scipy.misc", "imread", (1, 3)),
        ("scipy", "scipy.integrate", "trapz", (1, 14)),
        ("matplotlib", "matplotlib.cm", "get_cmap", (3, 11)),
        ("seaborn", "seaborn", "factorplot", (0, 12)),
    ],
)
def test_what_was_removed_when(package: str, container: str, name: str, lost: tuple[int, int]) -> None:
    table = library(package)
    assert table.entries(container)[name].lost_in(table.releases[-1].minor) == lost


def test_advice_is_about_names_that_are_known() -> None:
    """A replacement that no table knows the name of would never be shown."""
    unknown = []
    for key in advice().replacements:
        container, _, name = key.rpartition(".")
        if "= of " in key:
            name, _, container = key.partition("= of ")
        top = container.partition(".")[0]
        if top in packages() and name not in library(top).entries(container):
            unknown.append(key)
    assert unknown == []


@pytest.mark.parametrize(
    ("files", "first", "last", "exact", "bounded"),
    [
        ({}, None, None, False, False),
        ({"requirements.txt": "numpy==1.19.5\n"}, (1, 19), (1, 19), True, True),
        ({"requirements.txt": "numpy==9.1.0\n"}, (9, 1), (9, 1), True, True),
        ({"requirements.txt": "numpy>=1.20,<2\n"}, (1, 20), (1, 26), False, True),
        ({"requirements.txt": "numpy>=1.22\n"}, (1, 22), None, False, False),
        ({"requirements.txt": "numpy~=1.21\n"}, (1, 21), (1, 26), False, True),
        ({"requirements.txt": "numpy~=1.21.4\n"}, (1, 21), (1, 21), False, True),
        ({"requirements.txt": "numpy<=1.18\n"}, (1, 10), (1, 18), False, True),
        ({"environment.yml": "dependencies:\n  - numpy=1.16=py37_0\n"}, (1, 16), (1, 16), True, True),
        ({"environment.yml": "dependencies:\n  - python=3.7\n  - numpy\n"}, (1, 10), (1, 21), False, False),
        ({"pyproject.toml": '[tool.poetry.dependencies]\nnumpy = "^1.21"\n'}, (1, 21), (1, 26), False, True),
        (
            {
                "pyproject.toml": '[project]\nname = "x"\nversion = "1"\ndependencies = ["numpy>=1.20"]\n',
                "uv.lock": 'version = 1\n\n[[package]]\nname = "numpy"\nversion = "1.23.4"\n',
            },
            (1, 23),
            (1, 23),
            True,
            True,
        ),
        ({"Pipfile.lock": '{"default": {\n  "numpy": {\n "version": "==1.18.1"}}}'}, (1, 18), (1, 18), True, True),
        ({"a/requirements.txt": "numpy==1.16.2\n", "requirements.txt": "numpy==2.2.6\n"}, (2, 2), (2, 2), True, True),
    ],
)
def test_admitted_releases(
    files: dict[str, str | bytes | Exception],
    first: tuple[int, int] | None,
    last: tuple[int, int] | None,
    exact: bool,
    bounded: bool,
) -> None:
    newest = library("numpy").releases[-1].minor
    found = _admitted(files)
    assert found is not None
    assert (found.releases[0], found.releases[-1]) == (first or newest, last or newest)
    assert (found.exact, found.bounded) == (exact, bounded)


def test_a_pin_between_the_releases_that_were_read_says_nothing() -> None:
    minors = [release.minor for release in library("networkx").releases]
    assert (2, 2) not in minors
    assert _admitted({"requirements.txt": "networkx==2.2\n"}, "networkx") is None
    older = _admitted({"requirements.txt": "networkx==1.8\n"}, "networkx")
    assert older is not None
    assert older.releases == ((1, 8),)


def test_a_readme_for_one_release_or_the_other_says_nothing() -> None:
    readme = 'pip install "tensorflow>=1.15,<2"\n\nor, for the other\n\npip install "tensorflow>=2.1"\n'
    assert _admitted({"README.md": readme}, "tensorflow") is None
    one = _admitted({"README.md": readme.partition("or,")[0]}, "tensorflow")
    assert one is not None
    assert one.releases == ((1, 15),)


def test_what_the_notebook_installs_counts() -> None:
    text = "!pip install -q numpy==1.19.5 pandas\nimport numpy as np\n"
    notebook = (
        '{"cells": [{"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": null, "source": %s}], '
        '"metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}, '
        '"nbformat": 4, "nbformat_minor": 4}'
    )

    found = _admitted({"a.ipynb": notebook % json.dumps(text), "requirements.txt": "numpy==2.2.6\n"}, path="a.ipynb")
    assert found is not None
    assert found.releases == ((1, 19),)


def test_a_bundle_pins_what_it_brings() -> None:
    assert _admitted({"environment.yml": "dependencies:\n  - anaconda=2019.10\n"}) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (_NUMPY + "np.float", ["numpy.float"]),
        ("from numpy import float as f", ["numpy.float"]),
        ("import sklearn.cross_validation as cv", ["sklearn.cross_validation"]),
        ("import sklearn.externals.six.moves", ["sklearn.externals.six"]),
        ("import pandas as pd\ndf = pd.read_csv('a.csv').dropna()\ndf.append(df)", ["pandas.DataFrame.append"]),
        ("import pandas as pd\ndf = pd.DataFrame()\nfor x in y:\n    df = df.append(x)", ["pandas.DataFrame.append"]),
        ("import pandas as pd\ndf = []\ndf.append(1)", []),
        ("import pandas as pd\ndf = load()\ndf.append(1)", []),
        ("import pandas as pd\ndf = pd.DataFrame()\ndf = list(df)\ndf.append(1)", []),
        ("import pandas as pd\ndef f(df):\n    df.append(1)", []),
        (_NUMPY + "try:\n    np.float\nexcept AttributeError:\n    pass", []),
        (_NUMPY + "if np.__version__ < '1.20':\n    np.float", []),
        (_NUMPY + "if hasattr(np, 'float'):\n    x = 1\nnp.float", []),
        (_NUMPY + "np.float = float\nnp.float", []),
        (_NUMPY + "with suppress(AttributeError):\n    np.float", []),
        ("try:\n    from scipy.misc import imread\nexcept ImportError:\n    from imageio import imread", []),
        ("class np:\n    float = 1\nnp.float", []),
        (
            "from sklearn.preprocessing import OneHotEncoder\nOneHotEncoder(sparse=False)",
            ["sklearn.preprocessing.OneHotEncoder().sparse"],
        ),
        ("import matplotlib.pyplot as plt\nplt.style.use(['seaborn', 'ggplot'])", ["matplotlib.style<>.seaborn"]),
    ],
)
def test_uses(text: str, found: list[str]) -> None:
    gone = [
        use.key
        for use in Uses(_source(memory_project({"a.py": text})), lambda library: True)
        if use.history.turns[-1][1] is False
    ]
    assert gone == found


@pytest.mark.untraced
def test_functions_that_all_call_each_other_end() -> None:
    """Followed call by call, the ways back from the use are as many as the orders of the functions."""
    names = [f"step_{number}" for number in range(14)]
    functions = [
        f"def {name}(x):\n" + "".join(f"    {other}(x)\n    {other}(x)\n" for other in names) + "    return np.int(x)\n"
        for name in names
    ]
    text = "import numpy as np\n\n\n" + "\n\n".join(functions) + f"\n\n{names[0]}(1)\n"
    cell: dict[str, object] = {
        "cell_type": "code",
        "metadata": {},
        "execution_count": None,
        "outputs": [],
        "source": text,
    }
    notebook = json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 4})
    project = memory_project({"a.ipynb": notebook, "requirements.txt": "numpy\n"})
    assert len(list(RemovedApi().check(_source(project, "a.ipynb")))) == 1
