# -- Identity ---------------------------------------------------------------------------------------------------------

identity_section() {
  section identity || return 0
  check "a login begins with a challenge" challenge
  check "a challenge is for a key" challenge_refused
  check "an unsigned event logs nobody in" forged_event
  check "an invalid token is 401 everywhere, never anonymous" bad_token
  check "an invalid signed call is 401" bad_signed_call
  check "an anonymous caller has no standing" nobody
  check "a signed challenge logs in" login
  check "a challenge is valid once" challenge_once
  check "an event that was signed for another site logs nobody in" other_site
  check "a key that logged in has a standing, and begins as new" standing
  check "a new identity is gated: pays the full price" new_is_gated
  check "what an identity orders shows its tier" order_of_identity
}

KEY=79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798
challenge() {
  call POST /api/identity/challenge "{\"pubkey\":\"$KEY\"}"
  answered 200
  is_there "challenge" "$(value challenge)"
  is_there "expiresAt" "$(value expiresAt)"
  first=$(value challenge)
  call POST /api/identity/challenge "{\"pubkey\":\"$KEY\"}"
  [ "$(value challenge)" != "$first" ] || blame "two challenges are the same"
}
challenge_refused() {
  for given in '{}' '{"pubkey":"me"}'; do
    call POST /api/identity/challenge "$given"
    problem 400 INVALID_REQUEST
  done
}
forged_event() {
  call POST /api/identity/challenge "{\"pubkey\":\"$KEY\"}"
  tags="[[\"relay\",\"$BASE\"],[\"challenge\",\"$(value challenge)\"]]"
  id=$(long 64 | tr x 1)
  call POST /api/identity/verify "{\"event\":{\"id\":\"$id\",\"pubkey\":\"$KEY\",\"created_at\":1,\"kind\":22242,\"tags\":$tags,\"content\":\"\",\"sig\":\"$id$id\"}}"
  problem 401 NOSTR_EVENT_INVALID
}
bad_token() {
  for path in "$ESTIMATE" /api/identity/me "/api/jobs/$UNKNOWN"; do
    call GET "$path" "" "X-Nostr-Token: $KEY.9999999999.$(long 43)"
    problem 401 NOSTR_TOKEN_INVALID
  done
  call POST /api/jobs '{"request":"Say hello","nostr_token":"nonsense"}'
  problem 401 NOSTR_TOKEN_INVALID
}
bad_signed_call() {
  call GET /api/identity/me "" "Authorization: Nostr bm9uc2Vuc2U="
  problem 401 NOSTR_EVENT_INVALID
}
nobody() {
  call GET /api/identity/me
  problem 401 NOSTR_LOGIN_REQUIRED
  is_there "WWW-Authenticate" "$(header www-authenticate)"
}

NO_SIGNER="TESTKIT_SIGNER names no command that signs"
# sign KIND TAGS: prints the event.
sign() {
  # shellcheck disable=SC2086 # a command with its arguments
  printf '{"kind":%s,"tags":%s,"content":""}' "$1" "$2" | $SIGNER
}
pubkey=
nostr_token=
login_event=
login() {
  if [ -z "$SIGNER" ]; then skip "$NO_SIGNER"; return; fi
  pubkey=$(value pubkey "$(sign 1 '[]')")
  call POST /api/identity/challenge "{\"pubkey\":\"$pubkey\"}"
  answered 200
  login_event=$(sign 22242 "[[\"relay\",\"$BASE\"],[\"challenge\",\"$(value challenge)\"]]")
  call POST /api/identity/verify "{\"pubkey\":\"$pubkey\",\"event\":$login_event}"
  answered 200
  is "pubkey" "$(value pubkey)" "$pubkey"
  is "trust_tier" "$(value trust_tier)" new
  nostr_token=$(value nostr_token)
  is_there "nostr_token" "$nostr_token"
  is_there "expiresAt" "$(value expiresAt)"
}
challenge_once() {
  if [ -z "$SIGNER" ]; then skip "$NO_SIGNER"; return; fi
  call POST /api/identity/verify "{\"event\":$login_event}"
  problem 401 NOSTR_CHALLENGE_INVALID
}
other_site() {
  if [ -z "$SIGNER" ]; then skip "$NO_SIGNER"; return; fi
  call POST /api/identity/challenge "{\"pubkey\":\"$pubkey\"}"
  elsewhere=$(sign 22242 "[[\"relay\",\"https://elsewhere.example\"],[\"challenge\",\"$(value challenge)\"]]")
  call POST /api/identity/verify "{\"event\":$elsewhere}"
  problem 401 NOSTR_EVENT_INVALID
}
standing() {
  if [ -z "$SIGNER" ]; then skip "$NO_SIGNER"; return; fi
  call GET /api/identity/me "" "X-Nostr-Token: $nostr_token"
  answered 200
  is "pubkey" "$(value pubkey)" "$pubkey"
  is "trust_tier" "$(value trust_tier)" new
  is "trust_score" "$(value trust_score)" 0
  is "sats_absorbed_today" "$(value sats_absorbed_today)" 0
  is "daily_budget_sats" "$(value daily_budget_sats)" 0
}
new_is_gated() {
  if [ -z "$SIGNER" ]; then skip "$NO_SIGNER"; return; fi
  call GET "$ESTIMATE" "" "X-Nostr-Token: $nostr_token"
  answered 200
  is "trust_tier" "$(value trust_tier)" new
  is "serve" "$(value serve)" gate
  is "chargeSats" "$(value chargeSats)" "$(value estimatedSats)"
}
order_of_identity() {
  if [ -z "$SIGNER" ]; then skip "$NO_SIGNER"; return; fi
  call POST /api/jobs '{"request":"Write a haiku about names"}' "X-Nostr-Token: $nostr_token"
  answered 201
  is "trust_tier" "$(value trust_tier)" new
  call POST "/api/jobs/$(value jobId)/cancel" "" "X-Refund-Token: $(value refundToken)"
  is "trust_tier" "$(value trust_tier)" new
}

