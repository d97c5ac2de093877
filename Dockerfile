# docker build -t repro-lint .
# docker run --rm -v "$PWD:/repository:ro" repro-lint --level production .
FROM python:3.13.15-slim-trixie@sha256:7c61056e61ac89e852de05f3dc6fa51a6dd2181797bceed46aa725dd7cb2cd3b AS build
WORKDIR /build
COPY requirements-build.lock ./
RUN python -m pip install --no-cache-dir --require-hashes -r requirements-build.lock
COPY pyproject.toml README.md LICENSE ./
COPY src/ src/
COPY rules/ rules/
RUN python -m pip wheel --no-cache-dir --no-deps --no-build-isolation --wheel-dir wheels .

FROM python:3.13.15-slim-trixie@sha256:7c61056e61ac89e852de05f3dc6fa51a6dd2181797bceed46aa725dd7cb2cd3b
# Git lists the files of a repository and knows what it ignores. The repository belongs to somebody else here.
RUN apt-get update \
    # repro-lint: ignore[floating-system-package] Debian's mirrors keep one version of git, which changes under the same image
    && apt-get install --yes --no-install-recommends git \
    && rm -rf /var/lib/apt/lists/* \
    && git config --system --add safe.directory '*'
RUN --mount=type=bind,source=requirements.lock,target=/requirements.lock \
    python -m pip install --no-cache-dir --require-hashes -r /requirements.lock
RUN --mount=type=bind,from=build,source=/build/wheels,target=/wheels \
    python -m pip install --no-cache-dir --no-deps --no-index /wheels/*.whl
RUN useradd --uid 1000 linter
USER 1000
WORKDIR /repository
ENTRYPOINT ["repro-lint"]
