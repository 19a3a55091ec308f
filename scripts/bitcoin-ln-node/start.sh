#!/bin/sh
# Starts the node, and whatever of it is down. The first time it makes LND's wallet.
# Run it once more when Bitcoin Core is in sync: LND serves LNbits only from then on.
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

[ -s "$bitcoin_dir/bitcoin.conf" ] || fail "The node is not set up yet: run $(dirname "$0")/setup.sh"

say "Bitcoin Core"
load bitcoind
bitcoin_answers() { bitcoin getblockchaininfo >/dev/null 2>&1; }
wait_for 300 5 bitcoin_answers || fail "Bitcoin Core did not answer within 300 s. Look at $logs/bitcoind.log"

say "LND"
load lnd
lnd_answers() { case $(lnd_state) in NON_EXISTING | LOCKED | UNLOCKED | RPC_ACTIVE | SERVER_ACTIVE) ;; *) return 1 ;; esac }
wait_for 360 5 lnd_answers || fail "LND did not answer within 360 s. Look at $logs/lnd.log"

# The words are kept before the wallet is made of them: no wallet is ever without its seed.
seed=$secrets/lnd-seed
take_seed() {
  [ ! -s "$seed" ] || return 0
  words=$(lnd_rest /v1/genseed | tr -d ' \n' | sed -n 's/.*"cipher_seed_mnemonic":\[\([a-z",]*\)\].*/\1/p')
  [ "$(printf '%s' "$words" | tr -cd ',' | wc -c)" -eq 23 ] || return 1
  printf '%s' "$words" | put 600 "$seed"
}
make_wallet() {
  printf '{"wallet_password":"%s","cipher_seed_mnemonic":[%s]}' \
    "$(secret wallet-password | base64 | tr -d '\n')" "$(cat "$seed")" |
    lnd_rest /v1/initwallet --data-binary @- >/dev/null
}
has_wallet() { [ "$(lnd_state)" != NON_EXISTING ]; }
case $(lnd_state) in
  NON_EXISTING)
    wait_for 60 5 take_seed || fail "LND gave no seed of 24 words"
    # An answer may be lost: then the wallet is there all the same.
    make_wallet || has_wallet || fail "LND's wallet cannot be made"
    say "LND's wallet was made. Keep a copy of its seed in a safe place: $seed"
    ;;
  LOCKED)
    # From standard input, so that no list of processes shows it. LND may have done so by itself meanwhile.
    secret wallet-password | lightning unlock --stdin >/dev/null || [ "$(lnd_state)" != LOCKED ] ||
      fail "LND's wallet cannot be unlocked with the password in $secrets/wallet-password"
    ;;
esac
wait_for 180 3 test -s "$macaroon" || fail "LND wrote no admin macaroon within 180 s"

say "LNbits"
load lnbits
wait_for 300 5 lnbits_answers ||
  fail "LNbits did not answer within 300 s. Look at $logs/lnbits.log. Does AirPlay Receiver have port 5000?"
# Its superuser is set at once: else whoever comes first would become it. 403: it has been done.
set_superuser() {
  code=$(printf '{"username":"%s","password":"%s","password_repeat":"%s","first_install_token":"%s"}' \
    "$lnbits_user" "$(secret lnbits-password)" "$(secret lnbits-password)" "$(secret lnbits-first-install)" |
    curl --silent --max-time 30 --output /dev/null --write-out '%{http_code}' --request PUT \
      --header 'Content-Type: application/json' --data-binary @- "$lnbits_url/api/v1/auth/first_install") || return 1
  [ "$code" = 200 ] || [ "$code" = 403 ]
}
wait_for 120 5 set_superuser || fail "LNbits took no superuser"

# LNbits gives up on a funding source that does not answer at its start.
if [ "$(lnd_state)" = SERVER_ACTIVE ]; then
  if [ ! -e "$joined" ]; then
    launchctl kickstart -k "$domain/$(label lnbits)" >/dev/null
    wait_for 300 5 lnbits_answers || fail "LNbits did not come back. Look at $logs/lnbits.log"
    : >"$joined"
  fi
  say "The node is up: $lnbits_url"
else
  rm -f "$joined"
  say "The node is up and synchronises, which takes 1 to 2 weeks: $(dirname "$0")/status.sh. Then run this once more."
fi
