# -- Sessions ---------------------------------------------------------------------------------------------------------

sessions_section() {
  section sessions || return 0
  find_abilities
  check "a deposit has its limits" deposit_limits
  check "a session is opened, with its credential and the invoice of the deposit" session_made
  check "without a credential a session is closed to everybody" session_closed
  check "the credential opens nothing before the deposit is paid" session_unpaid
  check "paid, it is active, with the deposit as its balance" session_active
  check "credential and preimage together work too (L402)" session_l402
  check "an altered credential is 401" altered_macaroon
  check "the credential of another session is 401" foreign_macaroon
  check "a request is answered and paid from the balance" session_asked
  check "its answer remains available" answer_stays
  check "an answer can be streamed" session_streamed
  check "the history lists every request" session_history
  check "a request that is turned down costs at most the fee for judging" session_turned_down
  check "a request that fails costs nothing" session_fails
  check "a top-up gets an invoice" topup_made
  check "a second top-up is 409 while the first is unpaid" topup_pending
  check "the top-up is paid, and is in the balance" topup_paid
  check "too little on the balance is 402, and says how much is missing" too_little
  check "change of a job can go into a session" refund_into_session
  check "a session is closed by who has the token, and the rest is owed" session_ends
  check "a closed session takes no request" session_over
}

# make_session SATS
make_session() {
  call POST /api/sessions "{\"amountSats\":$1}"
  answered 201
  made=$(value sessionId)
  made_macaroon=$(value macaroon)
  made_token=$(value refundToken)
  made_hash=$(value paymentHash "$(object depositInvoice)")
}
# ask REQUEST [HEADER]
ask() {
  ask_body="{\"request\":\"$1\"}"
  shift
  call POST "/api/sessions/$session/request" "$ask_body" "Authorization: Bearer $macaroon" "$@"
}
balance_now() {
  call GET "/api/sessions/$session" "" "Authorization: Bearer $macaroon"
  value balanceSats
}

DEPOSIT=2000
session=
macaroon=
session_token=
session_hash=
session_preimage=
poor=
request_id=
asked=0
deposit_limits() {
  for sats in 99 100001 1.5 -1; do
    call POST /api/sessions "{\"amountSats\":$sats}"
    problem 400 INVALID_REQUEST
  done
}
session_made() {
  make_session "$DEPOSIT"
  session=$made macaroon=$made_macaroon session_token=$made_token session_hash=$made_hash
  is "state" "$(value state)" awaiting_payment
  is "trust_tier" "$(value trust_tier)" anonymous
  is_there "sessionId" "$session"
  is_there "macaroon" "$macaroon"
  is_there "refundToken" "$session_token"
  is "length of paymentHash" "${#session_hash}" 64
  is "amountSats" "$(value amountSats "$(object depositInvoice)")" "$DEPOSIT"
}
session_closed() {
  call GET "/api/sessions/$session"
  problem 401 CREDENTIAL_MISSING
  is_there "WWW-Authenticate" "$(header www-authenticate)"
  call POST "/api/sessions/$session/request" '{"request":"Say hello"}'
  problem 401 CREDENTIAL_MISSING
}
session_unpaid() {
  ask "Say hello"
  problem 401 DEPOSIT_UNPAID
}
session_active() {
  if [ -z "$payable" ]; then skip "$NO_MONEY"; return; fi
  pay "$session_hash"
  session_preimage=$preimage
  looks=0
  while call GET "/api/sessions/$session" "" "Authorization: Bearer $macaroon" && [ "$status" = 401 ] && [ "$looks" -lt 30 ]; do
    looks=$((looks + 1))
    sleep "$PAUSE"
  done
  answered 200
  is "state" "$(value state)" active
  is "balanceSats" "$(value balanceSats)" "$DEPOSIT"
  is "owedSats" "$(value owedSats)" 0
  is "sessionId" "$(value sessionId)" "$session"
}
session_l402() {
  if [ -z "$payable" ]; then skip "$NO_MONEY"; return; fi
  for scheme in L402 LSAT; do
    call GET "/api/sessions/$session" "" "Authorization: $scheme $macaroon:$session_preimage"
    answered 200
    is "sessionId" "$(value sessionId)" "$session"
  done
  call GET "/api/sessions/$session" "" "Authorization: L402 $macaroon:$(long 64 | tr x 0)"
  problem 401 CREDENTIAL_INVALID
}
altered_macaroon() {
  middle=$((${#macaroon} / 2))
  altered=$(printf '%s' "$macaroon" | awk -v at="$middle" '{ c = substr($0, at, 1); print substr($0, 1, at - 1) (c == "A" ? "B" : "A") substr($0, at + 1) }')
  call GET "/api/sessions/$session" "" "Authorization: Bearer $altered"
  problem 401 CREDENTIAL_INVALID
  call GET "/api/sessions/$session" "" "Authorization: Bearer nonsense"
  problem 401 CREDENTIAL_INVALID
}
foreign_macaroon() {
  make_session 100
  poor=$made poor_macaroon=$made_macaroon poor_hash=$made_hash poor_token=$made_token
  if [ -n "$payable" ]; then pay "$poor_hash"; fi
  call GET "/api/sessions/$session" "" "Authorization: Bearer $poor_macaroon"
  if [ -n "$payable" ]; then problem 401 CREDENTIAL_INVALID; else answered 401; fi
}
session_asked() {
  if [ -z "$payable" ]; then skip "$NO_MONEY"; return; fi
  ask "Write a haiku about thrift"
  answered 200
  is "state" "$(value state)" complete
  is_there "result" "$(value result)"
  request_id=$(value requestId)
  is_there "requestId" "$request_id"
  is_number debitedSats "$(value debitedSats)"
  [ -z "$fault" ] || return 0
  is "actualAmountSats" "$(value actualAmountSats "$(object costLedger)")" "$(value debitedSats)"
  is "balance and debit" "$(($(value balanceSats) + $(value debitedSats)))" "$DEPOSIT"
  is_at_most "what was debited" 1 "$(value debitedSats)"
  asked=$((asked + 1))
}
answer_stays() {
  if [ -z "$payable" ]; then skip "$NO_MONEY"; return; fi
  call GET "/api/sessions/$session/requests/$request_id" "" "Authorization: Bearer $macaroon"
  answered 200
  is "requestId" "$(value requestId)" "$request_id"
  is_there "result" "$(value result)"
  call GET "/api/sessions/$session/requests/$UNKNOWN" "" "Authorization: Bearer $macaroon"
  problem 404 REQUEST_NOT_FOUND
}
session_streamed() {
  if [ -z "$payable" ]; then skip "$NO_MONEY"; return; fi
  ask "Write a haiku about brooks" "Accept: text/event-stream"
  answered 200
  case $(header content-type) in text/event-stream*) ;; *) blame "its content type is '$(header content-type)'" ;; esac
  case $body in *"event: delta"*"event: done"*) ;; *) blame "that is no stream of an answer: $body" ;; esac
  finished=$(printf '%s\n' "$body" | awk '/^event: done/ { getline; sub(/^data: */, ""); print; exit }')
  is "state" "$(value state "$finished")" complete
  is_number "debitedSats" "$(value debitedSats "$finished")"
  asked=$((asked + 1))
}
session_history() {
  if [ -z "$payable" ]; then skip "$NO_MONEY"; return; fi
  call GET "/api/sessions/$session" "" "Authorization: Bearer $macaroon"
  answered 200
  is "number of requests" "$(printf '%s' "$body" | awk '{ n += gsub(/"requestId":/, "") } END { print n + 0 }')" "$asked"
  case $body in *"\"$request_id\""*) ;; *) blame "the first request is not in it" ;; esac
}
session_turned_down() {
  if [ -z "$payable" ]; then skip "$NO_MONEY"; return; fi
  if [ -z "$canned" ]; then skip "a real model judges here"; return; fi
  call GET "$ESTIMATE"
  fee=$(value evalFeeSats)
  before=$(balance_now)
  ask "Turn this down, please [reject]"
  answered 200
  is "state" "$(value state)" rejected
  is_there "reason" "$(value reason)"
  is_at_most "debitedSats" "$(value debitedSats)" "$fee"
  [ -n "$fault" ] || is "balance and debit" "$(($(value balanceSats) + $(value debitedSats)))" "$before"
}
session_fails() {
  if [ -z "$payable" ]; then skip "$NO_MONEY"; return; fi
  if [ -z "$canned" ]; then skip "a real model works here"; return; fi
  before=$(balance_now)
  ask "Fail at this, please [refuse]"
  answered 200
  is "state" "$(value state)" failed
  is "debitedSats" "$(value debitedSats)" 0
  is "balanceSats" "$(value balanceSats)" "$before"
}
topup_hash=
topup_made() {
  if [ -z "$payable" ]; then skip "$NO_MONEY"; return; fi
  call POST "/api/sessions/$session/topup" '{"amountSats":300}' "Authorization: Bearer $macaroon"
  answered 201
  topup_hash=$(value paymentHash "$(object topupInvoice)")
  is "length of paymentHash" "${#topup_hash}" 64
  is "amountSats" "$(value amountSats "$(object topupInvoice)")" 300
}
topup_pending() {
  if [ -z "$payable" ]; then skip "$NO_MONEY"; return; fi
  call POST "/api/sessions/$session/topup" '{"amountSats":400}' "Authorization: Bearer $macaroon"
  problem 409 TOPUP_PENDING
  is "the pending one" "$(value paymentHash "$(object pendingTopup)")" "$topup_hash"
}
topup_paid() {
  if [ -z "$payable" ]; then skip "$NO_MONEY"; return; fi
  before=$(balance_now)
  pay "$topup_hash"
  looks=0
  while now=$(balance_now) && [ "$now" = "$before" ] && [ "$looks" -lt 30 ]; do
    looks=$((looks + 1))
    sleep "$PAUSE"
  done
  is_number "balanceSats" "$now"
  [ -n "$fault" ] || is "balanceSats" "$now" $((before + 300))
  call GET "/api/sessions/$session" "" "Authorization: Bearer $macaroon"
  is "pendingTopup" "$(value pendingTopup)" null
}
too_little() {
  if [ -z "$payable" ]; then skip "$NO_MONEY"; return; fi
  tries=0
  while call POST "/api/sessions/$poor/request" "{\"request\":\"$(long 480)\"}" "Authorization: Bearer $poor_macaroon" &&
    [ "$status" = 200 ] && [ "$tries" -lt 20 ]; do tries=$((tries + 1)); done
  problem 402 BALANCE_TOO_LOW
  for name in requiredSats balanceSats missingSats; do is_number "$name" "$(value "$name")"; done
  [ -n "$fault" ] || is "missing" "$(value missingSats)" "$(($(value requiredSats) - $(value balanceSats)))"
  is_there "how to top up" "$(object topup)"
}
refund_into_session() {
  if [ -z "$payable" ]; then skip "$NO_MONEY"; return; fi
  make_job "Write a haiku about returning"
  pay "$hash"
  until_state "$id" awaiting_work_payment
  pay "$(value paymentHash "$(object workInvoice)")"
  until_state "$id" complete
  change=$(value owedSats)
  if [ "$change" = 0 ]; then skip "nothing is owed"; return; fi
  before=$(balance_now)
  call POST "/api/jobs/$id/refund" "{\"refundToken\":\"$token\",\"sessionId\":\"$session\"}"
  answered 200
  now=$(balance_now)
  [ -n "$fault" ] || is "balanceSats" "$now" $((before + change))
}
session_ends() {
  call POST "/api/sessions/$session/close"
  problem 401 REFUND_TOKEN_MISSING
  call POST "/api/sessions/$session/close" '{"refundToken":"wrong"}'
  problem 403 REFUND_TOKEN_WRONG
  before=0
  if [ -n "$payable" ]; then before=$(balance_now); fi
  call POST "/api/sessions/$session/close" "{\"refundToken\":\"$session_token\"}"
  answered 200
  is "state" "$(value state)" closed
  is "balanceSats" "$(value balanceSats)" 0
  is "owedSats" "$(value owedSats)" "$before"
}
session_over() {
  if [ -z "$payable" ]; then skip "$NO_MONEY"; return; fi
  ask "Say hello"
  problem 409 SESSION_NOT_ACTIVE
  call POST "/api/sessions/$poor/close" "{\"refundToken\":\"$poor_token\"}"
}

