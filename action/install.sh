#!/usr/bin/env bash
# A step of action.yml: puts claimlint below $CLAIMLINT_ROOT, unless the cache has put it there.
set -euo pipefail

fail() {
    echo "claimlint: $*" >&2
    exit 2
}

# Builds this action's own source.
build() {
    command -v cargo >/dev/null || fail "cargo is missing on this runner: install Rust first, or give the input version"
    local cargo=(cargo)
    if command -v rustup >/dev/null; then
        rustup toolchain install stable --profile minimal --no-self-update
        cargo=(cargo +stable)
    fi
    CARGO_TARGET_DIR="$RUNNER_TEMP/claimlint-target" "${cargo[@]}" install --locked --force \
        --path "$GITHUB_ACTION_PATH" --root "$CLAIMLINT_ROOT"
}

# Fetches a released program, and checks it against the release's checksums.
fetch() {
    local target ending=tar.gz name base folder
    case "${RUNNER_OS:-}-${RUNNER_ARCH:-}" in
    Linux-X64) target=x86_64-unknown-linux-musl ;;
    Linux-ARM64) target=aarch64-unknown-linux-musl ;;
    macOS-X64) target=x86_64-apple-darwin ;;
    macOS-ARM64) target=aarch64-apple-darwin ;;
    Windows-X64) target=x86_64-pc-windows-msvc ending=zip ;;
    *) fail "no release for ${RUNNER_OS:-this system} on ${RUNNER_ARCH:-this processor}: leave out the input version" ;;
    esac
    [ -n "${CLAIMLINT_REPOSITORY:-}" ] ||
        fail "the action is used from a local path, which has no releases: leave out the input version"
    name="claimlint-$CLAIMLINT_VERSION-$target"
    base="$GITHUB_SERVER_URL/$CLAIMLINT_REPOSITORY/releases/download/v$CLAIMLINT_VERSION"
    folder=$(mktemp -d "$RUNNER_TEMP/claimlint-fetch.XXXXXX")
    cd "$folder"
    for file in "$name.$ending" SHA256SUMS; do
        curl --fail --silent --show-error --location --proto '=https' --retry 3 --output "$file" "$base/$file"
    done
    grep -F "  $name.$ending" SHA256SUMS >expected || fail "the release's SHA256SUMS does not list $name.$ending"
    if command -v sha256sum >/dev/null; then sha256sum -c expected; else shasum -a 256 -c expected; fi ||
        fail "$name.$ending is not what the release's SHA256SUMS says"
    if [ "$ending" = zip ]; then unzip -q "$name.zip"; else tar -xzf "$name.tar.gz"; fi
    mkdir -p "$CLAIMLINT_ROOT/bin"
    cp "$name"/claimlint* "$CLAIMLINT_ROOT/bin/"
}

if [ "${CLAIMLINT_CACHED:-}" != true ]; then
    if [ -n "${CLAIMLINT_VERSION:-}" ]; then fetch; else build; fi
fi
"$CLAIMLINT_ROOT/bin/claimlint" --version
