#!/usr/bin/env bash
# What the GitHub action runs: installs nftlint from the action's own checkout, lints, and reports
# as log, annotations, job summary, SARIF and outputs. All inputs come through the environment.
set -euo pipefail

: "${GITHUB_ACTION_PATH:?}" "${GITHUB_OUTPUT:?}" "${RUNNER_TEMP:?}"

fail() {
    echo "::error title=nftlint::$1"
    exit 2
}

is_true() {
    case $2 in
    true) return 0 ;;
    false) return 1 ;;
    *) fail "the input $1 must be true or false" ;;
    esac
}

install() {
    [ ! -x "$venv/bin/nftlint" ] || return 0
    echo "::group::Install nftlint"
    "${INPUT_PYTHON:-python3}" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
        fail "Python 3.11 or later is needed; set one up first, or name it in the input python"
    "${INPUT_PYTHON:-python3}" -m venv "$venv"
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check "$GITHUB_ACTION_PATH"
    echo "::endgroup::"
}

# check FORMAT [OPTION…]: findings do not fail it, whatever cannot be linted does.
check() {
    "$venv/bin/nftlint" check "${options[@]}" --exit-zero --output-format "$@" -- "${paths[@]}"
}

# Source lines must not be taken for workflow commands.
print_log() {
    local token
    token=$("$venv/bin/python" -c 'import secrets; print(secrets.token_hex(16))')
    echo "::stop-commands::$token"
    FORCE_COLOR=1 check full 2>/dev/null || true
    echo "::$token::"
}

count_results() {
    "$venv/bin/python" -c '
import json, sys
with open(sys.argv[1], encoding="utf-8") as log:
    print(sum(len(run["results"]) for run in json.load(log)["runs"]))' "$1"
}

# Indented, so that nothing in it is taken for Markdown.
write_summary() {
    {
        echo "### nftlint: $1 finding(s)"
        echo
        check concise 2>/dev/null | sed 's/^/    /' || true
    } >>"${GITHUB_STEP_SUMMARY:-/dev/null}"
}

venv=$RUNNER_TEMP/nftlint-venv
sarif=${INPUT_SARIF_FILE:-nftlint.sarif}
[[ $sarif != *$'\n'* ]] || fail "the input sarif-file must be one line"
is_true fail-on-findings "${INPUT_FAIL_ON_FINDINGS:=true}" || true
is_true annotations "${INPUT_ANNOTATIONS:=true}" || true

options=()
[ -z "${INPUT_CONFIG:-}" ] || options+=("--config=$INPUT_CONFIG")
[ -z "${INPUT_ASSUME_TAG:-}" ] || options+=("--assume-tag=$INPUT_ASSUME_TAG")
paths=()
while IFS= read -r path; do
    [ -z "$path" ] || paths+=("$path")
done <<<"${INPUT_PATHS:-.}"
[ ${#paths[@]} -gt 0 ] || paths=(.)

install
status=0
check sarif "--output=$sarif" || status=$?
[ -s "$sarif" ] || fail "nftlint wrote no report"
count=$(count_results "$sarif")
printf 'count=%s\nsarif-file=%s\n' "$count" "$sarif" >>"$GITHUB_OUTPUT"

print_log
if is_true annotations "$INPUT_ANNOTATIONS"; then check github 2>/dev/null || true; fi
write_summary "$count"

if [ "$status" -ne 0 ]; then exit "$status"; fi
if [ "$count" -gt 0 ] && is_true fail-on-findings "$INPUT_FAIL_ON_FINDINGS"; then exit 1; fi
