"""Write what star imports and ``%pylab`` bring, as data for the rule undefined-name.

    python tools/star_names.py list                   the names, as JSON, in the Python it runs in
    python tools/star_names.py write CURRENT OLDER    the table, from two such lists

``list`` imports the libraries of the Python it runs in: one with current releases, one with releases of some years
ago. A name that only the older ones bring is what breaks notebooks: it is kept apart.
"""

from __future__ import annotations

import argparse
import importlib
import json
import sys
from importlib import metadata
from pathlib import Path
from typing import Any

_TABLE = Path(__file__).parent.parent / "rules" / "repro_lint_rules" / "notebooks" / "star_names.toml"

_STANDARD = """
    cmath collections collections.abc concurrent.futures copy ctypes dataclasses datetime decimal enum fractions
    functools glob heapq bisect io itertools json logging math multiprocessing operator os os.path pathlib pickle
    pprint queue random re shutil socket statistics string struct subprocess sys textwrap threading time timeit tkinter
    tkinter.ttk turtle types typing unittest unittest.mock urllib.parse urllib.request uuid warnings zipfile
""".split()
_LIBRARIES = {
    "numpy": "numpy numpy.linalg numpy.random numpy.fft numpy.testing numpy.polynomial numpy.ma",
    "matplotlib": "pylab matplotlib matplotlib.pylab matplotlib.pyplot matplotlib.patches matplotlib.dates "
    "matplotlib.ticker matplotlib.cm matplotlib.colors matplotlib.animation matplotlib.lines mpl_toolkits.mplot3d",
    "scipy": "scipy scipy.constants scipy.fft scipy.fftpack scipy.integrate scipy.interpolate scipy.linalg "
    "scipy.ndimage scipy.optimize scipy.signal scipy.sparse scipy.sparse.linalg scipy.spatial "
    "scipy.special scipy.stats scipy.io",
    "pandas": "pandas pandas.plotting",
    "seaborn": "seaborn",
    "scikit-learn": "sklearn sklearn.metrics sklearn.model_selection sklearn.preprocessing sklearn.linear_model "
    "sklearn.ensemble sklearn.tree sklearn.svm sklearn.neighbors sklearn.cluster sklearn.decomposition "
    "sklearn.datasets sklearn.pipeline sklearn.naive_bayes",
    "sympy": "sympy sympy.abc sympy.plotting sympy.stats sympy.physics.mechanics sympy.physics.quantum sympy.logic",
    "networkx": "networkx",
    "statsmodels": "statsmodels.api statsmodels.formula.api",
    "ipython": "IPython.display",
    "ipywidgets": "ipywidgets",
}


def brought(module: str) -> list[str] | None:
    """The names that a star import of the module binds, or None where it cannot be imported."""
    try:
        loaded = importlib.import_module(module)
    except Exception as error:  # a library may be absent, or need what is not here
        print(f"{module}: {error}", file=sys.stderr)
        return None
    public = getattr(loaded, "__all__", None)
    return sorted(set(public if public is not None else [name for name in vars(loaded) if not name.startswith("_")]))


def list_names() -> dict[str, Any]:
    """For each library its version, and for each of its modules what a star import of it binds."""
    versions, modules = {}, {}
    for library, names in {"python": " ".join(_STANDARD), **_LIBRARIES}.items():
        versions[library] = sys.version.split()[0] if library == "python" else metadata.version(library)
        for module in names.split():
            found = brought(module)
            if found is not None:
                modules[module] = found
    # https://ipython.readthedocs.io/en/stable/interactive/magics.html#magic-pylab
    own = {"np", "plt", "numpy", "matplotlib", "pylab", "mlab", "pyplot", "display", "figsize", "getfigs"}
    modules["%pylab"] = sorted({*modules.get("pylab", ()), *own})
    return {"versions": versions, "modules": modules}


def write_table(current: dict[str, Any], older: dict[str, Any]) -> str:
    """The table as TOML: the names of each module as one text, and apart those that it no longer brings."""
    lines = [
        "# What `from MODULE import *` and `%pylab` bind. Written by tools/star_names.py.",
        "# `names`: with the releases under [current]; `gone`: with those under [older] only.",
    ]
    for title, lists in (("current", current), ("older", older)):
        lines += ["", f"[{title}]"]
        lines += [f'{json.dumps(library)} = "{version}"' for library, version in lists["versions"].items()]
    owners = {module: library for library, names in _LIBRARIES.items() for module in names.split()}
    owners["%pylab"] = "matplotlib"
    for module, names in current["modules"].items():
        gone = sorted(set(older["modules"].get(module, ())) - set(names)) if module in owners else []
        if module not in owners:  # what any supported Python brings
            names = sorted({*names, *older["modules"].get(module, ())})
        lines += ["", f"[modules.{json.dumps(module)}]", f'library = "{owners.get(module, "python")}"']
        lines.append(f'names = "{" ".join(names)}"')
        if gone:
            lines.append(f'gone = "{" ".join(gone)}"')
    return "\n".join(lines) + "\n"


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("list")
    write = commands.add_parser("write")
    write.add_argument("current", type=Path)
    write.add_argument("older", type=Path)
    arguments = parser.parse_args()
    if arguments.command == "list":
        print(json.dumps(list_names()))
    else:
        lists = (json.loads(path.read_text("utf-8")) for path in (arguments.current, arguments.older))
        _TABLE.write_text(write_table(*lists), encoding="utf-8")


if __name__ == "__main__":
    main()
