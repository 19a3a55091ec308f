#!/usr/bin/env bash
# LNbits on that LND. Its superuser is set at once: else whoever comes first would become it.
# shellcheck source=common.sh
. "${NODE_ROOT:-}/opt/timmy-node/common.sh"

macaroon=$data/lnd/data/chain/bitcoin/mainnet/admin.macaroon
mkdir -p "$data/lnbits"
put 600 "$data/lnbits/lnbits.env" <<CONFIG
HOST=0.0.0.0
PORT=$LNBITS_PORT
LNBITS_ADMIN_UI=true
LNBITS_DATA_FOLDER=/app/data
LNBITS_BACKEND_WALLET_CLASS=LndRestWallet
LND_REST_ENDPOINT=https://127.0.0.1:8080/
LND_REST_CERT=/lnd/tls.cert
LND_REST_MACAROON=/lnd/admin.macaroon
AUTH_SECRET_KEY=$(secret lnbits-auth)
AUTH_HTTPS_ONLY=false
FIRST_INSTALL_TOKEN=$(secret lnbits-first-install)
CONFIG

container lnbits "$LNBITS_IMAGE" --env-file "$data/lnbits/lnbits.env" \
  --volume "$data/lnbits:/app/data" --volume "$data/lnd/tls.cert:/lnd/tls.cert:ro" --volume "$macaroon:/lnd/admin.macaroon:ro"

base=http://127.0.0.1:$LNBITS_PORT
answers() { curl --silent --fail --max-time 10 --output /dev/null "$base/api/v1/health"; }
wait_for 300 5 answers || fail "LNbits did not answer within 300 s"

# 403: it has been done.
set_superuser() {
  local code
  code=$(printf '{"username":"admin","password":"%s","password_repeat":"%s","first_install_token":"%s"}' \
    "$(secret lnbits-password)" "$(secret lnbits-password)" "$(secret lnbits-first-install)" |
    curl --silent --max-time 30 --output /dev/null --write-out '%{http_code}' --request PUT \
      --header 'Content-Type: application/json' --data-binary @- "$base/api/v1/auth/first_install") || return 1
  [[ $code == 200 || $code == 403 ]]
}
wait_for 120 5 set_superuser || fail "LNbits took no superuser"
