#!/usr/bin/env bash
# A step of action.yml: checks the reports, annotates them, writes SARIF and the job's summary, and ends with claimlint's exit status.
set -euo pipefail

paths=()
while IFS= read -r path; do
    # Lists in YAML come with blanks and empty lines around their items.
    path="${path#"${path%%[![:space:]]*}"}"
    path="${path%"${path##*[![:space:]]}"}"
    if [ -n "$path" ]; then paths+=("$path"); fi
done <<<"${CLAIMLINT_PATHS:-}"
if [ "${#paths[@]}" -eq 0 ]; then
    echo "claimlint: the input paths is empty: give files, folders or patterns, one to a line" >&2
    echo "status=2" >>"$GITHUB_OUTPUT"
    exit 2
fi

sarif="$RUNNER_TEMP/claimlint.sarif"
options=(--format=github --output="sarif=$sarif")
if [ -n "${GITHUB_STEP_SUMMARY:-}" ]; then options+=(--output="markdown=$GITHUB_STEP_SUMMARY"); fi
if [ -n "${CLAIMLINT_CONFIG:-}" ]; then options+=(--config="$CLAIMLINT_CONFIG"); fi
if [ -n "${CLAIMLINT_FAIL_ON:-}" ]; then options+=(--fail-on="$CLAIMLINT_FAIL_ON"); fi

rm -f "$sarif"
status=0
"$CLAIMLINT_ROOT/bin/claimlint" check "${options[@]}" -- "${paths[@]}" </dev/null || status=$?

echo "status=$status" >>"$GITHUB_OUTPUT"
# With another status the file may be missing or end in the middle.
case "$status" in
0 | 1 | 3 | 4) echo "sarif=$sarif" >>"$GITHUB_OUTPUT" ;;
esac
exit "$status"
