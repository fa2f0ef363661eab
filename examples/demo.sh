#!/bin/sh
# Archives the example pages twice and shows what can be asked of the archive. Run by `make demo`.
set -eu
cd "$(dirname "$0")/.."
bin=${BIN:-.venv/bin}
pages=examples/pages
CLEANCOPY_ARCHIVE=$(mktemp -d "${TMPDIR:-/tmp}/cleancopy-demo.XXXXXX")/archive
export CLEANCOPY_ARCHIVE

say() { printf '\n\033[1m%s\033[0m\n' "$*"; }
run() { say "\$ cleancopy $*"; "$bin/cleancopy" "$@"; }

# the two folders hold the same paths, so the second run meets the same documents again
run ingest "$pages/monday"
run ingest "$pages/tuesday"
run log
run diff 1 2
run diff 1 2 karabakh-desk.example/2020-11-25-mine-clearance.html
run explain the-harbour-wire.example/2020-11-05-heights.txt
run verify
say "The archive is in $CLEANCOPY_ARCHIVE"
