"""To which call, or import, of a notebook removed-api follows a removed name."""

from __future__ import annotations

import json

import pytest
from tests.conftest import memory_project

from repro_lint.sources.python import PythonSource
from repro_lint_rules.environment.removals_modules import FailingModules
from repro_lint_rules.environment.removals_runs import first_run
from repro_lint_rules.environment.removals_uses import Uses


def _notebook(*cells: str) -> str:
    return json.dumps(
        {
            "nbformat": 4,
            "nbformat_minor": 5,
            "metadata": {"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}},
            "cells": [
                {
                    "cell_type": "code",
                    "id": f"c{n}",
                    "metadata": {},
                    "source": text,
                    "outputs": [],
                    "execution_count": n,
                }
                for n, text in enumerate(cells, 1)
            ],
        }
    )


def _run(*cells: str) -> tuple[int, str] | None:
    """The cell, counted from 1 with the import first, and the function whose call reaches ``np.int``."""
    source = memory_project({"a.ipynb": _notebook("import numpy as np", *cells)}).load(PythonSource, "a.ipynb")
    assert source is not None
    found = first_run(source, [use for use in Uses(source, lambda library: True) if use.key == "numpy.int"])
    return (source.cells.index(source.cell_of(found.call)) + 1, found.called) if found else None


_PLAIN = "def whole(x):\n    return np.int(x)"
_CHOICE = "def share(x, limit=None):\n    if limit is None:\n        return x\n    else:\n        return np.int(x)"
_CHOICE_STRAIGHT = "def share(x, limit=None):\n    if limit is not None:\n        x = np.int(x)\n    print(x)"


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        ((_PLAIN, "whole(1)"), (3, "whole")),
        ((_PLAIN, "for i in range(3):\n    print(whole(i))"), (3, "whole")),
        ((_PLAIN, "def twice(x):\n    return 2 * whole(x)", "1 + 1", "twice(3)\nwhole(3)"), (5, "twice")),
        ((_PLAIN, "if wanted:\n    whole(1)"), None),
        ((_PLAIN, "try:\n    whole(1)\nexcept AttributeError:\n    pass"), None),
        ((_PLAIN, "later = lambda: whole(1)"), None),
        ((_PLAIN,), None),
        (("def whole(x):\n    if x < 0:\n        return None\n    return np.int(x)", "whole(1)"), None),
        (("def whole(x):\n    yield np.int(x)", "whole(1)"), None),
        (("@cached\ndef whole(x):\n    return np.int(x)", "whole(1)"), None),
        ((_PLAIN, "def whole(x):\n    return int(x)", "whole(1)"), None),
        (("def whole(x):\n    return int(x)", _PLAIN, "whole(1)"), (4, "whole")),
        ((_PLAIN, "whole = int", "whole(1)"), None),
    ],
)
def test_plain_calls(cells: tuple[str, ...], found: tuple[int, str] | None) -> None:
    assert _run(*cells) == found


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        (("share(1)", "share(1, limit=2)"), (4, "share")),
        (("share(1, None)", "share(1, 2)"), (4, "share")),
        (("share(1, limit)",), None),
        (("share(*given)",), None),
        (("share(1, **given)",), None),
        (("def all_of(x, gap=0.9):\n    return share(x, limit=gap)", "all_of(1)"), (4, "all_of")),
        (("def all_of(x, gap=None):\n    return share(x, limit=gap)", "all_of(1)", "all_of(1, gap=1)"), (5, "all_of")),
        (("def all_of(x, gap=0.9):\n    gap = None\n    return share(x, limit=gap)", "all_of(1)"), None),
        (("def all_of(x, **more):\n    return share(x, **more)", "all_of(1)", "all_of(1, limit=1)"), (5, "all_of")),
        (
            ("def all_of(x, **more):\n    more.pop('limit')\n    return share(x, **more)", "all_of(1, limit=1)"),
            None,
        ),
        (("def all_of(x, limit):\n    return share(x, **options)", "all_of(1, limit=1)"), None),
    ],
)
def test_calls_that_decide_a_condition(cells: tuple[str, ...], found: tuple[int, str] | None) -> None:
    assert _run(_CHOICE_STRAIGHT, *cells) == found


def test_an_earlier_return_in_another_branch_leaves_it_open() -> None:
    assert _run(_CHOICE, "share(1, limit=2)") is None


def _failure(files: dict[str, str | bytes | Exception], module: str = "tools") -> tuple[str, ...]:
    project = memory_project({"a.ipynb": _notebook(f"import {module}"), **files})
    found: tuple[str, ...] = project.ask(FailingModules, "failure", "a.ipynb", module, "0", "")
    return found[:2]


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ({"tools.py": "import numpy as np\nwhole = np.int\n"}, ("tools.py", "2")),
        ({"tools.py": "from scipy.misc import imread\n"}, ("tools.py", "1")),
        ({"tools.py": "import helpers\n", "helpers.py": "from scipy.misc import imread\n"}, ("helpers.py", "1")),
        ({"tools.py": "import tools\nimport helpers\n", "helpers.py": "import tools\n"}, ()),
        ({"tools.py": "import numpy as np\ndef whole(x):\n    return np.int(x)\n"}, ()),
        ({"tools.py": "try:\n    from scipy.misc import imread\nexcept ImportError:\n    pass\n"}, ()),
        (
            {
                "tools.py": "try:\n    import helpers\nexcept ImportError:\n    pass\n",
                "helpers.py": "import scipy.misc\n",
            },
            (),
        ),
        ({"tools.py": "import numpy as np\nwhole = np.int\n", "requirements.txt": "numpy==1.19.5\n"}, ()),
        ({"tools.py": "import numpy as np\nwhole = np.int\n", "requirements.txt": "numpy>=1.19,<2\n"}, ()),
        ({"tools.py": "print 'old'\n"}, ()),
        ({}, ()),
    ],
)
def test_modules_that_stop(files: dict[str, str | bytes | Exception], found: tuple[str, ...]) -> None:
    assert _failure(files) == found
