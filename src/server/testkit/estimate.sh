# -- Estimate ---------------------------------------------------------------------------------------------------------

estimate_section() {
  section estimate || return 0
  check "an estimate names every price" estimated
  check "an anonymous caller is gated: pays the full price" gated
  check "an estimate changes nothing" estimate_changes_nothing
  check "an estimate refuses what a job would refuse" estimate_refuses
}

ESTIMATE="/api/estimate?request=Write%20a%20haiku%20about%20patience"
estimated() {
  call GET "$ESTIMATE"
  answered 200
  for name in estimatedSats evalFeeSats sessionEstimatedSats inputTokens outputTokens; do
    is_number "$name" "$(value "$name")"
  done
  is_at_most "the price of the work" "$(value estimatedSats)" "$(value sessionEstimatedSats)"
  is_there "btcPriceUsd" "$(value btcPriceUsd)"
  is_number "the pool's balance" "$(value balanceSats)"
  is "budget of the anonymous" "$(value anonymous "$(object dailyBudgets)")" 0
}
gated() {
  call GET "$ESTIMATE"
  answered 200
  is "trust_tier" "$(value trust_tier)" anonymous
  is "serve" "$(value serve)" gate
  is "absorbSats" "$(value absorbSats)" 0
  is "chargeSats" "$(value chargeSats)" "$(value estimatedSats)"
}
estimate_changes_nothing() {
  call GET "$ESTIMATE"
  answered 200
  before="$(object pool) $(object identity)"
  for _ in 1 2 3; do call GET "$ESTIMATE"; done
  is "pool and identity after three more" "$(object pool) $(object identity)" "$before"
}
estimate_refuses() {
  call GET "/api/estimate?request="
  problem 400 REQUEST_MISSING
  call GET "/api/estimate?request=$(long 501)"
  problem 400 REQUEST_TOO_LONG
}

