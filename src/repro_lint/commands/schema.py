"""``repro-lint schema``: print the JSON Schema of the output or of the configuration."""

from __future__ import annotations

import argparse
import json

from repro_lint.schemas import config_schema, report_schema


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("of", choices=["report", "config"], help="report: the json output; config: the settings")


def run(arguments: argparse.Namespace) -> int:
    """Print the schema."""
    from repro_lint.registry import load_registry

    schema = report_schema() if arguments.of == "report" else config_schema(load_registry())
    print(json.dumps(schema, indent=2))
    return 0
