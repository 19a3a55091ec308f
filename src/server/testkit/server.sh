# -- Server -----------------------------------------------------------------------------------------------------------

server_section() {
  section server || return 0
  check "the server is alive and says what is simulated" alive
  check "every part that it needs answers" ready
  check "/api and /api/ui lead to the workshop" home
  check "the API describes itself (OpenAPI 3.1)" described
  check "metrics for Prometheus" figures
  check "any site may call, without browser credentials" open_to_sites
  check "answers may not be cached, indexed or framed" private
}

alive() {
  call GET /api/healthz
  answered 200
  is "status" "$(value status)" ok
  has simulated || blame "simulated is missing"
}
ready() {
  call GET /api/readyz
  answered 200
  is "status" "$(value status)" ready
  for part in database queue wallet pages; do is "$part" "$(value "$part")" true; done
}
home() {
  for path in /api /api/ui; do
    call GET "$path"
    answered 302
    is "Location" "$(header location)" /
  done
}
described() {
  call GET /api/openapi.json
  answered 200
  case $(value openapi) in 3.1.*) ;; *) blame "it is of version '$(value openapi)'" ;; esac
  for path in /api/jobs /api/sessions /api/estimate /api/demo /api/identity/me; do
    has "$path" || blame "$path is not in it"
  done
}
figures() {
  call GET /api/metrics
  if [ "$status" = 401 ]; then
    problem 401 METRICS_TOKEN_WRONG
    [ -n "$fault" ] || skip "they are not public here"
    return
  fi
  answered 200
  case $(header content-type) in text/plain*) ;; *) blame "its content type is '$(header content-type)'" ;; esac
  for family in timmy_http_request_seconds timmy_queue_tasks timmy_pool_balance_sats; do
    case $body in *"# TYPE $family "*) ;; *) blame "$family is missing" ;; esac
  done
}
open_to_sites() {
  call OPTIONS /api/jobs "" "Origin: https://elsewhere.example" "Access-Control-Request-Method: POST"
  answered 204
  is "Access-Control-Allow-Origin" "$(header access-control-allow-origin)" "*"
  is "Access-Control-Allow-Credentials" "$(header access-control-allow-credentials)" ""
  case $(header access-control-allow-headers) in *X-Nostr-Token*) ;; *) blame "X-Nostr-Token is not allowed" ;; esac
  call GET /api/healthz "" "Origin: https://elsewhere.example"
  case $(header access-control-expose-headers) in *WWW-Authenticate*) ;; *) blame "WWW-Authenticate is not exposed" ;; esac
}
private() {
  call GET /api/healthz
  is "Cache-Control" "$(header cache-control)" no-store
  is "X-Robots-Tag" "$(header x-robots-tag)" noindex
  is "X-Content-Type-Options" "$(header x-content-type-options)" nosniff
  is "Referrer-Policy" "$(header referrer-policy)" no-referrer
}

