# -- Errors -----------------------------------------------------------------------------------------------------------

errors_section() {
  section errors || return 0
  check "an unknown path is 404" unknown_path
  check "a wrong method is 405 and names the right ones" wrong_method
  check "malformed JSON is 400" malformed
  check "a wrong content type is 415" wrong_type
  check "a body over the limit is 413" too_large
  check "a request that is missing is 400" missing_request
  check "a request that is too long is another 400, with the limit and the length" long_request
  check "an unknown job is 404" unknown_job
  check "an unknown job moves no money, whatever the token" unknown_job_refund
  check "an Idempotency-Key that can be guessed is 400" short_key
}

unknown_path() { call GET /api/nothing; problem 404 ROUTE_NOT_FOUND; }
wrong_method() {
  call PUT /api/jobs '{}'
  problem 405 METHOD_NOT_ALLOWED
  case ", $(header allow)," in *", POST,"*) ;; *) blame "Allow is '$(header allow)'" ;; esac
}
malformed() { call POST /api/jobs '{"request":'; problem 400 MALFORMED_JSON; }
wrong_type() { call POST /api/jobs 'request=x' "Content-Type: text/plain"; problem 415 UNSUPPORTED_MEDIA_TYPE; }
too_large() {
  call POST /api/jobs "{\"request\":\"$(long 66000)\"}"
  # A higher limit may be set: then the text is too long instead.
  if [ "$status" = 400 ]; then problem 400 REQUEST_TOO_LONG; skip "bodies may be longer here"; else problem 413 BODY_TOO_LARGE; fi
}
missing_request() { for given in '{}' '{"request":"  "}'; do call POST /api/jobs "$given"; problem 400 REQUEST_MISSING; done; }
long_request() {
  call POST /api/jobs "{\"request\":\"$(long 501)\"}"
  problem 400 REQUEST_TOO_LONG
  is "limit" "$(value limit)" 500
  is "length" "$(value length)" 501
}
UNKNOWN=00000000-0000-4000-8000-000000000000
unknown_job() { call GET "/api/jobs/$UNKNOWN"; problem 404 JOB_NOT_FOUND; }
unknown_job_refund() {
  call POST "/api/jobs/$UNKNOWN/refund" '{"lnurl":true,"refundToken":"x"}'
  problem 404 JOB_NOT_FOUND
}
short_key() {
  call POST /api/jobs '{"request":"Say hello"}' "Idempotency-Key: 1"
  problem 400 IDEMPOTENCY_KEY_UNUSABLE
}

