#!/bin/sh
# Prints the admin key of LNbits' first wallet, for LNBITS_API_KEY; `--invoice` the invoice/read key instead.
# Makes the wallet where there is none.
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

case ${1:-} in
  '') key=adminkey ;;
  --invoice) key=inkey ;;
  *) fail "Usage: $0 [--invoice]" ;;
esac
[ -s "$secrets/lnbits-password" ] || fail "There is no password in $secrets: run $(dirname "$0")/setup.sh"
lnbits_answers || fail "LNbits does not answer at $lnbits_url: run $(dirname "$0")/start.sh"

# Passwords and tokens go by standard input, so that no list of processes shows them.
token=$(printf '{"username":"%s","password":"%s"}' "$lnbits_user" "$(secret lnbits-password)" |
  curl --silent --fail --max-time 30 --header 'Content-Type: application/json' --data-binary @- \
    "$lnbits_url/api/v1/auth" | field access_token) || token=
[ -n "$token" ] || fail "LNbits did not take the password of $lnbits_user in $secrets/lnbits-password"

# ask PATH [CURL-OPTION...]
ask() {
  ask_path=$1
  shift
  printf 'header = "Authorization: Bearer %s"\n' "$token" |
    curl --silent --fail --max-time 30 --config - "$@" "$lnbits_url$ask_path"
}
# The first key in an answer.
first_key() { tr -d ' \n' | grep -o "\"$key\":\"[0-9a-f]*\"" | head -n 1 | sed 's/.*:"\([0-9a-f]*\)"/\1/'; }

found=$(ask /api/v1/wallets | first_key) || found=
if [ -z "$found" ]; then
  found=$(ask /api/v1/wallet --header 'Content-Type: application/json' --data-binary '{"name":"Timmy"}' | first_key) || found=
fi
[ -n "$found" ] || fail "LNbits gave no wallet"
say "$found"
