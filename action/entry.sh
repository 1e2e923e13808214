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

# Lints once: the log for people on standard output, all other reports into files. Findings do not
# fail it, whatever cannot be linted does. Source lines in the log must not be taken for workflow
# commands, so these are stopped meanwhile.
lint() {
    local token status=0
    token=$("$venv/bin/python" -c 'import secrets; print(secrets.token_hex(16))')
    echo "::stop-commands::$token"
    FORCE_COLOR=1 "$venv/bin/nftlint" check "${options[@]}" --exit-zero --output-format full \
        "--output=sarif=$reports/sarif" "--output=concise=$reports/concise" \
        "--output=github=$reports/github" "--output=rdjson=$reports/rdjson" \
        -- "${paths[@]}" || status=$?
    echo "::$token::"
    return "$status"
}

# Only what this run wrote becomes the SARIF log: one that lies there from before is none of its.
deliver() {
    if ! mkdir -p -- "$(dirname -- "$sarif")" || ! cp -- "$reports/sarif" "$sarif"; then
        fail "the SARIF log cannot be written where the input sarif-file says"
    fi
}

count_results() {
    "$venv/bin/python" -c '
import json, sys
with open(sys.argv[1], encoding="utf-8") as log:
    results = [result for run in json.load(log)["runs"] for result in run["results"]]
    print(sum(not result.get("suppressions") for result in results))' "$1"
}

# Indented, so that nothing in it is taken for Markdown; cut, since GitHub takes 1 MiB.
write_summary() {
    {
        echo "### nftlint: $1 finding(s)"
        echo
        sed -n '1,1000s/^/    /p' "$reports/concise"
    } >>"${GITHUB_STEP_SUMMARY:-/dev/null}"
}

# The safe fixes as suggestions in the pull request's review.
suggest() {
    command -v reviewdog >/dev/null ||
        fail "the input suggestions needs reviewdog; install it with reviewdog/action-setup first"
    reviewdog -name=nftlint -f=rdjson -reporter=github-pr-review -fail-level=none <"$reports/rdjson" ||
        echo "::warning title=nftlint::reviewdog could not post the suggestions"
}

venv=$RUNNER_TEMP/nftlint-venv
reports=$(mktemp -d "$RUNNER_TEMP/nftlint-reports.XXXXXX")
trap 'rm -rf "$reports"' EXIT
sarif=${INPUT_SARIF_FILE:-nftlint.sarif}
[[ $sarif != *$'\n'* && $sarif != - ]] || fail "the input sarif-file must be the name of a file"
is_true fail-on-findings "${INPUT_FAIL_ON_FINDINGS:=true}" || true
is_true annotations "${INPUT_ANNOTATIONS:=true}" || true
is_true suggestions "${INPUT_SUGGESTIONS:=false}" || true

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
lint || status=$?
[ -s "$reports/sarif" ] || fail "nftlint could not run; the log above says why"
deliver
count=$(count_results "$sarif")
printf 'count=%s\nsarif-file=%s\n' "$count" "$sarif" >>"$GITHUB_OUTPUT"

if is_true annotations "$INPUT_ANNOTATIONS"; then cat "$reports/github"; fi
write_summary "$count"
if is_true suggestions "$INPUT_SUGGESTIONS"; then suggest; fi

if [ "$status" -ne 0 ]; then exit "$status"; fi
if [ "$count" -gt 0 ] && is_true fail-on-findings "$INPUT_FAIL_ON_FINDINGS"; then exit 1; fi
