#!/usr/bin/env bash
# LND on that Bitcoin Core. Its wallet is made over REST, without a question; it unlocks itself at every start.
# shellcheck source=common.sh
. "${NODE_ROOT:-}/opt/timmy-node/common.sh"

mkdir -p "$data/lnd"
secret wallet-password | put 600 "$data/lnd/wallet-password"
put 600 "$data/lnd/lnd.conf" <<CONFIG
[Application Options]
listen=0.0.0.0:9735
rpclisten=127.0.0.1:10009
restlisten=127.0.0.1:8080
tlscertduration=87600h
wallet-unlock-password-file=/root/.lnd/wallet-password
wallet-unlock-allow-create=true

[Bitcoin]
bitcoin.mainnet=true
bitcoin.node=bitcoind

[Bitcoind]
bitcoind.rpchost=127.0.0.1:8332
bitcoind.rpcuser=timmy
bitcoind.rpcpass=$(secret rpc-password)
bitcoind.zmqpubrawblock=tcp://127.0.0.1:28332
bitcoind.zmqpubrawtx=tcp://127.0.0.1:28333
CONFIG

container lnd "$LND_IMAGE" --volume "$data/lnd:/root/.lnd" --stop-timeout 120
answers() { [[ $(lnd_state) =~ ^(NON_EXISTING|LOCKED|UNLOCKED|RPC_ACTIVE|SERVER_ACTIVE)$ ]]; }
wait_for 360 5 answers || fail "LND did not answer within 360 s"

# The words are kept before the wallet is made of them: no wallet is ever without its seed.
seed=$secrets/lnd-seed
take_seed() {
  local words
  [[ ! -s $seed ]] || return 0
  words=$(lnd_rest /v1/genseed | tr -d ' \n' | sed -n 's/.*"cipher_seed_mnemonic":\[\([a-z",]*\)\].*/\1/p') || return 1
  [[ $words =~ ^\"[a-z]+\"(,\"[a-z]+\"){23}$ ]] || return 1
  put 600 "$seed" <<<"$words"
}
make_wallet() {
  printf '{"wallet_password":"%s","cipher_seed_mnemonic":[%s]}' \
    "$(secret wallet-password | base64 | tr -d '\n')" "$(cat "$seed")" |
    lnd_rest /v1/initwallet --data-binary @- >/dev/null
}

if [[ $(lnd_state) == NON_EXISTING ]]; then
  say "the wallet is being made"
  wait_for 60 5 take_seed || fail "LND gave no seed of 24 words"
  # An answer may be lost: then the wallet is there all the same.
  make_wallet || [[ $(lnd_state) != NON_EXISTING ]] || fail "LND's wallet cannot be made"
fi
wait_for 180 3 test -s "$data/lnd/data/chain/bitcoin/mainnet/admin.macaroon" ||
  fail "LND wrote no admin macaroon within 180 s"
