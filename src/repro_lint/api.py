"""What rule authors import. Everything here keeps its meaning within a major version; nothing else does."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from repro_lint.engine_rules import BROKEN_PLUGIN, INTERNAL_ERROR, UNREADABLE_FILE, UNUSED_SUPPRESSION
from repro_lint.facts import FileFact, ProjectFact
from repro_lint.files import is_template
from repro_lint.finding import CellRef, Edit, Finding, Fix, NotApplicable, Place, Related, RunOutcome, Span
from repro_lint.grades import Confidence, Level, Severity
from repro_lint.lazy import dataclass, lazy_pattern
from repro_lint.modules import ImportFacts, ImportGraph, ModuleIndex, read_text, read_toml
from repro_lint.project import Project
from repro_lint.rule import EngineRule, Outcome, Rule, RuleMeta
from repro_lint.source_file import SourceFile
from repro_lint.sources.base import Subject, TreeSubject
from repro_lint.sources.cells import CodeCell
from repro_lint.sources.guards import last_name
from repro_lint.sources.magics import Magic
from repro_lint.sources.names import BUILTINS
from repro_lint.sources.nodes import FUNCTIONS, code_of
from repro_lint.sources.notebook import Notebook, NotebookCell
from repro_lint.sources.python import PythonSource
from repro_lint.sources.semantics import Semantics
from repro_lint.sources.text import TextFile
from repro_lint.sources.yaml_nodes import yaml_documents
from repro_lint.tables import Field
from repro_lint.tables import Table as RuleOptions

if TYPE_CHECKING:
    from repro_lint.documents.blocks import CodeBlock, Heading, Link, Sentence
    from repro_lint.documents.commands import Command
    from repro_lint.documents.dockerfile import BuildCommand, Dockerfile, Stage
    from repro_lint.documents.dockerfile import expand as expand_variables
    from repro_lint.documents.dockerfile import is_open as is_open_text
    from repro_lint.documents.dockerfile_instructions import Instruction
    from repro_lint.documents.document import Document
    from repro_lint.documents.documentation import Documentation, Reference
    from repro_lint.documents.installs import Installation, read_installation
    from repro_lint.documents.lock_use import LooseInstall, follows_lock, installs_from_lock, loose_install
    from repro_lint.documents.shell_script import ShellStatement, ShellWord, shell_statements
    from repro_lint.documents.tasks import Runner, Task, TaskFile, Tasks
    from repro_lint.documents.workflow import Job, Use, Workflow, WorkflowCommand, commands_with_actions
    from repro_lint.execution.events import AssignEvent, CallEvent, Handler, is_none, is_none_by_default, may_be_none
    from repro_lint.execution.operators import OTHER_SIDE
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
    from repro_lint.manifests.environment import Environment
    from repro_lint.manifests.model import Directive, Lock, Manifest, Requirement, name_in_url
    from repro_lint.manifests.model import canonical as canonical_name
    from repro_lint.manifests.requirements import read_requirements
else:
    # What reads documents, programs and manifests is imported by the rules that need it: most runs of one file do not.
    _LATER = {
        "documents.blocks": "CodeBlock Heading Link Sentence",
        "documents.commands": "Command",
        "documents.dockerfile": "BuildCommand Dockerfile Stage expand_variables=expand is_open_text=is_open",
        "documents.dockerfile_instructions": "Instruction",
        "documents.document": "Document",
        "documents.documentation": "Documentation Reference",
        "documents.installs": "Installation read_installation",
        "documents.lock_use": "LooseInstall follows_lock installs_from_lock loose_install",
        "documents.shell_script": "ShellStatement ShellWord shell_statements",
        "documents.tasks": "Runner Task TaskFile Tasks",
        "documents.workflow": "Job Use Workflow WorkflowCommand commands_with_actions",
        "execution.events": "AssignEvent CallEvent Handler is_none is_none_by_default may_be_none",
        "execution.operators": "OTHER_SIDE",
        "execution.program": "Program",
        "execution.values": "Constant Function Mapping Member Name Object Result Sequence Unknown Value options_of"
        " root_of",
        "manifests.environment": "Environment",
        "manifests.model": "Directive Lock Manifest Requirement name_in_url canonical_name=canonical",
        "manifests.requirements": "read_requirements",
    }
    _PLACES = {
        name.partition("=")[0]: (module, name.rpartition("=")[2])
        for module, names in _LATER.items()
        for name in names.split()
    }

    def __getattr__(name):
        if name not in _PLACES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        module, own = _PLACES[name]
        found = getattr(importlib.import_module(f"repro_lint.{module}"), own)
        globals()[name] = found
        return found


__all__ = [
    "BROKEN_PLUGIN",
    "BUILTINS",
    "FUNCTIONS",
    "INTERNAL_ERROR",
    "OTHER_SIDE",
    "UNREADABLE_FILE",
    "UNUSED_SUPPRESSION",
    "AssignEvent",
    "BuildCommand",
    "CallEvent",
    "CellRef",
    "CodeBlock",
    "CodeCell",
    "Command",
    "Confidence",
    "Constant",
    "Directive",
    "Dockerfile",
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
    "Installation",
    "Instruction",
    "Job",
    "Level",
    "Link",
    "Lock",
    "LooseInstall",
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
    "RunOutcome",
    "Runner",
    "Semantics",
    "Sentence",
    "Sequence",
    "Severity",
    "ShellStatement",
    "ShellWord",
    "SourceFile",
    "Span",
    "Stage",
    "Subject",
    "Task",
    "TaskFile",
    "Tasks",
    "TextFile",
    "TreeSubject",
    "Unknown",
    "Use",
    "Value",
    "Workflow",
    "WorkflowCommand",
    "canonical_name",
    "code_of",
    "commands_with_actions",
    "dataclass",
    "expand_variables",
    "follows_lock",
    "installs_from_lock",
    "is_none",
    "is_none_by_default",
    "is_open_text",
    "is_template",
    "last_name",
    "lazy_pattern",
    "loose_install",
    "may_be_none",
    "name_in_url",
    "options_of",
    "read_installation",
    "read_requirements",
    "read_text",
    "read_toml",
    "root_of",
    "shell_statements",
    "yaml_documents",
]
