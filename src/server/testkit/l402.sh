# -- L402 -------------------------------------------------------------------------------------------------------------

l402_section() {
  section l402 || return 0
  find_abilities
  check "a single answer is 402, with a challenge that any L402 client reads" challenged
  check "a forged credential is 401" forged_l402
  check "the credential of an unpaid invoice is 401, whatever the preimage" unpaid_l402
  check "paid and asked again, it is answered" answered_l402
  check "asked once more, it is the same answer" same_l402
  check "another request with it is 402 again" used_up_l402
}

single=
single_macaroon=
single_request=
challenged() {
  call POST /api/l402/ask '{"request":"Write a haiku about doors"}'
  problem 402 PAYMENT_REQUIRED
  single_macaroon=$(header www-authenticate | sed -n 's/^L402 macaroon="\([^"]*\)", invoice="[^"]*".*/\1/p')
  single_invoice=$(header www-authenticate | sed -n 's/^L402 macaroon="[^"]*", invoice="\([^"]*\)".*/\1/p')
  is_there "the challenge's macaroon" "$single_macaroon"
  is "the challenge's invoice" "$single_invoice" "$(value paymentRequest "$(object invoice)")"
  single=$(value paymentHash "$(object invoice)")
  is "length of paymentHash" "${#single}" 64
}
forged_l402() {
  call POST /api/l402/ask '{"request":"Write a haiku about doors"}' "Authorization: L402 bm9uc2Vuc2U=:$(long 64 | tr x 0)"
  problem 401 CREDENTIAL_INVALID
}
unpaid_l402() {
  call POST /api/l402/ask '{"request":"Write a haiku about doors"}' "Authorization: L402 $single_macaroon:$(long 64 | tr x 0)"
  case $status in 401) ;; *) answered 401 ;; esac
}
single_answer=
answered_l402() {
  if [ -z "$payable" ]; then skip "$NO_MONEY"; return; fi
  pay "$single"
  single_credential="L402 $single_macaroon:$preimage"
  looks=0
  while call POST /api/l402/ask '{"request":"Write a haiku about doors"}' "Authorization: $single_credential" &&
    [ "$status" = 401 ] && [ "$looks" -lt 30 ]; do
    looks=$((looks + 1))
    sleep "$PAUSE"
  done
  answered 200
  is "state" "$(value state)" complete
  single_answer=$(value result)
  single_request=$(value requestId)
  is_there "result" "$single_answer"
  is_there "refundToken" "$(value refundToken)"
  is_number "owedSats" "$(value owedSats)"
}
same_l402() {
  if [ -z "$payable" ]; then skip "$NO_MONEY"; return; fi
  call POST /api/l402/ask '{"request":"Write a haiku about doors"}' "Authorization: $single_credential"
  answered 200
  is "requestId" "$(value requestId)" "$single_request"
  is "result" "$(value result)" "$single_answer"
}
used_up_l402() {
  if [ -z "$payable" ]; then skip "$NO_MONEY"; return; fi
  call POST /api/l402/ask '{"request":"Write a haiku about windows"}' "Authorization: $single_credential"
  problem 402 PAYMENT_REQUIRED
  [ "$(value macaroon)" != "$single_macaroon" ] || blame "the challenge is the old one"
}

