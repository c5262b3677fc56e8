#!/usr/bin/env bash
# A step of action.yml: says where claimlint goes and what a kept one is known by.
set -euo pipefail

digest() { if command -v sha256sum >/dev/null; then sha256sum "$@"; else shasum -a 256 "$@"; fi; }

version=${CLAIMLINT_VERSION:-}
if [ -n "$version" ]; then
    if ! [[ "$version" =~ ^[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?$ ]]; then
        echo "claimlint: the input version is no version such as 0.1.0" >&2
        exit 2
    fi
    key="v$version"
else
    # The same source gives the same program.
    cd "$GITHUB_ACTION_PATH"
    key=$(for path in Cargo.toml Cargo.lock build.rs src rules schemas; do
        if [ -e "$path" ]; then find "$path" -type f; fi
    done | LC_ALL=C sort | while IFS= read -r file; do digest "$file"; done | digest | cut -d ' ' -f 1)
fi
{
    echo "root=$RUNNER_TEMP/claimlint"
    echo "key=$key"
} >>"$GITHUB_OUTPUT"
