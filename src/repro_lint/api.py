"""What rule authors import. Everything here keeps its meaning within a major version; nothing else does."""

from pydantic import BaseModel, ConfigDict, Field

from repro_lint.documents.blocks import CodeBlock, Heading, Link, Sentence
from repro_lint.documents.commands import Command
from repro_lint.documents.document import Document
from repro_lint.documents.documentation import Documentation, Reference
from repro_lint.engine_rules import BROKEN_PLUGIN, INTERNAL_ERROR, UNREADABLE_FILE, UNUSED_SUPPRESSION
from repro_lint.execution.events import AssignEvent, CallEvent, Handler, is_none, is_none_by_default, may_be_none
from repro_lint.execution.program import Program
from repro_lint.execution.values import (
    Constant,
    Function,
    Mapping,
    Member,
    Name,
    Object,
    Result,
    Sequence,
    Unknown,
    Value,
    options_of,
    root_of,
)
from repro_lint.facts import FileFact, ProjectFact
from repro_lint.finding import CellRef, Edit, Finding, Fix, NotApplicable, Place, Related, Span
from repro_lint.grades import Confidence, Level, Severity
from repro_lint.lazy import lazy_pattern
from repro_lint.manifests.environment import Environment
from repro_lint.manifests.model import Directive, Lock, Manifest, Requirement, name_in_url
from repro_lint.manifests.model import canonical as canonical_name
from repro_lint.modules import ImportFacts, ImportGraph, ModuleIndex, read_text, read_toml
from repro_lint.project import Project
from repro_lint.rule import EngineRule, Outcome, Rule, RuleMeta
from repro_lint.source_file import SourceFile
from repro_lint.sources.base import Subject, TreeSubject
from repro_lint.sources.cells import CodeCell
from repro_lint.sources.guards import last_name
from repro_lint.sources.magics import Magic
from repro_lint.sources.names import BUILTINS
from repro_lint.sources.notebook import Notebook, NotebookCell
from repro_lint.sources.python import PythonSource
from repro_lint.sources.semantics import Semantics
from repro_lint.sources.text import TextFile
from repro_lint.sources.yaml_nodes import yaml_documents


class RuleOptions(BaseModel):
    """Base of a rule's ``Options``: frozen, unknown keys refused, kebab-case in configuration files."""

    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=lambda name: name.replace("_", "-"))


__all__ = [
    "BROKEN_PLUGIN",
    "BUILTINS",
    "INTERNAL_ERROR",
    "UNREADABLE_FILE",
    "UNUSED_SUPPRESSION",
    "AssignEvent",
    "CallEvent",
    "CellRef",
    "CodeBlock",
    "CodeCell",
    "Command",
    "Confidence",
    "Constant",
    "Directive",
    "Document",
    "Documentation",
    "Edit",
    "EngineRule",
    "Environment",
    "Field",
    "FileFact",
    "Finding",
    "Fix",
    "Function",
    "Handler",
    "Heading",
    "ImportFacts",
    "ImportGraph",
    "Level",
    "Link",
    "Lock",
    "Magic",
    "Manifest",
    "Mapping",
    "Member",
    "ModuleIndex",
    "Name",
    "NotApplicable",
    "Notebook",
    "NotebookCell",
    "Object",
    "Outcome",
    "Place",
    "Program",
    "Project",
    "ProjectFact",
    "PythonSource",
    "Reference",
    "Related",
    "Requirement",
    "Result",
    "Rule",
    "RuleMeta",
    "RuleOptions",
    "Semantics",
    "Sentence",
    "Sequence",
    "Severity",
    "SourceFile",
    "Span",
    "Subject",
    "TextFile",
    "TreeSubject",
    "Unknown",
    "Value",
    "canonical_name",
    "is_none",
    "is_none_by_default",
    "last_name",
    "lazy_pattern",
    "may_be_none",
    "name_in_url",
    "options_of",
    "read_text",
    "read_toml",
    "root_of",
    "yaml_documents",
]
