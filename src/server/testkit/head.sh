#!/bin/sh
# Tests the very server that serves this script, over HTTP, as a client would. Needs a POSIX shell and curl.
#
#   curl -fsS https://the.server/api/testkit | sh
#
# What it cannot do here is skipped, never failed: it pays nothing with real money. It waits where the server says so.
# The last line is "N passed, N failed, N skipped"; the exit code is 0 if nothing failed.
#
#   TESTKIT_SIGNER  a command that reads {"kind":…,"tags":[…],"content":""} and prints it as a signed Nostr event
#   TESTKIT_ONLY    names of sections, to run only those: server errors estimate demo jobs sessions l402 bootstrap
#                   identity
#   TESTKIT_STOP    anything: end at the first check that fails
#   TESTKIT_PAUSE   seconds between two looks at something that takes its time (1)
# shellcheck disable=SC2329 # the checks are called by their names
set -u
LC_ALL=C
export LC_ALL

BASE='@BASE@'
ONLY=${TESTKIT_ONLY:-}
PAUSE=${TESTKIT_PAUSE:-1}
SIGNER=${TESTKIT_SIGNER:-}
LONGEST_WAIT=90
LOOKS=300

work=$(mktemp -d "${TMPDIR:-/tmp}/testkit.XXXXXX") || exit 2
trap 'rm -rf "$work"' EXIT
trap 'exit 130' HUP INT TERM

# -- Calls ------------------------------------------------------------------------------------------------------------

status=000
body=
patient=yes

# call METHOD PATH [BODY [HEADER …]]: leaves $status and $body, and the headers for `header`. Told to wait, it waits.
call() {
  call_method=$1
  call_path=$2
  call_body=${3:-}
  if [ $# -gt 3 ]; then shift 3; else shift $#; fi
  call_tries=0
  while :; do
    send "$@"
    call_tries=$((call_tries + 1))
    case $status in 429 | 503) ;; *) return 0 ;; esac
    call_wait=$(header retry-after)
    case $call_wait in '' | *[!0-9]*) return 0 ;; esac
    if [ "$patient" != yes ] || [ "$call_tries" -ge 4 ] || [ "$call_wait" -gt "$LONGEST_WAIT" ]; then return 0; fi
    sleep "$call_wait"
  done
}

send() {
  if [ -n "$call_body" ]; then
    has_type=
    for send_header in "$@"; do case $send_header in [Cc]ontent-[Tt]ype:*) has_type=yes ;; esac; done
    [ -n "$has_type" ] || set -- "Content-Type: application/json" "$@"
  fi
  send_count=$#
  while [ "$send_count" -gt 0 ]; do
    set -- "$@" -H "$1"
    shift
    send_count=$((send_count - 1))
  done
  [ -z "$call_body" ] || set -- "$@" --data-binary @-
  : >"$work/head"
  : >"$work/body"
  status=$(printf '%s' "$call_body" | curl -sS --max-time 180 -X "$call_method" -o "$work/body" -D "$work/head" \
    -w '%{http_code}' "$@" "$BASE$call_path" 2>"$work/errors") || status=000
  body=$(cat "$work/body")
}

# header NAME: its value in the last answer.
header() {
  tr -d '\r' <"$work/head" | awk -v wanted="$1" '
    { at = index($0, ":") }
    at && tolower(substr($0, 1, at - 1)) == wanted { sub(/^[^:]*:[ \t]*/, ""); print; exit }'
}

# -- JSON -------------------------------------------------------------------------------------------------------------

# value NAME [JSON]: what the first member of this name holds: a text as it stands in JSON, else a number or word.
value() {
  printf '%s' "${2-$body}" | awk -v name="$1" '
    { text = text $0 }
    END {
      at = index(text, "\"" name "\":")
      if (!at) exit
      rest = substr(text, at + length(name) + 3)
      if (substr(rest, 1, 1) == "\"") {
        rest = substr(rest, 2)
        while (match(rest, /^[^"\\]+/) || match(rest, /^\\./)) {
          found = found substr(rest, 1, RLENGTH)
          rest = substr(rest, RLENGTH + 1)
        }
        print found
      } else if (match(rest, /^[-+.0-9A-Za-z]+/)) print substr(rest, 1, RLENGTH)
    }'
}

# object NAME [JSON]: the object that the first member of this name holds.
object() {
  printf '%s' "${2-$body}" | awk -v name="$1" '
    { text = text $0 }
    END {
      at = index(text, "\"" name "\":{")
      if (!at) exit
      rest = substr(text, at + length(name) + 3)
      for (i = 1; i <= length(rest); i++) {
        c = substr(rest, i, 1)
        if (quoted) { if (c == "\\") i++; else if (c == "\"") quoted = 0 }
        else if (c == "\"") quoted = 1
        else if (c == "{") depth++
        else if (c == "}" && !--depth) { print substr(rest, 1, i); exit }
      }
    }'
}

has() { case ${2-$body} in *"\"$1\":"*) return 0 ;; esac; return 1; }
random() { od -An -tx1 -N16 /dev/urandom | tr -d ' \n'; }
# long N: a text of so many letters.
long() { awk -v n="$1" 'BEGIN { for (i = 0; i < n; i++) printf "x" }'; }

# -- Checks -----------------------------------------------------------------------------------------------------------

number=0
passed=0
failed=0
skipped=0
fault=
reason=

# check TITLE FUNCTION: runs it, and tells what came of it.
check() {
  number=$((number + 1))
  fault=
  reason=
  "$2"
  if [ -n "$fault" ]; then
    failed=$((failed + 1))
    printf 'not ok %d - %s: %s\n' "$number" "$1" "$fault"
    [ -z "${TESTKIT_STOP:-}" ] || finish
  elif [ -n "$reason" ]; then
    skipped=$((skipped + 1))
    printf 'ok %d - %s # SKIP %s\n' "$number" "$1" "$reason"
  else
    passed=$((passed + 1))
    printf 'ok %d - %s\n' "$number" "$1"
  fi
}

finish() {
  printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
  if [ "$failed" -eq 0 ]; then exit 0; else exit 1; fi
}

# The first fault is the one that is told.
blame() { [ -n "$fault" ] || fault=$(printf '%s' "$1" | tr '\n' ' ' | cut -c 1-300); }
skip() { reason=$1; }
is() { [ "$2" = "$3" ] || blame "$1 is '$2' instead of '$3'"; }
# Whole numbers, compared as such.
is_number() { case $2 in '' | *[!0-9]*) blame "$1 is '$2', which is no whole number" ;; esac; }
is_at_most() {
  is_number "$1" "$2"
  is_number "what $1 is held against" "$3"
  [ -n "$fault" ] || [ "$2" -le "$3" ] || blame "$1 is $2, more than $3"
}
is_there() { [ -n "$2" ] || blame "$1 is missing"; }
answered() { [ "$status" = "$1" ] || blame "$call_method $call_path answered $status instead of $1: $body"; }
# problem STATUS CODE: the last answer is this problem document, as RFC 9457 wants it.
problem() {
  answered "$1"
  case $(header content-type) in application/problem+json*) ;; *) blame "its content type is '$(header content-type)'" ;; esac
  is "code" "$(value code)" "$2"
  is "status in the body" "$(value status)" "$1"
  is "type" "$(value type)" "/docs#$2"
  is_there "title" "$(value title)"
  is_there "detail" "$(value detail)"
}
retries_after() { is_number "Retry-After" "$(header retry-after)"; }

section() {
  case " $ONLY " in "  " | *" $1 "*) ;; *) return 1 ;; esac
  printf '# %s\n' "$1"
}

