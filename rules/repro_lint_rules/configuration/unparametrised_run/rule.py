"""A program binds several settings at its top level, and none of them can be given from outside."""

from __future__ import annotations

import ast
import posixpath
import re
from typing import TYPE_CHECKING

from repro_lint.api import (
    Confidence,
    Finding,
    Level,
    Outcome,
    PythonSource,
    Related,
    Rule,
    RuleMeta,
    Severity,
    last_name,
    lazy_pattern,
)
from repro_lint_rules.configuration.roots import words
from repro_lint_rules.configuration.tunables import TRIGGERS, is_main_test

if TYPE_CHECKING:
    from repro_lint_rules.configuration.tunables import FileSettings, Setting

_SEVERAL = 3
_PREPARES = words("seed manual_seed filterwarnings append insert basicConfig set_option")
"""Calls that modules make as well as programs."""
_GIVES = words(
    "argparse click typer fire hydra omegaconf docopt optparse getopt tyro absl gflags simple_parsing jsonargparse "
    "configparser ConfigParser dynaconf confuse pydantic pydantic_settings decouple dotenv environs papermill luigi "
    "snakemake sacred kedro prefect metaflow dagster airflow streamlit ipywidgets gin plac wandb azureml "
    "ml_collections sagemaker"
)
"""Modules that are imported to take settings from outside, or to run what is started with them."""
_CONFIG = lazy_pattern(
    r"config|settings|params|parameters|constants|conf|cfg|hparams|hyperparameters|options|args", re.I
)
_ASKS = lazy_pattern(
    r"sys\.argv|\benviron\b|getenv|\.(?:ya?ml|toml|ini|cfg)[\"']|(?:config|params|settings)\w*\.json|dbutils\.widgets|@param\b"
    r"|parse_args|ArgumentParser|^%run\b|\binput\(",
    re.M,
)


class UnparametrisedRun(Rule):
    """Looks at what every run comes to; what functions and classes bind is theirs."""

    meta = RuleMeta(
        code="CFG006",
        name="unparametrised-run",
        family="configuration",
        level=Level.PRODUCTION,
        severity=Severity.NOTE,
        confidence=Confidence.MEDIUM,
        since="0.1.0",
        summary="A program binds several settings at its top level, and none of them can be given from outside.",
        why="Each other run needs an edit of the code, and nothing tells which values a result was made with.",
        help="take them as options of a command line, from a configuration file, or from a cell tagged `parameters`",
    )
    triggers = TRIGGERS

    def check(self, source: PythonSource) -> Outcome:
        """One finding for the program, at the first of its settings."""
        from repro_lint_rules.configuration.lessons import Lessons, is_aside
        from repro_lint_rules.configuration.tunables import Settings

        settings = _together(Settings.collect(source), source)
        if (
            len(settings) < _SEVERAL
            or settings[0].kind == "constant"
            or is_aside(source.path)
            or source.project.fact(Lessons).everywhere
        ):
            return
        if _takes_settings(source) or not _runs(source):
            return
        first, *rest = settings
        names = [f"`{setting.name}`" for setting in settings[:_SEVERAL]]
        more = f" and {len(settings) - _SEVERAL} more" if len(settings) > _SEVERAL else ""
        notebook = source.notebook is not None
        yield Finding(
            first.place,
            f"{', '.join(names)}{more} can only be changed by editing the {'notebook' if notebook else 'script'}",
            help="put them into one cell tagged `parameters`, which papermill fills"
            if notebook
            else "take them as options (`argparse`), with these values as defaults",
            related=tuple(Related(setting.place, f"`{setting.name}` is {setting.value}") for setting in rest),
            subject="settings",
        )


def _together(fact: FileSettings | None, source: PythonSource) -> list[Setting]:
    """The settings, each once, mere constants last.

    Those of a notebook stand in one cell of its first half; others illustrate its text.
    """
    bound = [setting for setting in fact.settings if setting.kind != "passed"] if fact else []
    if source.notebook is not None and bound:
        early = [cell.index for cell in source.cells][: len(source.cells) // 2 + 1]
        cells = [setting.place.cell.index for setting in bound if setting.place.cell]
        fullest = max(cells, key=cells.count)
        bound = [s for s in bound if s.place.cell and s.place.cell.index == fullest and fullest in early]
    once: dict[str, Setting] = {}
    for setting in bound:
        once.setdefault(setting.name, setting)
    return sorted(once.values(), key=lambda setting: setting.kind == "constant")


def _takes_settings(source: PythonSource) -> bool:
    """Whether the program has a command line, a configuration, or a cell for papermill to fill."""
    if any("parameters" in cell.tags or _ASKS.search(cell.source) for cell in source.cells):
        return True
    for statement in source.tree.body:
        if isinstance(statement, ast.Import):
            modules = [alias.name for alias in statement.names]
        elif isinstance(statement, ast.ImportFrom):
            modules = [statement.module or "", *(alias.name for alias in statement.names)]
        else:
            continue
        parts = [part for module in modules for part in module.split(".")]
        if any(part in _GIVES or _CONFIG.fullmatch(part) for part in parts):
            return True
    return False


def _runs(source: PythonSource) -> bool:
    """Whether the program does something when it is started: a module of constants or functions does not."""
    in_package = posixpath.join(posixpath.dirname(source.path), "__init__.py") in source.project.files
    for statement in source.tree.body:
        if isinstance(statement, ast.If) and is_main_test(statement.test):
            return True
        if in_package:
            continue
        if isinstance(statement, (ast.For, ast.While, ast.With)):
            return True
        called = statement.value if isinstance(statement, ast.Expr) else None
        if isinstance(called, ast.Call) and (last_name(called) or "") not in _PREPARES:
            return True
    return False
