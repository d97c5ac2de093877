"""Labelled cases, made anew in each run: tokens, connection strings, and names with values in many syntaxes."""

from __future__ import annotations

import json
import random
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from providers import FORMS, characters, token

WORDS = (
    "harbour tulip meadow copper saddle winter orchid bridge pepper falcon amber cactus velvet rocket lantern".split()
)


@dataclass(frozen=True)
class Case:
    """One small file, and whether a secret stands in it."""

    group: str
    kind: str
    path: str
    text: str
    secret: bool


# Where a value can stand: the name of a file and a text with NAME and VALUE.
CONFIGURATION = {
    "yaml": ("config.yml", "service:\n  NAME: VALUE\n  retries: 3\n"),
    "yaml quoted": ("config.yaml", 'service:\n  NAME: "VALUE"\n'),
    "yaml list of variables": ("deploy.yaml", "env:\n  - name: NAME\n    value: VALUE\n"),
    "json": ("settings.json", '{"retries": 3, "NAME": "VALUE"}\n'),
    "toml": ("app.toml", '[service]\nNAME = "VALUE"\n'),
    "ini": ("app.ini", "[service]\nNAME = VALUE\n"),
    "ini quoted": ("app.cfg", '[service]\nNAME="VALUE"\n'),
    "env": (".env", "DEBUG=1\nNAME=VALUE\n"),
    "properties": ("app.properties", "retries=3\nNAME=VALUE\n"),
    "xml element": ("config.xml", "<service>\n  <NAME>VALUE</NAME>\n</service>\n"),
    "xml attribute": ("beans.xml", '<service>\n  <property name="NAME" value="VALUE"/>\n</service>\n'),
    "shell": ("run.sh", "#!/bin/sh\nexport NAME=VALUE\npython train.py\n"),
    "shell quoted": ("start.sh", "#!/bin/sh\nNAME='VALUE'\n"),
    "dockerfile": ("Dockerfile", "FROM python:3.11\nENV NAME=VALUE\n"),
    "terraform": ("main.tf", 'provider "x" {\n  NAME = "VALUE"\n}\n'),
    "terraform default": ("variables.tf", 'variable "NAME" {\n  type    = string\n  default = "VALUE"\n}\n'),
    "javascript": ("config.js", "module.exports = {\n  retries: 3,\n  NAME: 'VALUE',\n};\n"),
    "javascript constant": ("app.js", 'const NAME = "VALUE";\n'),
    "typescript": ("app.ts", 'export const NAME: string = "VALUE";\n'),
    "java": ("App.java", 'class App {\n  private static final String NAME = "VALUE";\n}\n'),
    "go": ("main.go", 'package main\n\nvar NAME = "VALUE"\n'),
    "r": ("load.R", 'NAME <- "VALUE"\n'),
}
PYTHON = {
    "assignment": 'NAME = "VALUE"\n',
    "single quotes": "NAME = 'VALUE'\n",
    "annotated": 'NAME: str = "VALUE"\n',
    "attribute": 'class A:\n    def __init__(self):\n        self.NAME = "VALUE"\n',
    "class attribute": 'class Settings:\n    NAME = "VALUE"\n',
    "keyword": 'client = connect(host, NAME="VALUE")\n',
    "dict": 'options = {"host": host, "NAME": "VALUE"}\n',
    "dict call": 'options = dict(host=host, NAME="VALUE")\n',
    "default parameter": 'def load(path, NAME="VALUE"):\n    return path\n',
    "keyword-only default": 'def load(path, *, NAME="VALUE"):\n    return path\n',
    "comparison": 'if NAME == "VALUE":\n    run()\n',
    "subscript": 'config["NAME"] = "VALUE"\n',
    "environ": 'import os\n\nos.environ["NAME"] = "VALUE"\n',
    "environ default": 'import os\n\nvalue = os.environ.get("NAME", "VALUE")\n',
    "getenv or": 'import os\n\nNAME = os.getenv("NAME") or "VALUE"\n',
    "setdefault": 'import os\n\nos.environ.setdefault("NAME", "VALUE")\n',
    "f-string": 'NAME = f"VALUE"\n',
    "concatenation": 'NAME = "HEAD" + "TAIL"\n',
    "adjacent": 'NAME = (\n    "HEAD"\n    "TAIL"\n)\n',
    "bytes": 'NAME = b"VALUE"\n',
    "triple quotes": 'NAME = """VALUE"""\n',
    "walrus": 'if (NAME := "VALUE"):\n    run()\n',
    "tuple": 'user, NAME = "anna", "VALUE"\n',
    "encoded": 'NAME = "VALUE".encode()\n',
    "argparse": 'parser.add_argument("--NAME", default="VALUE")\n',
    "field": 'class S(BaseSettings):\n    NAME: str = Field(default="VALUE")\n',
    "secret type": 'class S(BaseSettings):\n    NAME = SecretStr("VALUE")\n',
    "conditional": 'NAME = "VALUE" if local else read()\n',
    "set attribute": 'setattr(client, "NAME", "VALUE")\n',
    "widget": 'spark.conf.set("spark.NAME", "VALUE")\n',
}
PASSWORD_NAMES = (
    "password passwd db_password DB_PASSWORD DB_PASS pwd user_password mysqlPassword smtp_password admin_passwd "
    "passphrase PGPASSWORD ftp_pass rootPassword"
).split()
KEY_NAMES = (
    "api_key API_KEY apiKey secret_key SECRET_KEY client_secret CLIENT_SECRET access_token auth_token private_key "
    "aws_secret_key openai_api_key consumer_secret bot_token encryption_key apikey secret GITHUB_TOKEN"
).split()


def passwords(source: random.Random) -> str:
    """A password as people choose them."""
    one, two = source.sample(WORDS, 2)
    return source.choice(
        [
            f"{one}{two.title()}{source.randint(10, 99)}",
            f"{one.title()}{source.randint(1960, 2024)}{source.choice('!$?')}",
            f"{one[:4]}{source.choice('@#!')}{two}{source.randint(1, 9)}",
            characters("base62", 12, source),
            f"{one}{source.randint(100, 999)}",
            f"{characters('lower', 4, source)}{source.randint(10, 99)}{characters('upper', 4, source)}",
        ]
    )


def keys(source: random.Random) -> str:
    """A key as machines make them."""
    kind, count = source.choice(
        [("hex", 32), ("hex", 40), ("hex", 64), ("base62", 24), ("base62", 32), ("base62", 40), ("url64", 43)]
    )
    return characters(kind, count, source)


def filled(template: str, name: str, value: str) -> str:
    """The template with the name and the value."""
    half = len(value) // 2
    parts = {"NAME": name, "VALUE": value, "HEAD": value[:half], "TAIL": value[half:]}
    for part, text in parts.items():
        template = template.replace(part, text)
    return template


def structural(source: random.Random) -> Iterator[Case]:
    """Tokens of providers in every syntax, with names that say nothing."""
    places = [(path, text) for path, text in CONFIGURATION.values()] + [
        ("work.py", text) for text in PYTHON.values() if "HEAD" not in text
    ]
    places += [
        ("work.py", "# VALUE\n"),
        ("work.py", 'requests.get(url, headers={"X-Auth": "VALUE"})\n'),
        ("notes.md", "Use `VALUE` there.\n"),
        ("run.sh", 'curl -H "Authorization: Bearer VALUE" host\n'),
    ]
    for kind, forms in FORMS.items():
        for _ in range(12):
            value = token(source.choice(forms), source)
            path, text = (
                source.choice(
                    [("key.pem", "VALUE\n"), ("work.py", 'NAME = """VALUE"""\n'), ("config.yml", "NAME: |\n  VALUE\n")]
                )
                if kind == "private key"
                else source.choice(places)
            )
            yield Case(
                "structural",
                kind,
                path,
                filled(text, "entry", value if "config.yml" not in path else value.replace("\n", "\n  ")),
                True,
            )


def connections(source: random.Random) -> Iterator[Case]:
    """Connection strings with a password."""
    for _ in range(30):
        password = passwords(source)
        user, host = source.choice(WORDS), f"{source.choice(WORDS)}.internal.net"
        encoded = quote(password, safe="")
        basic = b64encode(f"{user}:{password}".encode()).decode()
        strings = {
            "postgres": f"{source.choice(['postgres', 'postgresql', 'postgresql+psycopg2'])}://{user}:{encoded}@{host}:5432/sales",
            "mysql": f"{source.choice(['mysql', 'mysql+pymysql', 'mariadb'])}://{user}:{encoded}@{host}/sales",
            "mongodb": f"{source.choice(['mongodb', 'mongodb+srv'])}://{user}:{encoded}@{host}/?retryWrites=true",
            "redis": f"redis://:{encoded}@{host}:6379/0",
            "jdbc": source.choice(
                [
                    f"jdbc:postgresql://{host}:5432/sales?user={user}&password={password}",
                    f"jdbc:sqlserver://{host}:1433;databaseName=sales;user={user};password={password};",
                    f"jdbc:mysql://{host}/sales?user={user}&password={password}",
                ]
            ),
            "odbc": source.choice(
                [
                    f"Driver={{ODBC Driver 17 for SQL Server}};Server={host};Database=sales;Uid={user};Pwd={password};",
                    f"DSN=sales;UID={user};PWD={password}",
                    f"Server={host};Database=sales;User Id={user};Password={password};",
                ]
            ),
            "uri": f"https://{user}:{encoded}@{host}/simple",
            "basic auth": f"Authorization: Basic {basic}",
            "libpq": f"host={host} dbname=sales user={user} password={password}",
        }
        for kind, text in strings.items():
            path, template = source.choice(
                [
                    ("work.py", 'address = "VALUE"\n'),
                    ("work.py", 'run("VALUE", 3)\n'),
                    ("config.yml", 'address: "VALUE"\n'),
                    ("settings.json", '{"address": "VALUE"}\n'),
                    (".env", "ADDRESS=VALUE\n"),
                    ("run.sh", 'ADDRESS="VALUE"\n'),
                    ("app.properties", "address=VALUE\n"),
                ]
            )
            if kind == "basic auth":
                path, template = source.choice(
                    [
                        ("work.py", 'headers = {"Authorization": "Basic VALUE"}\n'),
                        ("run.sh", 'curl -H "Authorization: Basic VALUE" host\n'),
                        ("config.yml", 'header: "Authorization: Basic VALUE"\n'),
                    ]
                )
                text = basic
            yield Case("connection", kind, path, template.replace("VALUE", text), True)
        yield Case(
            "connection",
            "netrc",
            source.choice([".netrc", "_netrc"]),
            source.choice(
                [
                    f"machine {host} login {user} password {password}\n",
                    f"machine {host}\n  login {user}\n  password {password}\n",
                    f"default login {user} password {password}\n",
                ]
            ),
            True,
        )
        yield Case(
            "connection",
            "pypirc",
            ".pypirc",
            f"[distutils]\nindex-servers = own\n\n[own]\nrepository: https://{host}/\nusername: {user}\npassword: {password}\n",
            True,
        )
        yield Case(
            "connection",
            "aws credentials",
            ".aws/credentials",
            f"[default]\naws_access_key_id = AKIA{characters('base32', 16, source)}\naws_secret_access_key = {characters('base64', 40, source)}\n",
            True,
        )
        yield Case(
            "connection",
            "kaggle.json",
            "kaggle.json",
            json.dumps({"username": user, "key": characters("hex", 32, source)}),
            True,
        )
        yield Case("connection", "docker config", "config.json", json.dumps({"auths": {host: {"auth": basic}}}), True)
        yield Case(
            "connection",
            "kubernetes secret",
            "secret.yaml",
            f"apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\ntype: Opaque\ndata:\n  password: {b64encode(password.encode()).decode()}\n",
            True,
        )
        yield Case("connection", "pgpass", ".pgpass", f"{host}:5432:sales:{user}:{password}\n", True)


def named(source: random.Random) -> Iterator[Case]:
    """Names of credentials with values that could be ones."""
    for kind, text in PYTHON.items():
        for names, values in ((PASSWORD_NAMES, passwords), (KEY_NAMES, keys)):
            for _ in range(8):
                yield Case("python", kind, "work.py", filled(text, source.choice(names), values(source)), True)
    for kind, (path, text) in CONFIGURATION.items():
        for names, values in ((PASSWORD_NAMES, passwords), (KEY_NAMES, keys)):
            for _ in range(6):
                yield Case("configuration", kind, path, filled(text, source.choice(names), values(source)), True)
