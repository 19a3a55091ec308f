#!/bin/sh
# Sets a pruned mainnet node up on a Mac with Apple Silicon: Bitcoin Core, LND and LNbits under launchd.
# Run it again at any time: what is there stays as it is, secrets and settings included.
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

lnbits_version=1.6.2

[ "$(uname -s)" = Darwin ] && [ "$(uname -m)" = arm64 ] || fail "This is for a Mac with Apple Silicon."
command -v brew >/dev/null || fail "Homebrew is missing: see https://brew.sh"
case $node_home in
  *[\&\<\>\"\']*) fail "NODE_HOME has a character that a property list cannot hold: $node_home" ;;
esac

say "Programs"
for formula in bitcoin lnd uv bore-cli; do
  brew list --formula "$formula" >/dev/null 2>&1 || brew install "$formula"
done
prefix=$(brew --prefix)

mkdir -p "$bitcoin_dir" "$lnd_dir" "$lnbits_dir/data" "$lnbits_dir/extensions" "$logs" "$secrets" "$agents"

say "Settings"
rpc_password=$(secret rpc-password)
secret wallet-password >/dev/null
secret lnbits-password >/dev/null
# Whoever has changed one of these keeps the change.
keep() { if [ -s "$1" ]; then cat >/dev/null; else put 600 "$1"; fi; }

keep "$bitcoin_dir/bitcoin.conf" <<CONFIG
server=1
prune=50000
rpcuser=timmy
rpcpassword=$rpc_password
rpcbind=127.0.0.1
rpcallowip=127.0.0.1
zmqpubrawblock=tcp://127.0.0.1:28332
zmqpubrawtx=tcp://127.0.0.1:28333
CONFIG

keep "$lnd_dir/lnd.conf" <<CONFIG
[Application Options]
rpclisten=127.0.0.1:10009
restlisten=127.0.0.1:8080
tlscertduration=87600h
wallet-unlock-password-file=$secrets/wallet-password
wallet-unlock-allow-create=true

[Bitcoin]
bitcoin.mainnet=true
bitcoin.node=bitcoind

[Bitcoind]
bitcoind.rpchost=127.0.0.1:8332
bitcoind.rpcuser=timmy
bitcoind.rpcpass=$rpc_password
bitcoind.zmqpubrawblock=tcp://127.0.0.1:28332
bitcoind.zmqpubrawtx=tcp://127.0.0.1:28333
CONFIG

keep "$lnbits_dir/.env" <<CONFIG
LNBITS_ADMIN_UI=true
LNBITS_DATA_FOLDER=$lnbits_dir/data
LNBITS_EXTENSIONS_PATH=$lnbits_dir/extensions
LNBITS_BACKEND_WALLET_CLASS=LndRestWallet
LND_REST_ENDPOINT=https://127.0.0.1:8080/
LND_REST_CERT=$lnd_dir/tls.cert
LND_REST_MACAROON=$macaroon
AUTH_SECRET_KEY=$(secret lnbits-auth)
AUTH_HTTPS_ONLY=false
FIRST_INSTALL_TOKEN=$(secret lnbits-first-install)
CONFIG

say "LNbits $lnbits_version"
python=$lnbits_dir/venv/bin/python
if ! "$python" -c "import lnbits" 2>/dev/null; then
  uv venv --clear --python 3.12 "$lnbits_dir/venv"
  # bolt11, which LNbits uses, breaks on bitstring 5.
  uv pip install --python "$python" "lnbits==$lnbits_version" "bitstring<5"
fi
# It serves its static files out of the folder that it is started in.
mkdir -p "$lnbits_dir/lnbits"
package=$("$python" -c "import importlib.util as u; print(u.find_spec('lnbits').submodule_search_locations[0])")
rm -f "$lnbits_dir/lnbits/static"
ln -s "$package/static" "$lnbits_dir/lnbits/static"

# plist NAME FOLDER SECONDS-TO-STOP PROGRAM ARGUMENT...: what launchd knows of it. A program that ended well stays down.
plist() {
  plist_name=$1 plist_folder=$2 plist_seconds=$3
  shift 3
  {
    cat <<XML
<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>Label</key><string>$(label "$plist_name")</string>
  <key>ProgramArguments</key>
  <array>
XML
    for word; do printf '    <string>%s</string>\n' "$word"; done
    cat <<XML
  </array>
  <key>WorkingDirectory</key><string>$plist_folder</string>
  <key>KeepAlive</key><dict><key>SuccessfulExit</key><false/></dict>
  <key>ExitTimeOut</key><integer>$plist_seconds</integer>
  <key>ThrottleInterval</key><integer>30</integer>
  <key>StandardOutPath</key><string>$logs/$plist_name.log</string>
  <key>StandardErrorPath</key><string>$logs/$plist_name.log</string>
</dict>
</plist>
XML
  } | put 644 "$agents/$(label "$plist_name").plist"
}

say "launchd"
plist bitcoind "$bitcoin_dir" 600 "$prefix/bin/bitcoind" "-datadir=$bitcoin_dir"
plist lnd "$lnd_dir" 120 "$prefix/bin/lnd" "--lnddir=$lnd_dir"
plist lnbits "$lnbits_dir" 30 "$python" -m uvicorn lnbits.__main__:app --host 127.0.0.1 --port 5000

say "The node is set up in $node_home. Start it: $(dirname "$0")/start.sh"
