# -- Jobs -------------------------------------------------------------------------------------------------------------

jobs_section() {
  section jobs || return 0
  find_abilities
  check "a job is made, with the invoice for judging it" job_made
  check "it waits for its payment" job_waits
  check "the same key and body get the same job" same_key
  check "the same key with another body is 422" other_body
  check "its text stays while it is open" text_stays
  check "the invoice for judging can be paid" pay_judging
  check "paid, it is judged and gets a price" judged
  check "the price is the sum of its parts" breakdown
  check "paid again, it is worked on and done" work_done
  check "the cost ledger adds up" ledger
  check "the change is owed" change_owed
  check "a refund without the token is 401, with a wrong one 403" refund_token
  check "a refund names one way" refund_way
  check "an invoice for another amount is 422" wrong_amount
  check "a withdraw code is given, and is an offer to any wallet" withdraw_code
  check "the change is paid to an invoice" change_paid
  check "what was paid is not paid again" not_again
  check "a finished job cannot be cancelled" cancel_done
  check "an unpaid job can be cancelled, but only with the token" cancel_open
  check "a request that is turned down costs only the judging, and says why" turned_down
  check "work that fails is owed back in full" work_fails
  check "the text of a job can be deleted, its money stays" text_deleted
}

# What this server lets a test do: pay without money, be told canned outcomes, make play invoices.
find_abilities() {
  call GET /api/healthz
  case $(printf '%s' "$body" | tr '[:upper:]' '[:lower:]') in *canned*) canned=yes ;; *) canned= ;; esac
  case $body in *"no machine is made"*) nodes_played=yes ;; *) nodes_played= ;; esac
  call POST "/api/dev/stub/pay/$(long 64 | tr x 0)"
  if [ "$(value code)" = INVOICE_NOT_PAYABLE ]; then payable=yes; else payable=; fi
  call POST /api/dev/stub/invoice '{"amountSats":1}'
  if [ "$status" = 201 ]; then playful=yes; else playful=; fi
}
NO_MONEY="nothing is paid for a test here"

# pay HASH
pay() {
  call POST "/api/dev/stub/pay/$1" '{}'
  answered 200
  preimage=$(value preimage)
}
# play_invoice SATS: leaves it in $invoice.
play_invoice() {
  call POST /api/dev/stub/invoice "{\"amountSats\":$1}"
  answered 201
  invoice=$(value paymentRequest)
}
# until_state ID WANTED…: looks at a job until it is in one of these states.
until_state() {
  until_id=$1
  shift
  looks=0
  while [ "$looks" -lt "$LOOKS" ]; do
    call GET "/api/jobs/$until_id"
    [ "$status" = 200 ] || break
    state=$(value state)
    for wanted in "$@"; do [ "$state" = "$wanted" ] && return 0; done
    case $state in rejected | failed | expired | cancelled) break ;; esac
    looks=$((looks + 1))
    sleep "$PAUSE"
  done
  blame "job $until_id did not become $1: $status $body"
}
make_job() {
  call POST /api/jobs "{\"request\":\"$1\"}"
  answered 201
  id=$(value jobId)
  token=$(value refundToken)
  hash=$(value paymentHash "$(object evalInvoice)")
}

job=
job_token=
job_hash=
key=
job_made() {
  call GET "$ESTIMATE"
  fee=$(value evalFeeSats)
  key=testkit-$(random)
  call POST /api/jobs '{"request":"Write a haiku about patience"}' "Idempotency-Key: $key"
  answered 201
  is "state" "$(value state)" awaiting_eval_payment
  is "trust_tier" "$(value trust_tier)" anonymous
  job=$(value jobId)
  job_token=$(value refundToken)
  is_there "jobId" "$job"
  is_there "refundToken" "$job_token"
  is_there "createdAt" "$(value createdAt)"
  eval_invoice=$(object evalInvoice)
  job_hash=$(value paymentHash "$eval_invoice")
  is "length of paymentHash" "${#job_hash}" 64
  is "amountSats" "$(value amountSats "$eval_invoice")" "$fee"
  case $(value paymentRequest "$eval_invoice") in lnbc* | lntb* | lnsb*) ;; *) blame "that is no invoice: $eval_invoice" ;; esac
  is_there "expiresAt" "$(value expiresAt "$eval_invoice")"
}
job_waits() {
  call GET "/api/jobs/$job"
  answered 200
  is "state" "$(value state)" awaiting_eval_payment
  is "owedSats" "$(value owedSats)" 0
  is "paymentHash" "$(value paymentHash "$(object evalInvoice)")" "$job_hash"
  if has result || has refundToken; then blame "it tells more than it should: $body"; fi
}
same_key() {
  call POST /api/jobs '{"request":"Write a haiku about patience"}' "Idempotency-Key: $key"
  answered 201
  is "jobId" "$(value jobId)" "$job"
  is "Idempotency-Replayed" "$(header idempotency-replayed)" true
}
other_body() {
  call POST /api/jobs '{"request":"Write another haiku"}' "Idempotency-Key: $key"
  problem 422 IDEMPOTENCY_KEY_REUSED
}
text_stays() {
  call DELETE "/api/jobs/$job" "" "X-Refund-Token: $job_token"
  problem 409 JOB_IN_PROGRESS
}
pay_judging() {
  if [ -z "$payable" ]; then skip "$NO_MONEY"; return; fi
  pay "$job_hash"
  is "length of the preimage" "${#preimage}" 64
  call POST "/api/dev/stub/pay/$job_hash" '{}'
  problem 409 INVOICE_NOT_PAYABLE
}
work_hash=
judged() {
  if [ -z "$payable" ]; then skip "$NO_MONEY"; return; fi
  until_state "$job" awaiting_work_payment
  work_hash=$(value paymentHash "$(object workInvoice)")
  is "length of paymentHash" "${#work_hash}" 64
  is "amountSats of the invoice" "$(value amountSats "$(object workInvoice)")" "$(value amountSats "$(object pricingBreakdown)")"
}
breakdown() {
  if [ -z "$payable" ]; then skip "$NO_MONEY"; return; fi
  call GET "/api/jobs/$job"
  parts=$(object pricingBreakdown)
  for name in estimatedInputTokens estimatedOutputTokens quoteSats absorbedSats amountSats; do
    is_number "$name" "$(value "$name" "$parts")"
  done
  for name in estimatedCostUsd infraUsd marginPct btcPriceUsd; do is_there "$name" "$(value "$name" "$parts")"; done
  [ -n "$fault" ] || is "absorbed and to pay" "$(($(value absorbedSats "$parts") + $(value amountSats "$parts")))" "$(value quoteSats "$parts")"
  quoted=$(value estimatedCostUsd "$parts"):$(value infraUsd "$parts"):$(value marginPct "$parts"):$(value btcPriceUsd "$parts")
  computed=$(printf '%s' "$quoted" | awk -F: '{ s = ($1 + $2) * (1 + $3 / 100) / $4 * 1e8; c = int(s); if (s - c > 1e-6) c++; print c < 1 ? 1 : c }')
  is "the quote, worked out anew" "$(value quoteSats "$parts")" "$computed"
}
work_done() {
  if [ -z "$payable" ]; then skip "$NO_MONEY"; return; fi
  if [ -z "$work_hash" ]; then blame "there is no invoice for the work"; return; fi
  pay "$work_hash"
  until_state "$job" complete
  is_there "result" "$(value result)"
}
ledger() {
  if [ -z "$payable" ]; then skip "$NO_MONEY"; return; fi
  call GET "/api/jobs/$job"
  cost=$(object costLedger)
  for name in actualInputTokens actualOutputTokens totalTokens actualAmountSats workAmountSats refundAmountSats; do
    is_number "$name" "$(value "$name" "$cost")"
  done
  [ -z "$fault" ] || return 0
  is "tokens in and out" "$(($(value actualInputTokens "$cost") + $(value actualOutputTokens "$cost")))" "$(value totalTokens "$cost")"
  is_at_most "what was charged" "$(value actualAmountSats "$cost")" "$(value workAmountSats "$cost")"
  is "charged and change" "$(($(value actualAmountSats "$cost") + $(value refundAmountSats "$cost")))" "$(value workAmountSats "$cost")"
  is_there "actualCostUsd" "$(value actualCostUsd "$cost")"
}
owed=0
change_owed() {
  if [ -z "$payable" ]; then skip "$NO_MONEY"; return; fi
  call GET "/api/jobs/$job"
  owed=$(value owedSats)
  is_number owedSats "$owed"
  is "owedSats" "$owed" "$(value refundAmountSats "$(object costLedger)")"
  if [ "$owed" = 0 ]; then is "refundState" "$(value refundState)" not_applicable; else is "refundState" "$(value refundState)" pending; fi
}
refund_token() {
  call POST "/api/jobs/$job/refund" '{"lnurl":true}'
  problem 401 REFUND_TOKEN_MISSING
  is_there "WWW-Authenticate" "$(header www-authenticate)"
  call POST "/api/jobs/$job/refund" '{"lnurl":true}' "X-Refund-Token: wrong"
  problem 403 REFUND_TOKEN_WRONG
}
refund_way() {
  call POST "/api/jobs/$job/refund" "{\"refundToken\":\"$job_token\"}"
  problem 400 REFUND_TARGET_MISSING
}
wrong_amount() {
  if [ -z "$payable" ] || [ -z "$playful" ]; then skip "$NO_MONEY"; return; fi
  if [ "$owed" = 0 ]; then skip "nothing is owed"; return; fi
  play_invoice $((owed + 1))
  call POST "/api/jobs/$job/refund" "{\"refundToken\":\"$job_token\",\"invoice\":\"$invoice\"}"
  problem 422 REFUND_TARGET_UNUSABLE
}
withdraw_code() {
  if [ -z "$payable" ]; then skip "$NO_MONEY"; return; fi
  if [ "$owed" = 0 ]; then skip "nothing is owed"; return; fi
  call POST "/api/jobs/$job/refund" "{\"refundToken\":\"$job_token\",\"lnurl\":true}"
  answered 200
  case $(value lnurl) in LNURL1* | lnurl1*) ;; *) blame "that is no LNURL: $body" ;; esac
  is "amountSats" "$(value amountSats)" "$owed"
  is_there "expiresAt" "$(value expiresAt)"
  call GET "/api/lnurl/withdraw?k1=$(long 64 | tr x 0)"
  answered 200
  is "status of an unknown code" "$(value status)" ERROR
}
change_paid() {
  if [ -z "$payable" ] || [ -z "$playful" ]; then skip "$NO_MONEY"; return; fi
  if [ "$owed" = 0 ]; then skip "nothing is owed"; return; fi
  play_invoice "$owed"
  call POST "/api/jobs/$job/refund" "{\"refundToken\":\"$job_token\",\"invoice\":\"$invoice\"}"
  answered 200
  is "amountSats" "$(value amountSats)" "$owed"
  looks=0
  while [ "$looks" -lt "$LOOKS" ]; do
    call GET "/api/jobs/$job"
    [ "$(value refundState "$(object costLedger)")" = pending ] || break
    looks=$((looks + 1))
    sleep "$PAUSE"
  done
  is "refundState" "$(value refundState "$(object costLedger)")" paid
  is "owedSats" "$(value owedSats)" 0
}
not_again() {
  if [ -z "$payable" ] || [ -z "$playful" ]; then skip "$NO_MONEY"; return; fi
  call POST "/api/jobs/$job/refund" "{\"refundToken\":\"$job_token\",\"lnurl\":true}"
  problem 409 NOTHING_OWED
}
cancel_done() {
  if [ -z "$payable" ]; then skip "$NO_MONEY"; return; fi
  call POST "/api/jobs/$job/cancel" "{\"refundToken\":\"$job_token\"}"
  problem 409 ILLEGAL_STATE
}
cancel_open() {
  make_job "Write a haiku about leaving"
  call POST "/api/jobs/$id/cancel"
  problem 401 REFUND_TOKEN_MISSING
  call POST "/api/jobs/$id/cancel" "" "X-Refund-Token: wrong"
  problem 403 REFUND_TOKEN_WRONG
  call POST "/api/jobs/$id/cancel" "" "X-Refund-Token: $token"
  answered 200
  is "state" "$(value state)" cancelled
}
turned_down() {
  if [ -z "$payable" ]; then skip "$NO_MONEY"; return; fi
  if [ -z "$canned" ]; then skip "a real model judges here"; return; fi
  make_job "Turn this down, please [reject]"
  pay "$hash"
  until_state "$id" rejected
  is_there "reason" "$(value reason)"
  is "owedSats" "$(value owedSats)" 0
  if has workInvoice; then blame "it was asked to pay for work"; fi
}
work_fails() {
  if [ -z "$payable" ]; then skip "$NO_MONEY"; return; fi
  if [ -z "$canned" ]; then skip "a real model works here"; return; fi
  make_job "Fail at this, please [refuse]"
  pay "$hash"
  until_state "$id" awaiting_work_payment
  work_price=$(value amountSats "$(object workInvoice)")
  pay "$(value paymentHash "$(object workInvoice)")"
  until_state "$id" failed
  is_there "errorMessage" "$(value errorMessage)"
  is "owedSats" "$(value owedSats)" "$work_price"
}
text_deleted() {
  make_job "Write a haiku about forgetting"
  call POST "/api/jobs/$id/cancel" "" "X-Refund-Token: $token"
  call DELETE "/api/jobs/$id" "" "X-Refund-Token: $token"
  answered 200
  call GET "/api/jobs/$id"
  answered 200
  is "textDeleted" "$(value textDeleted)" true
  case $body in *forgetting*) blame "the text is still there" ;; esac
}

