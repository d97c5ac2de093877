"""What single magics of IPython mean: what they run, which options they take, which names they bind."""

from __future__ import annotations

import re
from collections.abc import Iterator

from repro_lint.lazy import lazy_pattern

_PYTHON_CELL_MAGIC_LIST = """
    time timeit capture prun debug memit mprun lprun snakeviz pyinstrument scalene heat python python3 px notify
    local cache wandb skip skip_if telegram_send with_error chime matplotlib
"""
PYTHON_CELL_MAGICS = frozenset(_PYTHON_CELL_MAGIC_LIST.split())
"""Cell magics that run the cell as Python."""

STATEMENT_OPTIONS = {
    "time": "", "timeit": "nrp", "prun": "lsTD", "memit": "rti", "mprun": "fTc", "lprun": "fmuTDsz", "snakeviz": "ft",
    "pyinstrument": "", "debug": "b", "scalene": "", "python": "", "px": "",
}  # fmt: skip
"""The magics whose argument is a statement, and those of their one-letter options that take a value."""

SETUP_MAGICS = ("timeit", "prun")
"""Those whose cell form runs the rest of the header too."""

_AUTOMAGIC_LIST = """
    alias autoreload bookmark cat cd clear conda config cp debug dhist dirs doctest_mode edit env gui hist history ldir
    less lf lk ll load load_ext loadpy logoff logon logstart logstate logstop ls lsmagic lx macro magic mamba man
    matplotlib micromamba mkdir more mv notebook page pastebin pdb pdef pdoc pfile pinfo pinfo2 pip popd pprint
    precision prun psearch psource pushd pwd pycat pylab qtconsole quickref recall rehashx reload_ext rep rerun reset
    reset_selective rm rmdir run save sc set_env store sx system tb time timeit unalias unload_ext uv who who_ls whos
    xdel xmode
"""
AUTOMAGICS = frozenset(_AUTOMAGIC_LIST.split())
"""Line magics of IPython, which a cell of one line may use without the percent sign."""

BARE_AUTOMAGIC = lazy_pattern(r"(?:ls|ll|ldir|pwd|who|whos|who_ls|lsmagic|clear|history|hist|quickref)(?: -\w+)?")
"""Those of them that are Python too, and so are only magics where nothing of that name is bound."""

LANGUAGE_CELL = lazy_pattern(r"%(?:sql|md|md-sandbox|scala|r|sh|fs|bash|html)\s*$", re.IGNORECASE)
"""A line with one percent sign that gives its cell another language, in exports of Databricks."""

_OUTPUT_OPTION = lazy_pattern(r"(?:^|\s)(?:-o|--out|--output|--err)(?:\s+|=)([^\W\d][\w,]*)")
_RESULT = lazy_pattern(r"\s*([^\W\d]\w*)\s*=?<<")
_NAME = lazy_pattern(r"[^\W\d]\w*")


def skip_options(name: str, text: str) -> int:
    """The length of the options in front of the statement in a magic's argument."""
    valued = STATEMENT_OPTIONS.get(name, "")
    at = 0
    while match := re.compile(r"-(-?)([A-Za-z])([^\s=]*)(?:=\S*)?(?:\s+|$)").match(text, at):
        at = match.end()
        if not match[1] and match[2] in valued and not match[3] and (value := re.compile(r"\S+\s*").match(text, at)):
            at = value.end()
    return at


def cell_targets(name: str, argument: str) -> tuple[str, ...]:
    """The names that a cell magic binds."""
    words = [word for word in argument.split() if not word.startswith("-")]
    if name in ("capture", "bigquery") and words and _NAME.fullmatch(words[0]):
        return (words[0],)
    return tuple(_result_names(argument))


def line_targets(name: str, argument: str) -> tuple[str, ...]:
    """The names that a line magic binds by its options."""
    if name == "store" and argument.split()[:1] == ["-r"]:
        return tuple(word for word in argument.split()[1:] if word.isidentifier())
    if name in STATEMENT_OPTIONS:
        return ()
    return tuple(_result_names(argument))


def _result_names(argument: str) -> Iterator[str]:
    if match := _RESULT.match(argument):
        yield match[1]
    for match in _OUTPUT_OPTION.finditer(argument):
        yield from (name for name in match[1].split(",") if name.isidentifier())


def assigned_names(target: str) -> Iterator[str]:
    """The plain names in the target of an assignment."""
    for part in target.partition(":")[0].split(",") if "[" not in target else [target]:
        name = part.strip(" \t()[]*")
        if name.isidentifier():
            yield name
