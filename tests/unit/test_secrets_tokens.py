"""Tokens of providers: every format is found, placeholders are not, and no text makes the search slow."""

from __future__ import annotations

import json
import random
import time
from base64 import urlsafe_b64encode
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import Lint, write_files
from tests.made_up_secrets import token_of

from repro_lint.reporters import FORMATS
from repro_lint_rules.secrets.checksums import crc32_base62
from repro_lint_rules.secrets.formats import Format, find_tokens, formats

BY_ID = {known.id: known for known in formats()}


def line_with(known: Format, token: str) -> str:
    name = f"{known.context[0].strip(chr(34) + chr(39))}_key" if known.context else "value"
    return f'import os\n{name} = "{token}"\n'


def made_up(name: str, seed: int = 1) -> str:
    return token_of(BY_ID[name], random.Random(seed))


def web_token(claims: dict[str, Any]) -> str:
    parts = [
        json.dumps({"alg": "HS256", "typ": "JWT"}).encode(),
        json.dumps(claims).encode(),
        random.Random(3).randbytes(32),
    ]
    return ".".join(urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)


class TestFormats:
    def test_there_are_enough_and_each_is_documented(self) -> None:
        assert len(BY_ID) == len(formats()) >= 85
        assert all(known.documentation.startswith("https://") for known in formats())
        assert all(known.noun.startswith(("a ", "an ")) for known in formats())
        assert all(
            bool(known.prefix) + bool(known.lead) + bool(known.literal) + bool(known.context) == 1
            for known in formats()
        )
        assert all(len(prefix) >= 2 for known in formats() for prefix in known.prefix)

    @pytest.mark.parametrize("known", [f for f in formats() if f.checksum != "jwt"], ids=lambda known: known.id)
    def test_a_made_up_token_is_found_where_it_stands(self, known: Format) -> None:
        source = random.Random(known.id)
        found = 0
        for _ in range(40):
            text = line_with(known, token := token_of(known, source))
            start = text.index(token)
            found += any(t.start <= start + 12 and t.end == start + len(token) for t in find_tokens(text))
        assert found >= 38

    def test_the_checksum_of_github_is_the_one_that_github_describes(self) -> None:
        body = "abc" * 10
        assert len(crc32_base62(body)) == 6
        assert all(token.verified for token in find_tokens(made_up("github-personal-access-token")))
        token = made_up("github-personal-access-token")
        other = token[:-1] + ("a" if token[-1] != "a" else "b")
        assert [found.verified for found in find_tokens(other)] == [False]

    def test_a_web_token_counts_if_it_lasts_and_is_not_for_everyone(self) -> None:
        assert [t.format.id for t in find_tokens(web_token({"sub": "7", "role": "service_role"}))] == ["json-web-token"]
        assert not find_tokens(web_token({"sub": "7", "role": "anon"}))
        assert not find_tokens(web_token({"sub": "7", "iat": 1_700_000_000, "exp": 1_700_003_600}))
        assert not find_tokens("eyJ" + "q" * 30 + ".eyJ" + "r" * 30 + "." + "s" * 30)

    def test_where_a_general_and_a_special_format_agree_there_is_one_token(self) -> None:
        for name in ("openai-project-key", "anthropic-api-key", "openrouter-api-key", "langfuse-secret-key"):
            assert len(find_tokens(line_with(BY_ID[name], made_up(name)))) == 1


class TestWhatIsNoToken:
    @pytest.mark.parametrize(
        "text",
        [
            "aws_access_key_id = AKIA" + "IOSFODNN7EXAMPLE",
            "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/" + "bPxRfiCYEXAMPLEKEY",
            "hf_" + "x" * 34,
            "hf_" + "abcdefghijklmnopqrstuvwxyzABCDEFGH",
            "sk-your-api-key-goes-here-and-nowhere-else-0000000000000",
            "ghp_" + "A" * 36,
            "sk-estimator-id-1 sk-container-id-1 sk-parallel-item",
            "from transformers import hf_bucket_url_with_a_very_long_function_name_indeed",
            "special_tokens = ['<|startoftext|>', '<pad>', '[CLS]'], tokenizer.convert_tokens_to_ids_with_offsets",
            "https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX",
            "cohere is a company; see commit 0123456789abcdef0123456789abcdef01234567",
        ],
    )
    def test_placeholders_words_and_examples(self, text: str) -> None:
        assert find_tokens(text) == []

    def test_hashes_need_more_than_the_name_of_a_provider(self) -> None:
        digest = random.Random(2).randbytes(20).hex()
        for text in (
            f"wandb @ git+https://github.com/wandb/wandb@{digest}",
            f"wandb==0.1 --hash=sha1:{digest}",
            f"# wandb commit {digest}",
            f'revision = "{digest}"  # of wandb',
            f"wandb client sha1={digest}",
        ):
            assert find_tokens(text) == []

    def test_half_a_token_and_one_inside_other_text(self) -> None:
        token = made_up("groq-api-key")
        assert find_tokens(token[:-1]) == []
        assert find_tokens(token + "a") == []
        assert find_tokens("a" + token) == []

    def test_base64_of_pictures_holds_none(self) -> None:
        source = random.Random(4)
        letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        assert find_tokens("".join(source.choices(letters, k=2_000_000))) == []


@pytest.mark.untraced
class TestTime:
    @pytest.mark.parametrize(
        "piece",
        ["a", "a-", "A1_", "AKIA", "eyJ.", "eyJa-.eyJ", "sk-", "sk-T3BlbkFJ", "xoxb-1-", "://a:", "-----BEGIN ", "SG.", "0Q~",
         ":AA", "1//0", "hvs.", "wandb key=", "sig=", "dp.st.", "_mmk", "jsn", "sl.", "MT.", "glpat-", "secret_access_key", " ", "=", "\n"],
    )  # fmt: skip
    def test_grows_with_the_text_and_no_faster(self, piece: str) -> None:
        def seconds(size: int) -> float:
            text = piece * (size // len(piece))
            begin = time.process_time()
            find_tokens(text)
            return time.process_time() - begin

        seconds(1000)
        small = max(min(seconds(50_000) for _ in range(3)), 1e-3)
        assert seconds(400_000) < 8 * small * 4


class TestOutput:
    def test_no_format_shows_a_token(self, tmp_path: Path, lint: Lint) -> None:
        names = ("hugging-face-token", "groq-api-key", "aws-secret-access-key", "slack-webhook", "github-oauth-token")
        tokens = [made_up(name) for name in names]
        code = f'key = "{tokens[0]}"; other = "{tokens[1]}"  # {tokens[4]}\naws_secret_access_key = "{tokens[2]}"\n'
        notebook = {
            "cells": [
                {"cell_type": "code", "id": "a", "metadata": {}, "outputs": [], "execution_count": 1, "source": code}
            ],
            "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
            "nbformat": 4,
            "nbformat_minor": 5,
        }
        files = {"a.py": code, "a.ipynb": json.dumps(notebook), "b.yaml": f"hook: https://{tokens[3]}\n"}
        root = write_files(tmp_path / "project", files)
        for name in FORMATS:
            result = lint("--isolated", "--level", "production", "--output-format", name, str(root))
            assert "SEC001" in result.out or "provider-token" in result.out or name == "summary", name
            for token in tokens:
                assert token not in result.out + result.err, name
