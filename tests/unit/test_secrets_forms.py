"""Secrets that their form gives away: addresses with passwords, connection strings, private keys, and their places."""

from __future__ import annotations

import random
import string
import time
from base64 import b64encode

import pytest

from repro_lint.grades import Confidence
from repro_lint_rules.secrets.inspection import Secret, secrets_in_text

LETTERS = string.ascii_letters + string.digits


def random_text(length: int, seed: int = 1) -> str:
    return "".join(random.Random(seed).choices(LETTERS, k=length))


SECRET = random_text(16, 12)
LOW = Confidence.LOW


def found(text: str, path: str = "a.py") -> list[Secret]:
    return secrets_in_text(text, path)


def shown(text: str, path: str = "a.py") -> list[str]:
    """What is reported with more than a low confidence, as it is written."""
    return [text[secret.start : secret.end] for secret in found(text, path) if secret.confidence > LOW]


def key_block(kind: str = "RSA ", lines: int = 8, end: str = "\n") -> str:
    word = "PRIV" + "ATE"
    body = end.join(random_text(64, seed) for seed in range(lines))
    return f"-----BEGIN {kind}{word} KEY-----{end}{body}{end}-----END {kind}{word} KEY-----"


class TestAddresses:
    @pytest.mark.parametrize(
        "before",
        [
            "postgres://anna:", "postgresql+psycopg2://anna:", "mysql://anna:", "mongodb+srv://anna:", "redis://:", "amqp://anna:",
            "https://anna:", "ftp://anna:", "git+https://anna:", "clickhouse://anna:", "snowflake://anna:", "http://anna%40lab.org:",
        ],
    )  # fmt: skip
    def test_of_any_scheme(self, before: str) -> None:
        text = f'connect("{before}{SECRET}@db1.lab.org:5432/sales?x=1")'
        assert shown(text) == [SECRET]

    @pytest.mark.parametrize("secret", ["hunter2!", "wren%40otter%2F58", "a@b#c"[:3] + "42x", "Summer2023", "k3stR-l"])
    def test_passwords_that_people_choose(self, secret: str) -> None:
        assert shown(f"DATABASE_URL=postgres://anna:{secret}@db1.lab.org/sales", "settings.conf") == [secret]

    @pytest.mark.parametrize(
        "text",
        [
            "postgres://user:password@host/db", "postgres://username:pass@localhost", "mysql://root:<password>@db/x",
            "mysql://root:${PASSWORD}@db/x", "mysql://{user}:{password}@{host}/x", "mysql://%s:%s@%s/x", "x://a:***@db",
            "docker://python:3.11@sha256:abc", "http://localhost:8080/@me", "git+ssh://git@github.com:lab/tools@v1",
            "https://host:8080@2x", "https://fonts.org/css?family=Roboto:400,700@x", "redis://:@db", "s3://bucket/a:b@c",
            "see http://a.org:80, or mail anna@lab.org",
        ],
    )  # fmt: skip
    def test_placeholders_and_other_signs(self, text: str) -> None:
        assert found(text) == []

    def test_stock_passwords_on_this_machine_and_examples_are_hidden(self) -> None:
        assert shown("postgres://postgres:postgres@localhost:5432/x") == []
        assert shown(f"https://anna:{SECRET}@example.com/") == []
        assert shown(f"postgres://anna:{SECRET}@localhost/x") == [SECRET]

    def test_keys_in_queries(self) -> None:
        key = random_text(32, 3)
        assert shown(f'get("https://api.weather.org/v1?city=Oslo&api_key={key}")') == [key]
        assert shown(f"https://firebasestorage.org/o/x?alt=media&token={key}") == []
        assert shown("https://api.weather.org/v1?api_key=YOUR_API_KEY_GOES_HERE") == []

    def test_a_token_as_password_is_a_token(self) -> None:
        token = "glpat-" + random_text(20, 5)
        assert [s.kind for s in found(f"https://oauth2:{token}@gitlab.com/lab/tools.git")] == ["token"]


class TestConnectionStrings:
    @pytest.mark.parametrize(
        "text",
        [
            f"Server=db1;Database=x;User Id=anna;Password={SECRET};", f"Driver=x;Server=db1;UID=anna;PWD={SECRET}",
            f"jdbc:postgresql://db1/x?user=anna&password={SECRET}", f"host=db1 dbname=x user=anna password={SECRET}",
            f"jdbc:sqlserver://db1:1433;user=anna;password={SECRET};encrypt=true", f"machine h.org login anna password {SECRET}",
            f"machine h.org\n  login anna\n  password {SECRET}\n", f"Endpoint=sb://x/;SharedAccessKeyName=r;SharedAccessKey={SECRET * 2}",
            f"DefaultEndpointsProtocol=https;AccountName=x;AccountKey={random_text(86, 9)}==;EndpointSuffix=core.windows.net",
        ],
    )  # fmt: skip
    def test_of_many_kinds(self, text: str) -> None:
        assert len(shown(f'x = "{text}"')) == 1
        assert SECRET in shown(text)[0] or "AccountKey" in text

    @pytest.mark.parametrize(
        "text",
        [
            "connect(host=h, user=u, password=pw)", "connect(host=h,user=u,password=secret_of_mine)", "Server=x;Password=;",
            "Server=db1;Uid={user};Pwd={password};", "host=%s user=%s password=%s", "f(user=user, password=password)",
            "Server=db;User Id=sa;Password=your_password;",
        ],
    )  # fmt: skip
    def test_code_and_placeholders(self, text: str) -> None:
        assert found(text) == []

    def test_base64_hides_nothing(self) -> None:
        encoded = b64encode(f"anna:{SECRET}".encode()).decode()
        assert shown(f'{{"Authorization": "Basic {encoded}"}}') == [encoded]
        assert shown(f'{{"auths": {{"x": {{"auth": "{encoded}"}}}}}}', "config.json") == [encoded]
        assert found(f"Basic {b64encode(b'user:password').decode()}") == []

    def test_pgpass(self) -> None:
        assert shown(f"db1:5432:sales:anna:{SECRET}\n", ".pgpass") == [SECRET]


class TestPrivateKeys:
    @pytest.mark.parametrize("kind", ["RSA ", "EC ", "DSA ", "OPENSSH ", "ENCRYPTED ", ""])
    def test_kinds(self, kind: str) -> None:
        (secret,) = found(key_block(kind))
        assert secret.kind == "key"
        assert secret.confidence is (Confidence.MEDIUM if kind == "ENCRYPTED " else Confidence.HIGH)

    def test_on_one_line_indented_and_in_pieces(self) -> None:
        for text in (
            '{"private_key": "' + key_block("", end="\\n") + '\\n"}',
            "key: |\n  " + key_block(end="\n  "),
            'k = ("' + key_block(end='\\n"\n     "') + '")',
        ):
            assert len(found(text)) == 1

    def test_what_is_none(self) -> None:
        header = key_block().split("\n")[0]
        for text in (
            header,
            header + "\n...\n",
            header + "\n" + "x" * 64,
            key_block().replace("PRIV" + "ATE", "PUBLIC"),
        ):
            assert found(text) == []

    def test_every_line_of_a_key_is_masked(self) -> None:
        block = key_block(lines=4)
        (secret,) = found(block)
        assert any(block.split("\n")[2] in value for value in secret.values)


@pytest.mark.parametrize(
    "piece",
    ["://", "a://b:c", "://a:b@", "://:", "password=", "host= password=", "?token=", "://?api_key=a", "machine a login b ", "Basic ", "-----BEGIN ",
     '"auth":"', "-----BEGIN " + "PRIVATE" + " KEY-----", "-----BEGIN " + "PRIVATE" + " KEY-----\\n" + "a1" * 40, "PuTTY-User-Key-File-2: ssh-rsa "],
)  # fmt: skip
def test_time_grows_with_the_text_and_no_faster(piece: str) -> None:
    def seconds(size: int) -> float:
        text = piece * (size // len(piece))
        begin = time.process_time()
        found(text)
        return time.process_time() - begin

    seconds(1000)
    small = max(min(seconds(40_000) for _ in range(3)), 1e-3)
    assert seconds(320_000) < 8 * small * 4
