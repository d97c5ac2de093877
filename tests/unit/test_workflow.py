"""Workflows of GitHub and GitLab: jobs, commands and actions, with their places; and files that are none."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.conftest import memory_project
from tests.test_bad_input import assert_sound, rules_at, run

from repro_lint.documents.workflow import Workflow, commands_with_actions

GITHUB = ".github/workflows/ci.yml"
GITLAB = ".gitlab-ci.yml"


def read(text: str | bytes, path: str = GITHUB, **others: str) -> Workflow:
    files = {name.replace("__", "/") + ".yml": content for name, content in others.items()}
    found = memory_project({path: text, **files}).load(Workflow, path)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("path", "accepted"),
    [
        (GITHUB, True),
        (".github/workflows/ci.yaml", True),
        (".github/workflows/deep/ci.yml", False),
        ("{{cookiecutter.name}}/.github/workflows/ci.yml", False),
        (".gitea/workflows/ci.yml", True),
        ("action.yml", True),
        (".github/actions/setup/action.yaml", True),
        (GITLAB, True),
        (".gitlab/ci/test.yml", True),
        ("ci/build.gitlab-ci.yml", True),
        ("environment.yml", False),
        ("transaction.yml", False),
    ],
)
def test_names(path: str, accepted: bool) -> None:
    assert Workflow.accepts(path) is accepted


WORKFLOW = """\
name: test
on:
  push:
    branches: [main]
  pull_request:
defaults:
  run:
    working-directory: ./src
jobs:
  test:
    needs: [lint, build]
    steps:
      - uses: actions/checkout@v4
      - run: |
          pip install -e . &&
            pytest  # all

          echo "done"
      - name: folded
        run: >
          python
          train.py
        working-directory: notebooks/
      - run: "make it"
        working-directory: ${{ inputs.dir }}
      - shell: python
        run: print(1)
  lint:
    uses: lab/flows/.github/workflows/lint.yml@main
  build:
    needs: lint
    steps: []
"""


def test_github() -> None:
    workflow = read(WORKFLOW)
    assert (workflow.problem, workflow.events) == (None, ("push", "pull_request"))
    assert [(j.name, j.needs, j.opaque) for j in workflow.jobs] == [
        ("test", ("lint", "build"), False),
        ("lint", (), True),
        ("build", ("lint",), False),
    ]
    found = [(c.job, c.directory, c.is_shell, [s.argv for s in c.statements]) for c in workflow.commands]
    assert found == [
        ("test", "src", True, [("pip", "install", "-e", "."), ("pytest",), ("echo", "done")]),
        ("test", "notebooks", True, [("python", "train.py")]),
        ("test", None, True, [("make", "it")]),
        ("test", "src", False, []),
    ]
    assert [(u.name, u.revision, u.owner, u.job) for u in workflow.uses] == [
        ("lab/flows/.github/workflows/lint.yml", "main", "lab", "lint"),
        ("actions/checkout", "v4", "actions", "test"),
    ]


def test_places() -> None:
    workflow = read(WORKFLOW)
    statements = [s for c in workflow.commands for s in c.statements]
    found = [WORKFLOW[s.start : s.end] for s in statements]
    assert found == ["pip install -e .", "pytest", 'echo "done"', "python\n          train.py", "make it"]
    span = workflow.place(statements[1]).span
    assert span is not None
    assert (span.line, span.column) == (16, 13)
    use = workflow.uses[1].place.span
    assert use is not None
    assert (use.line, use.column, use.end_column) == (13, 15, 34)
    script = workflow.commands[0].place.span
    assert script is not None
    assert (script.line, script.end_line) == (15, 18)


@pytest.mark.parametrize(
    ("on", "events"),
    [
        ("on: push", ("push",)),
        ("on: [push, workflow_dispatch]", ("push", "workflow_dispatch")),
        ("'on': {schedule: [{cron: '0 0 * * *'}]}", ("schedule",)),
        ("name: x", ()),
    ],
)
def test_events(on: str, events: tuple[str, ...]) -> None:
    assert read(f"{on}\njobs: {{a: {{}}}}\n").events == events


def test_local_actions_and_workflows() -> None:
    action = "runs:\n  using: composite\n  steps:\n    - run: pip install x\n    - uses: ./.github/actions/b\n"
    workflow = read(
        "on: push\njobs:\n  a:\n    steps:\n      - uses: ./.github/actions/a\n      - run: c\n",
        **{".github__actions__a__action": action, ".github__actions__b__action": action},
    )
    found = [(w.path, c.script) for w, c in commands_with_actions(workflow, "a")]
    assert found == [
        (GITHUB, "c"),
        (".github/actions/a/action.yml", "pip install x"),
        (".github/actions/b/action.yml", "pip install x"),
    ]


def test_what_is_not_to_be_seen() -> None:
    other = "on: workflow_call\njobs: {x: {steps: [{run: pip install x}]}}\n"
    workflow = read(
        "jobs:\n  a: {uses: ./.github/workflows/other.yml}\n  b: {uses: ./.github/workflows/gone.yml}\n"
        "  c: {uses: lab/flows/.github/workflows/x.yml@v1}\n  d: {steps: [{uses: ./gone}]}\n  e: {steps: [{uses: lab/x@v1}]}\n",
        **{".github__workflows__other": other},
    )
    assert [(job.name, job.opaque) for job in workflow.jobs] == [
        ("a", False),
        ("b", True),
        ("c", True),
        ("d", True),
        ("e", False),
    ]
    assert [c.script for _, c in commands_with_actions(workflow, "a")] == ["pip install x"]
    pipeline = read(".x: {script: a}\na: {extends: .x}\nb: {extends: [.x, .included]}\nc: {trigger: lab/x}\n", GITLAB)
    assert [(job.name, job.opaque) for job in pipeline.jobs] == [("a", False), ("b", True), ("c", True)]


PIPELINE = """\
include:
  - local: /ci/build.yml
  - project: lab/templates
image: python:3.12
default:
  before_script: [pip install x]
.base: &base
  before_script:
    - pip install y
    - cd sub
.more:
  extends: .base
  script: never
test:
  extends: [.base, .more]
  script:
    - [a, b]
    - !reference [.base, before_script]
  rules:
    - if: $CI_PIPELINE_SOURCE == "schedule"
merged:
  <<: *base
  script: c
  only: [schedules]
plain:
  script:
    - |
      d
      e
  when: manual
"""


def test_gitlab() -> None:
    workflow = read(PIPELINE, GITLAB)
    assert workflow.problem is None
    found = [(c.job, c.script.strip(), c.events) for c in workflow.commands]
    assert found == [
        ("test", "pip install y", ("schedule",)),
        ("test", "cd sub", ("schedule",)),
        *((("test", script, ("schedule",))) for script in ("a", "b", "pip install y", "cd sub")),
        ("merged", "pip install y", ("schedule",)),
        ("merged", "cd sub", ("schedule",)),
        ("merged", "c", ("schedule",)),
        ("plain", "pip install x", ("manual",)),
        ("plain", "d\ne", ("manual",)),
    ]
    assert [u.reference for u in workflow.uses] == ["./ci/build.yml", "lab/templates"]
    assert [c.directory for c in workflow.commands if c.job == "test"][:3] == ["", "", ""]
    assert [PIPELINE[s.start : s.end] for s in workflow.commands[-1].statements] == ["d", "e"]


@pytest.mark.parametrize(
    ("path", "text", "problem"),
    [
        (GITHUB, "a: b: c\n", "is not valid YAML: line 1: mapping values are not allowed in this context"),
        (GITHUB, "on: push\njobs:\n\t- x\n", "is not valid YAML: line 3: "),
        (GITHUB, "on: push\n", "is no workflow: it has no jobs"),
        (GITHUB, "- a\n", "is no workflow: it has no jobs"),
        (GITHUB, "just text", "is no workflow: it has no jobs"),
        (GITHUB, "", ""),
        (GITHUB, "# comment\n", ""),
        (GITLAB, "a: [", "is not valid YAML: line 1: "),
        (GITLAB, "- a\n", ""),
        (GITLAB, "spec: {inputs: {x: {}}}\n---\na: [1]\n", ""),
        (GITHUB, "[" * 5000, "is not valid YAML: "),
    ],
)
def test_problems(path: str, text: str, problem: str) -> None:
    workflow = read(text, path)
    assert (workflow.problem or "").startswith(problem)
    assert bool(workflow.problem) == bool(problem)
    assert workflow.commands == ()


PIECES = st.sampled_from(
    "on: push\n|jobs:\n|  a:\n|    steps:\n|      - run: pip install .\n|      - run: |\n          a\n|      - uses: x/y@z\n|uses: \n|"
    "  script: [a, [b]]\n|include: x\n|extends: .a\n|.a:\n|&x |*x|<<: *x\n|!reference [a, b]\n|? \n|: |- |[|]|{|}|'|\"|>-\n|\t|"
    "# c\n|---\n|\0|é|🙂|needs: [a]\n|rules: [if: 1]\n|only: a\n|run: {}\n|steps: {}\n|default: []\n".split("|")
)


@given(st.sampled_from([GITHUB, GITLAB, "action.yml"]), st.lists(PIECES, max_size=25).map("".join))
@example(GITLAB, "a: &x\n  extends: a\n  <<: *x\n")
@example(GITLAB, "a: &x [*x]\nscript: *x\nb: {script: *x}")
@example(GITLAB, "b: {script: !reference [b, script]}")
@example(GITHUB, "jobs: {a: {steps: [{run: 1}, {run: [x]}, x, null, {uses: {}}, {uses: ''}]}}")
@example(GITHUB, "jobs: {? [a] : {steps: x}, b: null, c: {needs: {x: 1}, uses: 7}}")
def test_any_text_is_read(path: str, text: str) -> None:
    workflow = read(text.encode("utf-8", "surrogatepass"), path)
    for job in workflow.jobs:
        commands_with_actions(workflow, job.name)
    for command in workflow.commands:
        for statement in command.statements:
            assert workflow.place(statement).span is not None


@pytest.mark.untraced
@given(st.lists(PIECES, max_size=20).map("".join))
def test_no_rule_crashes(text: str) -> None:
    assert_sound(run({GITHUB: text, GITLAB: text, "action.yml": text, "pyproject.toml": "", "uv.lock": ""}))


BILLION = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 30))
NOTHINGS = "a0: &a0 []\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 99)}]\n" for n in range(1, 9))


@pytest.mark.parametrize(
    "content",
    [
        b"\x00\xff",
        "a: b: c",
        "jobs: [",
        "jobs:\n  a:\n    steps:\n      - run: |\n" + "          pip install x &&\n" * 5000,
        BILLION + "job: {script: *a29}\n",
        NOTHINGS + "job: {script: *a8}\n",
        "a0: &a0 {}\n" + NOTHINGS.partition("\n")[2].replace("[*", "{<<: [*").replace("]\n", "]}\n") + "job: *a8\n",
        "jobs: " + "{a: " * 3000,
        "on: push\njobs: {a: {steps: [{run: pip install .}]}}".encode("utf-16"),
    ],
)
def test_broken_files(content: str | bytes) -> None:
    assert_sound(
        run({GITHUB: content, GITLAB: content, "uv.lock": "version = 1", "pyproject.toml": "[project]\nname='x'"})
    )


def test_a_file_that_is_no_yaml_is_reported_with_the_line() -> None:
    report = run({GITHUB: "on: push\njobs:\n  a: b: c\n    uses: x\n"})
    assert_sound(report)
    (found,) = [d for d in report.diagnostics if d.rule == "unreadable-file"]
    assert found.location.path == GITHUB
    assert "line 3" in found.message
    assert "floating-action" not in rules_at(report, GITHUB)
