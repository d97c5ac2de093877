"""Workflows of GitHub Actions and GitLab CI: jobs, the commands they run, and the actions they use."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from repro_lint.documents.shell_script import ShellStatement, moved, shell_statements
from repro_lint.documents.yaml_text import Node, YamlText
from repro_lint.finding import Place
from repro_lint.lazy import dataclass, lazy_pattern
from repro_lint.sources.base import Subject
from repro_lint.sources.text import decode

if TYPE_CHECKING:
    from repro_lint.project import Project
    from repro_lint.source_file import SourceFile

Provider = Literal["github", "gitlab"]
Kind = Literal["workflow", "action"]

_GITHUB = lazy_pattern(r"\.(?:github|gitea|forgejo)/workflows/[^/]+\.ya?ml")
_ACTION = lazy_pattern(r"(?:.*/)?action\.ya?ml")
_GITLAB = lazy_pattern(r"(?:.*[./-])?gitlab-ci\.ya?ml|\.gitlab(?:-ci)?/.*\.ya?ml")
_SHELLS = lazy_pattern(r"(?:.*/)?(?:ba|z|da|)sh(?:\s|\Z)")
_SOURCE = lazy_pattern(r"\$CI_PIPELINE_SOURCE\s*==\s*[\"'](\w+)[\"']")
# Keys at the top of a GitLab file that are no jobs (https://docs.gitlab.com/ci/yaml/).
_GITLAB_GLOBAL = frozenset(
    "default include stages variables workflow image services cache before_script after_script spec".split()
)
_MOST_COMMANDS = 2000  # aliases can make any number of a short file,
_MOST_VISITS = 20_000  # and longer lists of nothing
_DEEPEST = 12


@dataclass(frozen=True)
class Use:
    """An action, or a workflow that can be reused, as a step or a job names it: ``owner/name/path@ref`` or a path.

    ``job`` is the name of the job it belongs to, ``place`` that of the reference. ``inputs`` are what it is given.
    """

    reference: str
    place: Place
    job: str
    inputs: Mapping[str, str]

    @property
    def is_local(self) -> bool:
        """Whether it lies in the same repository."""
        return self.reference.startswith("./")

    @property
    def owner(self) -> str:
        """Whom the action belongs to; empty for a local one or an image."""
        return "" if self.is_local or "://" in self.reference else self.reference.partition("/")[0]

    @property
    def name(self) -> str:
        """The reference without its revision."""
        return self.reference.partition("@")[0]

    @property
    def revision(self) -> str:
        """The branch, tag or commit; empty without one."""
        return self.reference.partition("@")[2]


@dataclass(frozen=True)
class WorkflowCommand:
    """A script that a job runs: what stands behind ``run``, or one entry of ``script``.

    ``directory`` is the one it runs in, relative to the root of the repository; "" for the root, None where an
    expression decides. ``shell`` is as configured, empty for the default one. ``events`` are what starts the job:
    names such as ``push``, ``pull_request`` or ``schedule``, as far as its workflow says.
    """

    script: str
    place: Place
    job: str
    directory: str | None
    shell: str
    events: tuple[str, ...]
    node: Node

    @property
    def is_shell(self) -> bool:
        """Whether a POSIX shell reads it."""
        return not self.shell or bool(_SHELLS.match(self.shell))

    @cached_property
    def statements(self) -> tuple[ShellStatement, ...]:
        """Its simple commands, with offsets in the file; none where another interpreter reads it."""
        if not self.is_shell:
            return ()
        starts, offsets = self.node.pieces
        return tuple(moved(statement, starts, offsets) for statement in shell_statements(self.script))


@dataclass(frozen=True)
class Job:
    """A job. ``needs`` are the jobs it waits for; ``opaque``: it runs commands that are not to be seen here."""

    name: str
    needs: tuple[str, ...]
    events: tuple[str, ...]
    opaque: bool


class Workflow(Subject):
    """A workflow of GitHub (or Gitea, Forgejo), a composite action, or a pipeline of GitLab."""

    title = "workflow"

    def __init__(self, file: SourceFile, project: Project) -> None:
        super().__init__(file, project)
        self._visits = 0
        self.yaml = YamlText(decode(file.data).text)
        if self.yaml.problem:
            if self.kind == "workflow" or self.path.startswith((".github/", "action.")):  # others may be anything
                self.problem = f"is not valid YAML: {self.yaml.problem}"
        elif self.kind == "workflow" and self.provider == "github" and self.root and not self._jobs_node:
            self.problem = "is no workflow: it has no jobs"

    @classmethod
    def accepts(cls, path: str) -> bool:
        """Whether GitHub, Gitea, Forgejo or GitLab would look for a workflow or an action under this name."""
        if not path.endswith((".yml", ".yaml")):
            return False
        return any(pattern.fullmatch(path) for pattern in (_GITHUB, _ACTION, _GITLAB))

    @property
    def provider(self) -> Provider:
        """Whose language it is in."""
        return "github" if _GITHUB.fullmatch(self.path) or _ACTION.fullmatch(self.path) else "gitlab"

    @property
    def kind(self) -> Kind:
        """A workflow, or an action that workflows use."""
        return "action" if self.provider == "github" and not _GITHUB.fullmatch(self.path) else "workflow"

    @property
    def root(self) -> Node:
        """The top of the file."""
        return self.yaml.root

    @property
    def _jobs_node(self) -> Node:
        return self.root["jobs"]

    @cached_property
    def events(self) -> tuple[str, ...]:
        """What starts it, in the order written; for GitLab ``push``, which is what it does without rules."""
        if self.provider == "gitlab":
            return ("push",)
        on = self.root["on"]
        return tuple(key for key, _ in on.items()) or tuple(node.text for node in (on, *on.entries()) if node.text)

    @cached_property
    def jobs(self) -> tuple[Job, ...]:
        """Its jobs in the order written; a composite action is one job without a name."""
        if self.kind == "action":
            return (Job("", (), (), any(not use.is_local for use in self.uses)),)
        found = []
        for name, node in self._job_nodes():
            needs = node["needs"]
            names = (e.text or e["job"].text for e in (needs, *needs.entries()))
            found.append(Job(name, tuple(n for n in names if n), self._events_of(node), self._is_opaque(name, node)))
        return tuple(found)

    def _is_opaque(self, name: str, job: Node) -> bool:
        if self.provider == "gitlab":  # what it extends may come from a file that is included
            extends = (job["extends"], *job["extends"].entries())
            return bool(job["trigger"]) or any(e.text and not self.root[e.text] for e in extends)
        return any(
            use.job == name and (use.is_local or _is_workflow(use)) and self.used(use) is None for use in self.uses
        )

    @cached_property
    def uses(self) -> tuple[Use, ...]:
        """The actions and reusable workflows that it names, and for GitLab what it includes."""
        return tuple(self._uses_of_gitlab() if self.provider == "gitlab" else self._uses_of_github())

    @cached_property
    def commands(self) -> tuple[WorkflowCommand, ...]:
        """The scripts that stand in it, in the order in which each job runs them."""
        reader = self._commands_of_gitlab() if self.provider == "gitlab" else self._commands_of_github()
        found: list[WorkflowCommand] = []
        for command in reader:
            if len(found) >= _MOST_COMMANDS:
                break
            found.append(command)
        return tuple(found)

    def place(self, statement: ShellStatement) -> Place:
        """The place of one of the statements of its commands."""
        return self.yaml.place(self.path, statement.start, statement.end)

    def used(self, use: Use) -> Workflow | None:
        """The local action or workflow that is used, or None where it belongs to somebody else or is not there."""
        if not use.is_local:
            return None
        path = posixpath.normpath(use.reference)
        candidates = (path, posixpath.join(path, "action.yml"), posixpath.join(path, "action.yaml"))
        for candidate in map(posixpath.normpath, candidates):
            if found := self.project.load(Workflow, candidate):
                return found
        return None

    def _job_nodes(self) -> Iterator[tuple[str, Node]]:
        if self.provider == "github":
            yield from self._jobs_node.items()
            return
        for name, node in self.root.items():
            if name not in _GITLAB_GLOBAL and not name.startswith(".") and name != "pages:deploy" and node.is_mapping:
                yield name, node

    def _steps(self) -> Iterator[tuple[str, Node, Node]]:
        """The name of the job, its node and the step."""
        if self.kind == "action":
            for step in self.root["runs"]["steps"].entries():
                yield "", self.root["runs"], step
            return
        for name, job in self._jobs_node.items():
            for step in job["steps"].entries():
                yield name, job, step

    def _uses_of_github(self) -> Iterator[Use]:
        if self.kind == "workflow":
            for name, job in self._jobs_node.items():
                if job["uses"].text:
                    yield self._use(job, name)
        for name, _, step in self._steps():
            if step["uses"].text:
                yield self._use(step, name)

    def _use(self, node: Node, job: str) -> Use:
        reference = node["uses"]
        inputs = {key: value.text for key, value in node["with"].items()}
        return Use(reference.text.strip(), self.yaml.place(self.path, *reference.extent), job, inputs)

    def _uses_of_gitlab(self) -> Iterator[Use]:
        include = self.root["include"]
        for entry in include.entries() if include.is_sequence else (include,):
            for reference in (entry, *(value for _, value in entry.items())):
                if reference.text:
                    local = reference is entry or reference == entry["local"]
                    text = (
                        "./" + reference.text.lstrip("/") if local and "://" not in reference.text else reference.text
                    )
                    yield Use(text, self.yaml.place(self.path, *reference.extent), "", {})
                    break

    def _commands_of_github(self) -> Iterator[WorkflowCommand]:
        outer = self.root["defaults"]["run"]
        events: dict[str, tuple[str, ...]] = {}
        for name, job, step in self._steps():
            script = step["run"]
            if not script.text:
                continue
            inner = job["defaults"]["run"]
            directory = step["working-directory"] or inner["working-directory"] or outer["working-directory"]
            shell = step["shell"] or inner["shell"] or outer["shell"]
            place = self.yaml.place(self.path, *script.extent)
            started = events.setdefault(name, self._events_of(job))
            yield WorkflowCommand(script.text, place, name, _relative(directory.text), shell.text, started, script)

    def _commands_of_gitlab(self) -> Iterator[WorkflowCommand]:
        for name, job in self._job_nodes():
            events = self._events_of(job)
            for key in ("before_script", "script", "after_script"):
                scripts = self._inherited(job, key) or self.root["default"][key] or self.root[key]
                directory: str | None = ""
                for script in self._entries(scripts):
                    place = self.yaml.place(self.path, *script.extent)
                    yield WorkflowCommand(script.text, place, name, directory, "", events, script)
                    directory = _after(script.text, directory)

    def _inherited(self, job: Node, key: str, depth: int = 0) -> Node:
        """The value of a key of a GitLab job, or of the jobs that it extends; the last of these comes first."""
        if job[key] or depth > _DEEPEST:
            return job[key]
        extends = job["extends"]
        for parent in reversed([extends, *extends.entries()]):
            if parent.text and (found := self._inherited(self.root[parent.text], key, depth + 1)):
                return found
        return job[key]

    def _entries(self, node: Node) -> Iterator[Node]:
        """The texts in a list of a GitLab file, with lists in it and ``!reference`` resolved."""
        pending = [(node, 0)]
        while pending and self._visits < _MOST_VISITS:
            self._visits += 1
            node, depth = pending.pop()
            if node.text:
                yield node
            elif node.tag == "!reference" and depth < _DEEPEST:
                found = self.root
                for name in node.entries():
                    found = found[name.text]
                pending.append((found, depth + 1))
            elif depth < _DEEPEST:
                pending += [(entry, depth + 1) for entry in reversed(list(node.entries()))]

    def _events_of(self, job: Node) -> tuple[str, ...]:
        if self.provider == "github":
            return self.events
        only = job["only"]
        named = tuple(e.text for e in (only, *only.entries(), *only["refs"].entries()) if e.text)
        if "schedules" in named:
            return ("schedule",)
        conditions = [rule["if"].text for rule in job["rules"].entries()]
        sources = tuple(m[1] for text in conditions for m in _SOURCE.finditer(text))
        if conditions and len(sources) == len(conditions):
            return tuple(dict.fromkeys(sources))
        return ("manual",) if job["when"].text == "manual" else self.events


def _is_workflow(use: Use) -> bool:
    return use.name.endswith((".yml", ".yaml"))


def _relative(directory: str) -> str | None:
    if "${{" in directory or "$" in directory or directory.startswith("/"):
        return None
    found = posixpath.normpath(directory) if directory else ""
    return "" if found == "." else found


def _after(script: str, directory: str | None) -> str | None:
    """The directory in which the next entry of a GitLab script runs, all of which share one shell."""
    for statement in shell_statements(script) if "cd" in script else ():
        if statement.program == "cd" and len(statement.words) > 1:
            target = statement.words[1].text
            directory = None if directory is None else _relative(posixpath.join(directory, target))
    return directory


def commands_with_actions(workflow: Workflow, job: str) -> tuple[tuple[Workflow, WorkflowCommand], ...]:
    """The scripts of a job and of the local actions that it uses, each with the file it stands in."""
    found: list[tuple[Workflow, WorkflowCommand]] = [(workflow, c) for c in workflow.commands if c.job == job]
    seen: set[str] = set()
    pending: list[Any] = [workflow.used(use) for use in workflow.uses if use.job == job]
    while pending:
        action = pending.pop()
        if action is None or action.path in seen:
            continue
        seen.add(action.path)
        found += [(action, command) for command in action.commands]
        pending += [action.used(use) for use in action.uses]
    return tuple(found)
