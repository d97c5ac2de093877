"""Secrets of commands, outputs and environment files, and that one place gives one finding and never its value."""

from __future__ import annotations

import json
import random
import string
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import Lint, git, write_files
from tests.made_up_secrets import token_of

from repro_lint.grades import Confidence
from repro_lint.reporters import FORMATS
from repro_lint_rules.secrets.formats import formats
from repro_lint_rules.secrets.inspection import secrets_in_text
from repro_lint_rules.secrets.outputs import text_of_html

BY_ID = {known.id: known for known in formats()}


def random_text(length: int, seed: int = 1) -> str:
    return "".join(random.Random(seed).choices(string.ascii_letters + string.digits, k=length))


def made_up(name: str, seed: int = 1) -> str:
    return token_of(BY_ID[name], random.Random(seed))


PASSWORD = "k7" + random_text(12, 12)
TOKEN = made_up("groq-api-key")


def shown(text: str, path: str = "run.sh") -> list[str]:
    found = secrets_in_text(text, path)
    return [text[secret.start : secret.end] for secret in found if secret.confidence > Confidence.LOW]


def notebook(*cells: tuple[str, list[dict[str, Any]]]) -> str:
    stored = [
        {"cell_type": "code", "id": f"c{n}", "metadata": {}, "execution_count": n, "source": source, "outputs": outputs}
        for n, (source, outputs) in enumerate(cells, 1)
    ]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    return json.dumps({"cells": stored, "metadata": kernel, "nbformat": 4, "nbformat_minor": 5})


def stream(text: str) -> dict[str, Any]:
    return {"output_type": "stream", "name": "stdout", "text": text}


def display(**data: Any) -> dict[str, Any]:
    return {"output_type": "display_data", "metadata": {}, "data": {k.replace("_", "/", 1): v for k, v in data.items()}}


def codes(lint: Lint, root: Path, *more: str) -> Counter[tuple[str, str, int | None]]:
    report = json.loads(lint("--isolated", "--select", "secrets", *more, "--output-format", "json", str(root)).out)
    places = [(d["code"], d["locations"][0]) for d in report["diagnostics"]]
    return Counter((code, p["path"], p["cell"]["index"] if p["cell"] else p["line"]) for code, p in places)


class TestCommands:
    @pytest.mark.parametrize(
        "line",
        [
            f"curl -u anna:{PASSWORD} https://data.lab.org", f"curl https://x.org \\\n  --user 'anna:{PASSWORD}'",
            f"wget --user=anna --password={PASSWORD} https://x.org", f"docker login -u anna -p {PASSWORD}",
            f"mysql -h db1 -u root -p{PASSWORD} sales", f"sshpass -p {PASSWORD} ssh anna@db1", f"redis-cli -a {PASSWORD} ping",
            f'echo "{PASSWORD}" | docker login -u anna --password-stdin', f"openssl rsa -in x -passin pass:{PASSWORD}",
            f"PGPASSWORD={PASSWORD} psql -h db1", f"unzip -P {PASSWORD} data.zip", f'run(["x", "--password", "{PASSWORD}"])',
            f'curl -H "X-Api-Key: {PASSWORD}" https://x.org', f"python up.py --api-key={PASSWORD}",
        ],
    )  # fmt: skip
    def test_arguments(self, line: str) -> None:
        assert shown(line + "\n") == [PASSWORD]

    @pytest.mark.parametrize(
        "line",
        [
            "curl -u $USER:$PASSWORD x", "mysql -u root -p sales", "mkdir -p results/final", "docker run -p 8080:80 x",
            "tool --token <token>", "tool --password ${{ secrets.PASSWORD }}", "use the --password option", "git push --tags",
            'parser.add_argument("--password", "secret7")', "ssh -p 2222 host", "train.py --special-token '<|endoftext|>'",
            "python -u train.py --token-length 1024", "curl -u user:password x", "pytest -p no:cacheprovider",
        ],
    )  # fmt: skip
    def test_other_arguments(self, line: str) -> None:
        assert shown(line + "\n") == []


class TestOutputs:
    def test_addressed_by_cell_and_output(self, tmp_path: Path, lint: Lint) -> None:
        trace = {"output_type": "error", "ename": "E", "evalue": "no", "traceback": [f"\x1b[31mkey \x1b[0m{TOKEN}"]}
        table = display(text_plain="table", text_html=["<td>", f"{TOKEN}</td>"])
        root = write_files(tmp_path, {"a.ipynb": notebook(("a", []), ("b", [stream("x"), table]), ("c", [trace]))})
        report = json.loads(lint("--isolated", "--select", "SEC005", "--output-format", "json", str(root)).out)
        found = [(d["locations"][0]["cell"]["index"], d["message"]) for d in report["diagnostics"]]
        assert found == [
            (2, "output 2 of the cell shows a Groq API key"),
            (3, "output 1 of the cell shows a Groq API key"),
        ]

    def test_one_finding_where_an_output_says_it_twice(self, tmp_path: Path, lint: Lint) -> None:
        both = display(text_plain=TOKEN, text_html=f"<b>{TOKEN}</b>")
        root = write_files(tmp_path, {"a.ipynb": notebook(("a", [both]))})
        assert codes(lint, root) == {("SEC005", "a.ipynb", 1): 1}

    def test_never_pictures_widgets_and_programs(self, tmp_path: Path, lint: Lint) -> None:
        outputs = [
            {"output_type": "display_data", "metadata": {"key": TOKEN}, "data": {kind: TOKEN}}
            for kind in (
                "image/png",
                "image/svg+xml",
                "application/vnd.jupyter.widget-view+json",
                "application/javascript",
            )
        ]
        root = write_files(
            tmp_path, {"a.ipynb": notebook(("a", [*outputs, display(text_html=f"<script>'{TOKEN}'</script>")]))}
        )
        assert codes(lint, root) == {}

    def test_html_is_read_without_its_programs(self) -> None:
        assert text_of_html("a<script>b</script>c &amp; <b>d</b>").split() == ["a", "c", "&", "d"]
        assert text_of_html("a<style>b").split() == ["a"]
        assert text_of_html("<script>" * 50_000).strip() == ""


class TestOneFinding:
    def test_for_a_token_with_the_name_of_a_credential(self, tmp_path: Path, lint: Lint) -> None:
        code = f'import os\n\napi_key = "{TOKEN}"\nos.environ["GROQ_API_KEY"] = "{TOKEN}"\npassword = "{PASSWORD}"\n'
        root = write_files(tmp_path, {"a.py": code, "a.ipynb": notebook((code, [])), "a.yaml": f"api_key: {TOKEN}\n"})
        assert codes(lint, root) == {
            **{("SEC001", "a.py", line): 1 for line in (3, 4)},
            ("SEC002", "a.py", 5): 1,
            ("SEC001", "a.ipynb", 1): 2,
            ("SEC002", "a.ipynb", 1): 1,
            ("SEC001", "a.yaml", 1): 1,
        }

    def test_the_comments_of_other_tools_hold_for_all(self, tmp_path: Path, lint: Lint) -> None:
        lines = [
            f'key = "{TOKEN}"',
            f'password = "{PASSWORD}"',
            f'url = "mysql://anna:{PASSWORD}@db1/x"',
            f'run("curl -u a:{PASSWORD} x")',
        ]
        for comment in (
            "pragma: allowlist secret",
            "gitleaks:allow",
            "nosec",
            "nosec B105",
            "noqa: S105",
            "noqa: E501, S106",
        ):
            code = "".join(f"{line}  # {comment}\n" for line in lines)
            assert codes(lint, write_files(tmp_path, {"a.py": code})) == {}, comment
        code = "".join(f"# pragma: allowlist nextline secret\n{line}\n" for line in lines)
        assert codes(lint, write_files(tmp_path, {"a.py": code})) == {}
        assert codes(lint, write_files(tmp_path, {"a.py": "\n".join(lines)})).total() == 4

    def test_lock_files_packed_and_binary_files_give_none(self, tmp_path: Path, lint: Lint) -> None:
        line = f'key = "{TOKEN}"\n'
        files: dict[str, str | bytes] = {
            "poetry.lock": line, "package-lock.json": line, "app.min.js": line, "node_modules/x.js": line, "x.map": line,
            "vendor/x.py": line, "data.py": b"\0" + line.encode(), "long.js": "x" * 30_000 + line,
        }  # fmt: skip
        assert codes(lint, write_files(tmp_path, files)) == {}


class TestEnvironmentFiles:
    def test_only_tracked_ones(self, tmp_path: Path, lint: Lint) -> None:
        root = write_files(tmp_path, {".env": f"A_PASSWORD={PASSWORD}\n", "b.env": f"KEY={TOKEN}\n"})
        git(root, "init", "-q")
        git(root, "add", "b.env")
        assert codes(lint, root, "--ignore", "SEC001,SEC002") == {("SEC006", "b.env", None): 1}


class TestMasking:
    def test_no_output_shows_any_of_them(self, tmp_path: Path, lint: Lint) -> None:
        word = "PRIV" + "ATE"
        body = [random_text(64, seed) for seed in range(5)]
        block = f"-----BEGIN RSA {word} KEY-----\n" + "\n".join(body) + f"\n-----END RSA {word} KEY-----"
        code = (
            f'url = "mysql://anna:{PASSWORD}@db1/x"; key = "{TOKEN}"\nk = """{block}"""\nline = {json.dumps(block)}\n'
        )
        error = {
            "output_type": "error",
            "ename": "E",
            "evalue": f"bad {TOKEN}",
            "traceback": [f"mysql://a:{PASSWORD}@h1/x", block],
        }
        files = {
            "a.py": code,
            "a.ipynb": notebook((code, [error, stream(f"{{'password': '{PASSWORD}'}}")])),
            ".env": f"DB_PASSWORD={PASSWORD}\nURL=mysql://anna:{PASSWORD}@db1/x\n",
            "run.sh": f"curl -u anna:{PASSWORD} x\n",
            "id_rsa": block,
        }
        root = write_files(tmp_path, files)
        found = {code for code, _, _ in codes(lint, root)}
        assert found >= {"SEC001", "SEC003", "SEC004", "SEC005", "SEC006", "SEC007"}
        for name in FORMATS:
            result = lint("--isolated", "--level", "production", "--output-format", name, str(root))
            for secret in (PASSWORD, TOKEN, *body):
                assert secret not in result.out + result.err, name
