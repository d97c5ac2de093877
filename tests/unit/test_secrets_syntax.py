"""Names and values in every syntax that people keep them in, at the characters of the value, and what users may allow."""

from __future__ import annotations

import json
import random
import string
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import Lint, write_files

from repro_lint_rules.secrets.config_bindings import text_bindings


def made_up(length: int, seed: int = 1) -> str:
    source = random.Random(seed)
    return "q7" + "".join(source.choices(string.ascii_letters + string.digits, k=length - 2))


PASSWORD = made_up(14)
KEY = made_up(40, 2)
WORD = "PRIV" + "ATE"


def reported(lint: Lint, root: Path, *more: str) -> list[dict[str, Any]]:
    run = lint("--select", "secrets", "--level", "production", *more, "--output-format", "json", str(root))
    return list(json.loads(run.out)["diagnostics"])


def marked(lint: Lint, tmp_path: Path, path: str, text: str) -> list[str]:
    """The characters of the file that findings mark."""
    lines = text.split("\n")
    found = []
    for diagnostic in reported(lint, write_files(tmp_path, {path: text}), "--isolated"):
        place = diagnostic["locations"][0]
        if place["line"] is None:  # the file as a whole
            continue
        found.append(lines[place["line"] - 1][place["column"] - 1 : place["end_column"] - 1])
    return found


class TestSyntax:
    @pytest.mark.parametrize(
        ("path", "template"),
        [
            ("a.js", "module.exports = {\n  dbPassword: 'VALUE',\n};\n"),
            ("a.js", "const apiKey = process.env.API_KEY || 'VALUE'\n"),
            ("a.js", "const clientSecret = `VALUE`;\n"),
            ("a.ts", 'export const password: string = "VALUE";\n'),
            ("a.ts", 'if (password === "VALUE") { open(); }\n'),
            ("A.java", 'properties.setProperty("db.password", "VALUE");\n'),
            ("A.java", 'private static final String API_KEY = "VALUE";\n'),
            ("a.go", 'password := "VALUE"\n'),
            ("a.go", "var apiKey = `VALUE`\n"),
            ("a.php", "define('DB_PASSWORD', 'VALUE');\n"),
            ("a.php", "$this->password = 'VALUE';\n"),
            ("a.rb", "config = { :password => 'VALUE' }\n"),
            ("a.cs", 'string clientSecret = "VALUE";\n'),
            ("a.kt", 'val apiKey: String = "VALUE"\n'),
            ("a.jl", 'password = "VALUE"\n'),
            ("main.tf", 'resource "x" "y" {\n  password = "VALUE"\n}\n'),
            ("vars.tf", 'variable "db_password" {\n  type    = string\n  default = "VALUE"\n}\n'),
            ("a.xml", "<a>\n  <password>VALUE</password>\n</a>\n"),
            ("a.xml", '<bean>\n  <property name="password" value="VALUE"/>\n</bean>\n'),
            ("a.xml", '<resources>\n  <string name="api_key">VALUE</string>\n</resources>\n'),
            ("a.xml", '<db user="anna" password="VALUE"/>\n'),
            ("Web.config", '<appSettings>\n  <add key="ClientSecret" value="VALUE" />\n</appSettings>\n'),
            ("a.xml", "<dict>\n<key>password</key>\n<string>VALUE</string>\n</dict>\n"),
            ("a.properties", "spring.datasource.password=VALUE\n"),
            ("a.yml", "password: 'VALUE'\n"),
            (".env", "API_KEY=VALUE\n"),
            (".netrc", "default login anna password VALUE\n"),
            (".pypirc", "[pypi]\nusername = anna\npassword = VALUE\n"),
            ("kaggle.json", '{"username":"anna","key":"HEX"}'),
            (".aws/credentials", "[default]\naws_secret_access_key = FORTY\n"),
        ],
    )
    def test_the_value_and_nothing_else_is_marked(self, tmp_path: Path, lint: Lint, path: str, template: str) -> None:
        hexadecimal = random.Random(3).randbytes(16).hex()
        values = {"VALUE": PASSWORD if "assword" in template else KEY, "HEX": hexadecimal, "FORTY": KEY}
        name = next(name for name in values if name in template)
        assert marked(lint, tmp_path, path, template.replace(name, values[name])) == [values[name]]

    @pytest.mark.parametrize(
        ("code", "value"),
        [
            ('password = f"VALUE"\n', 'f"VALUE"'),
            ('password = "HEAD" + "TAIL"\n', '"HEAD" + "TAIL"'),
            ('password = ("HEAD"\n            "TAIL")\n', '"HEAD"'),
            ('connect(password="HEAD" + f"TAIL")\n', '"HEAD" + f"TAIL"'),
            ('api_key = f"{prefix}KEY"\n', None),
            ('headers = {"Authorization": "Bearer " + "KEY"}\n', None),
        ],
    )
    def test_a_text_in_parts_is_one_value(self, tmp_path: Path, lint: Lint, code: str, value: str | None) -> None:
        parts = {"VALUE": PASSWORD, "HEAD": PASSWORD[:7], "TAIL": PASSWORD[7:], "KEY": KEY}
        for name, part in parts.items():
            code, value = code.replace(name, part), value and value.replace(name, part)
        found = reported(lint, write_files(tmp_path, {"a.py": code}), "--isolated")
        assert [d["code"] for d in found] == ["SEC002"]
        place = found[0]["locations"][0]
        if value is not None and place["line"] == place["end_line"]:
            assert code.split("\n")[0][place["column"] - 1 : place["end_column"] - 1] == value

    @pytest.mark.parametrize(
        ("path", "text"),
        [
            ("a.js", "const password = process.env.DB_PASSWORD;\nconst t = ok ? 'password' : 'select';\n"),
            ("a.js", "// password = 'VALUE'\nlabels = {password: 'Password', token: 'Token'}\n"),
            ("a.ts", "type Login = { password: string; token: string };\nurl = 'https://x.org/password/reset';\n"),
            ("a.go", 'flag.String("password", "", "password of the database")\n'),
            ("a.tf", 'password = var.db_password\nsecret_id = "projects/demo/secrets/db"\n'),
            ("vars.tf", 'variable "db_password" {\n  description = "The password of VALUE"\n}\n'),
            ("a.xml", '<password>${db.password}</password>\n<input type="password" name="password"/>\n'),
            ("a.xml", "<!-- <password>VALUE</password> -->\n"),
            ("a.py", 'password = f"{user}-{PASSWORD}"\nquery = "password = " + value\n'),
            ("a.py", 'connect("host=127.0.0.1 dbname=sales user=anna password=anna")\n'),
            ("a.md", "http://eca4aa01751c:8888/lab?token=0f3e9d1c5b7a82640f3e9d1c5b7a8264d1c5b7a8\n"),
            ("a.txt", "https://b.s3.amazonaws.com/x?AWSAccessKeyId=AKIA" + "J2ZVQ6K3T7XB5W4N" + "&Expires=1\n"),
            ("a.py", 'token = "Bearer " + token\nheaders = {"Authorization": "Bearer " + api_key}\n'),
        ],
    )
    def test_what_is_none(self, tmp_path: Path, lint: Lint, path: str, text: str) -> None:
        assert marked(lint, tmp_path, path, text.replace("VALUE", PASSWORD)) == []

    def test_a_string_that_does_not_end_hides_nothing_after_its_line(self) -> None:
        for path in ("a.js", "a.toml", "a.json"):
            text = f'x = "open\n{{"a": 1, "password": "{PASSWORD}"}}\npassword = "{PASSWORD}"\n'
            assert [b.value for b in text_bindings(path, text)][-1] == PASSWORD, path


class TestEncoded:
    def secret(self, value: str) -> str:
        data = b64encode(value.encode()).decode()
        return f"apiVersion: v1\nkind: Secret\nmetadata:\n  name: x\ndata:\n  settings: {data}\n"

    def test_data_of_a_kubernetes_secret(self, tmp_path: Path, lint: Lint) -> None:
        text = self.secret(f"postgres://anna:{PASSWORD}@db1.lab.org/sales")
        assert marked(lint, tmp_path, "a.yaml", text) == [text.split()[-1]]
        assert marked(lint, tmp_path, "a.yaml", text.replace("Secret", "ConfigMap")) == []

    def test_only_what_is_a_secret(self, tmp_path: Path, lint: Lint) -> None:
        assert marked(lint, tmp_path, "a.yaml", self.secret("postgres://db1.lab.org/sales?sslmode=require")) == []

    def test_a_service_account(self, tmp_path: Path, lint: Lint) -> None:
        lines = "\n".join(made_up(64, seed) for seed in range(12))
        key = f"-----BEGIN {WORD} KEY-----\n{lines}\n-----END {WORD} KEY-----\n"
        account = {"type": "service_account", "private_key": key, "client_email": "a@b.iam.gserviceaccount.com"}
        root = write_files(tmp_path, {"account.json": json.dumps(account)})
        assert [d["code"] for d in reported(lint, root, "--isolated")] == ["SEC004"]


class TestAllowed:
    CODE = f'password = "{PASSWORD}"\nurl = "mysql://anna:{PASSWORD}@db1/x"\n'

    def test_by_an_expression_for_the_value(self, tmp_path: Path, lint: Lint) -> None:
        write_files(tmp_path, {"a.py": self.CODE})
        for rule, left in (("hardcoded-credential", ["SEC003"]), ("credential-in-url", ["SEC002"])):
            (tmp_path / "repro-lint.toml").write_text(f'[rules.{rule}]\nallow = ["^{PASSWORD[:5]}"]\n')
            assert [d["code"] for d in reported(lint, tmp_path)] == left
            (tmp_path / "repro-lint.toml").write_text(f'[rules.{rule}]\nallow = ["^other"]\n')
            assert len(reported(lint, tmp_path)) == 2

    def test_an_expression_that_is_none_is_an_error_of_the_configuration(self, tmp_path: Path, lint: Lint) -> None:
        write_files(tmp_path, {"a.py": self.CODE, "repro-lint.toml": '[rules.provider-token]\nallow = ["("]\n'})
        result = lint("--select", "secrets", str(tmp_path))
        assert result.code == 2
        assert "provider-token.allow" in result.err


def test_neither_the_baseline_nor_any_file_that_a_run_leaves_holds_a_value(tmp_path: Path, lint: Lint) -> None:
    code = f'password = "{PASSWORD}"\nurl = "mysql://anna:{KEY}@db1/x"\nSECRET_KEY = "{KEY[:20]}" + "{KEY[20:]}"\n'
    root = write_files(tmp_path / "project", {"a.py": code, "run.sh": f"curl -u anna:{PASSWORD} x\n"})
    result = lint("baseline", "write", str(root), "--baseline", str(tmp_path / "baseline.json"))
    assert result.code == 0, result.err
    assert "hardcoded-credential" in (tmp_path / "baseline.json").read_text(encoding="utf-8")
    lint("--select", "secrets", "--level", "production", "--statistics", str(root))
    for path in (path for path in tmp_path.rglob("*") if path.is_file() and path.name not in ("a.py", "run.sh")):
        data = path.read_bytes()
        for value in (PASSWORD, KEY, KEY[:20], KEY[20:]):
            assert value.encode() not in data, path
            assert b64encode(value.encode()).strip(b"=") not in data, path
    assert PASSWORD not in result.out + result.err
