"""What the rules about images and workflows take a path, an image or a directory for."""

from __future__ import annotations

import pytest
from tests.conftest import Lint, memory_project

from repro_lint.documents.dockerfile import Dockerfile
from repro_lint_rules.containers.context import copies_project, find_in_context
from repro_lint_rules.containers.images import is_local, parse_image, what_moves
from repro_lint_rules.containers.versions import open_conda_package, open_python_package, open_system_package
from repro_lint_rules.workflows.services import has_service

FILES = {"requirements.txt": "", "docker/requirements.txt": "", "app/requirements/prod.txt": "", "pyproject.toml": ""}


def found_in(path: str, text: str) -> str | None:
    """The file that the last command of the image is given behind ``-r``."""
    dockerfile = memory_project({**FILES, path: text}).load(Dockerfile, path)
    assert dockerfile is not None
    command = dockerfile.commands[-1]
    return find_in_context(dockerfile, command, command.statement.argv[-1])


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("Dockerfile", "FROM a\nCOPY requirements.txt .\nRUN pip install -r requirements.txt", "requirements.txt"),
        (
            "docker/Dockerfile",
            "FROM a\nCOPY requirements.txt /r/\nRUN x -r /r/requirements.txt",
            "docker/requirements.txt",
        ),
        (
            "docker/Dockerfile",
            "FROM a\nCOPY . /app\nWORKDIR /app\nRUN x -r requirements.txt",
            "docker/requirements.txt",
        ),
        ("x/Dockerfile", "FROM a\nCOPY . .\nRUN x -r requirements.txt", "requirements.txt"),
        ("Dockerfile", "FROM a\nCOPY app /srv\nRUN x -r /srv/requirements/prod.txt", "app/requirements/prod.txt"),
        (
            "Dockerfile",
            "FROM a\nCOPY ./app/ /srv/\nRUN cd /srv && x -r requirements/prod.txt",
            "app/requirements/prod.txt",
        ),
        ("Dockerfile", "FROM a\nCOPY req*.txt /srv/\nRUN x -r /srv/requirements.txt", "requirements.txt"),
        (
            "Dockerfile",
            "FROM a\nENV D=/srv\nCOPY requirements.txt $D/deps.txt\nRUN x -r ${D}/deps.txt",
            "requirements.txt",
        ),
        ("Dockerfile", 'FROM a\nCOPY ["requirements.txt", "/"]\nRUN x -r /requirements.txt', "requirements.txt"),
        (
            "Dockerfile",
            "FROM a\nRUN --mount=type=bind,source=requirements.txt,target=/r.txt x -r /r.txt",
            "requirements.txt",
        ),
        ("Dockerfile", "FROM a\nRUN x -r requirements.txt", None),
        ("Dockerfile", "FROM a\nRUN x -r requirements.txt\nCOPY . .\nRUN x -r nothing.txt", None),
        ("Dockerfile", "FROM a\nCOPY --from=b requirements.txt .\nRUN x -r requirements.txt", None),
        ("Dockerfile", "FROM a\nWORKDIR /a\nCOPY . .\nWORKDIR /b\nRUN x -r requirements.txt", None),
        ("Dockerfile", "FROM a\nCOPY requirements.txt /a/\nRUN git clone u /b && cd /b && x -r requirements.txt", None),
        ("Dockerfile", "FROM a\nCOPY . .\nRUN cd $D && x -r requirements.txt", None),
        ("Dockerfile", "FROM a\nCOPY . .\nRUN x -r $REQUIREMENTS", None),
        ("Dockerfile", "FROM a\nCOPY . .\nRUN x -r https://x/requirements.txt", None),
        ("Dockerfile", "FROM a\nCOPY . /app\nRUN x -r /app/../../requirements.txt", None),
    ],
)
def test_files_of_the_context(path: str, text: str, expected: str | None) -> None:
    assert found_in(path, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("FROM a\nCOPY . .\nRUN pip install .", True),
        ("FROM a\nWORKDIR /app\nCOPY pyproject.toml src ./\nRUN pip install .", True),
        ("FROM a\nCOPY . /app\nRUN cd /app && pip install .", True),
        ("FROM a\nCOPY . /app\nRUN git clone u /other && cd /other && pip install .", False),
        ("FROM a\nCOPY . /app\nRUN cd $HOME && pip install .", False),
        ("FROM a\nCOPY . /app\nWORKDIR /app/tools\nRUN pip install .", False),
        ("FROM a\nCOPY data.csv .\nRUN pip install .", False),
    ],
)
def test_whether_the_project_is_meant(text: str, expected: bool) -> None:
    dockerfile = memory_project({**FILES, "Dockerfile": text}).load(Dockerfile, "Dockerfile")
    assert dockerfile is not None
    assert copies_project(dockerfile, dockerfile.commands[-1]) is expected


@pytest.mark.parametrize(
    ("reference", "name", "tag", "digest"),
    [
        ("python", "python", "", ""),
        ("python:3.12-slim", "python", "3.12-slim", ""),
        ("registry.example:5000/a/b", "registry.example:5000/a/b", "", ""),
        ("registry.example:5000/a/b:1@sha256:0", "registry.example:5000/a/b", "1", "sha256:0"),
        ("a@sha256:0", "a", "", "sha256:0"),
        (":", "", "", ""),
    ],
)
def test_names_of_images(reference: str, name: str, tag: str, digest: str) -> None:
    image = parse_image(reference)
    assert (image.name, image.tag, image.digest) == (name, tag, digest)


@pytest.mark.parametrize(
    "reference",
    [
        *("python:3.12", "python:3", "ubuntu:jammy", "debian:bookworm-slim", "nvidia/cuda:12.2.0-devel-ubuntu22.04"),
        *("postgres:alpine", "lab/x:stable-20240101", "lab/x:v1", "node:22-lts", "rocker/r-ver:4.4.1", "a@sha256:0"),
        *("golang:1.22-alpine", "lab/x:bullseye-3", "eclipse-temurin:21-jre", "python:alpine-3.12"),
    ],
)
def test_images_with_a_version(reference: str) -> None:
    assert what_moves(parse_image(reference)) is None


@pytest.mark.parametrize(
    "reference",
    [
        *(
            "python",
            "lab/x",
            "x:latest",
            "lab/x:latest-gpu",
            "lab/x:gpu-latest",
            "debian:stable",
            "node:lts",
            "ubuntu:rolling",
        ),
        *(
            "python:slim",
            "python:alpine",
            "node:lts-alpine3.18",
            "docker.io/library/python:slim",
            "lab/x:main",
            "lab/x:nightly",
        ),
    ],
)
def test_images_that_move(reference: str) -> None:
    assert what_moves(parse_image(reference)) is not None


def test_images_of_the_builders_machine() -> None:
    names = (
        "base",
        "our-image:latest",
        "python",
        "lab/x",
        "registry.example/x",
        "library/python",
        "docker.io/library/base",
    )
    assert [is_local(parse_image(name)) for name in names] == [True, True, False, False, False, False, True]


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("numpy", "numpy"),
        ("numpy>=1", "numpy"),
        ("numpy!=1.2", "numpy"),
        ("numpy[all]", "numpy"),
        ("Numpy==*", "Numpy"),
        ("numpy==1", None),
        ("numpy<2", None),
        ("numpy>=1,<2", None),
        ("numpy~=1.2", None),
        ("numpy ; python_version < '3'", "numpy"),
        ("pip", None),
        ("git+https://x.example/lab/model.git", "model"),
        ("git+https://x.example/lab/model@main#egg=m", "model"),
        ("m @ git+https://x.example/lab/model@dev", "model"),
        ("m@git+https://x.example/lab/model@", None),
        ("git+https://x.example/lab/model@v1.2", None),
        ("git+https://x.example/lab/model@0123abc", None),
        ("https://x.example/lab/model/archive/main.zip", "model"),
        ("https://x.example/lab/model/archive/v1.2.zip", None),
        ("https://x.example/files/a-1.0-py3-none-any.whl", None),
        ("a b", None),
    ],
)
def test_python_packages(word: str, name: str | None) -> None:
    assert open_python_package(word) == name


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("numpy", "numpy"),
        ("c::numpy>=1", "numpy"),
        ("numpy=1", None),
        ("numpy<2", None),
        ("numpy=1=py_0", None),
        ("conda", None),
    ],
)
def test_conda_packages(word: str, name: str | None) -> None:
    assert open_conda_package(word) == name


@pytest.mark.parametrize(
    ("tool", "word", "name"),
    [
        ("apt", "curl", "curl"),
        ("apt", "gcc-6", "gcc-6"),
        ("apt", "curl/bookworm", "curl"),
        ("apt", "curl=8", None),
        ("apt", "curl-", None),
        ("apk", "curl@edge", "curl"),
        ("apk", "curl~8", None),
        ("apk", "curl>8", "curl>8"),
        ("dnf", "curl-8.6.0", None),
        ("dnf", "python3-devel", "python3-devel"),
        ("dnf", "@development", None),
        ("dnf", "https://x.example/a.rpm", None),
    ],
)
def test_system_packages(tool: str, word: str, name: str | None) -> None:
    assert open_system_package(tool, word) == name


def test_a_digest_can_be_asked_for(lint: Lint) -> None:
    lint.repository(
        {
            "Dockerfile": "FROM python:3.12\nFROM scratch\nFROM python@sha256:" + "0" * 64 + "\n",
            "pyproject.toml": "[tool.repro-lint.rules.floating-base-image]\nrequire-digest = true\n",
        }
    )
    result = lint("--select", "floating-base-image", "--level", "production", "--output", "concise")
    assert "Dockerfile:1:6" in result.out
    assert "has no digest" in result.out
    assert "Dockerfile:3" not in result.out


def test_owners_can_be_trusted(lint: Lint) -> None:
    lint.repository(
        {
            ".github/workflows/ci.yml": "on: push\njobs: {a: {steps: [{uses: lab/x@v1}, {uses: actions/checkout@v4}]}}\n",
            "pyproject.toml": '[tool.repro-lint.rules.floating-action]\ntrusted = ["lab"]\n',
        }
    )
    result = lint("--select", "floating-action", "--level", "production", "--output", "concise")
    assert "`actions/checkout` is run as of `v4`" in result.out
    assert "lab/x" not in result.out


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        *(
            (path, True)
            for path in (".github/workflows/x.yml", ".gitlab-ci.yml", ".travis.yml", ".circleci/config.yml")
        ),
        *(
            (path, True)
            for path in ("Jenkinsfile", "ci/Jenkinsfile.test", "azure-pipelines.yml", ".ci/run", "cloudbuild.yaml")
        ),
        *(
            (path, True)
            for path in ("deploy/azure-pipelines-ci.yml", "bitbucket-pipelines.yml", ".drone.yml", "appveyor.yml")
        ),
        *((path, False) for path in (".github/dependabot.yml", "x/.github/workflows/x.yml", ".pre-commit-config.yaml")),
        *((path, False) for path in ("pipelines/train.yml", "data/circle.csv", "docs/jenkins.md", "workflows/ci.yml")),
    ],
)
def test_services(path: str, expected: bool) -> None:
    assert has_service(memory_project({path: ""})) is expected


def test_a_part_of_a_larger_repository_is_not_asked_for_ci(lint: Lint) -> None:
    root = lint.repository({"sub/analysis.py": "x = 1\n", "sub/pyproject.toml": "[tool.repro-lint]\n"})
    lint.cd(root / "sub")
    assert "no-ci" not in lint("--select", "no-ci", "--level", "production", "--output", "concise").out
    (root / "sub" / "pyproject.toml").unlink()
    lint.cd(root)
    assert "no-ci" in lint("--select", "no-ci", "--level", "production", "--output", "concise").out


def test_ci_follows_the_directory(lint: Lint) -> None:
    project = '[project]\nname = "x"\nversion = "1"\ndependencies = ["pandas"]\n'
    script = "on: push\njobs:\n  a:\n    steps:\n      - run: |\n          {}\n"
    for run, expected in [
        ("pip install .", True),
        ("cd tools && pip install .", False),
        ("cd $X && pip install .", False),
        ("cd tools && cd .. && pip install .", True),
        ("pip install --no-deps .", False),
        ("pip install pandas", True),
        ("pip install pandas==2.2.3 ruff", False),
        ("poetry run pip install .", False),
        ("pip install . && tox", False),
    ]:
        lint.repository(
            {"pyproject.toml": project, "uv.lock": "version = 1\n", ".github/workflows/ci.yml": script.format(run)}
        )
        result = lint("--select", "ci-ignores-lockfile", "--level", "production", "--output", "concise")
        assert ("ci-ignores-lockfile" in result.out) is expected, run
