# -- Demo -------------------------------------------------------------------------------------------------------------

demo_section() {
  section demo || return 0
  patient=no
  check "a free taste is answered" tasted
  check "a taste takes at most 500 characters" taste_too_long
  check "free tastes run out, and the answer says for how long" tastes_end
  patient=yes
}

DEMO="/api/demo?request=Say%20hello"
tasted() {
  call GET "$DEMO"
  if [ "$status" = 429 ]; then skip "the tastes of this hour are used up"; return; fi
  answered 200
  is_there "result" "$(value result)"
  is_number "remaining" "$(value remaining)"
}
taste_too_long() { call GET "/api/demo?request=$(long 501)"; problem 400 REQUEST_TOO_LONG; }
tastes_end() {
  tries=0
  while call GET "$DEMO" && [ "$status" = 200 ] && [ "$tries" -lt 12 ]; do
    tries=$((tries + 1))
    if [ "$(value remaining)" -gt 12 ]; then skip "more are given here than are worth using up"; return; fi
  done
  problem 429 TOO_MANY_REQUESTS
  retries_after
  is_at_most "Retry-After" "$(header retry-after)" 3600
}

