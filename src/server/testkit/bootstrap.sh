# -- Bootstrap --------------------------------------------------------------------------------------------------------

bootstrap_section() {
  section bootstrap || return 0
  find_abilities
  check "a node is ordered, with the invoice of its fee" node_ordered
  check "an order of a node is readable only with its token" node_closed
  check "an unknown order of a node is 404" unknown_node
  check "paid, the node is made" node_made
  check "its private key is given out exactly once" node_key
}

NO_NODES="no nodes are made here"
node=
node_token=
node_hash=
node_answer=
node_ordered() {
  call POST /api/bootstrap '{}'
  if [ "$(value code)" = BOOTSTRAP_UNAVAILABLE ]; then
    problem 503 BOOTSTRAP_UNAVAILABLE
    [ -n "$fault" ] || skip "$NO_NODES"
    return
  fi
  answered 201
  node=$(value bootstrapJobId)
  node_token=$(value refundToken)
  node_hash=$(value paymentHash "$(object invoice)")
  is "state" "$(value state)" awaiting_payment
  is_there "bootstrapJobId" "$node"
  is_there "refundToken" "$node_token"
  is_there "message" "$(value message)"
  is_there "terms" "$(value terms)"
  is_there "stubMode" "$(value stubMode)"
  is "length of paymentHash" "${#node_hash}" 64
  is_number "amountSats" "$(value amountSats "$(object invoice)")"
}
node_closed() {
  if [ -z "$node" ]; then skip "$NO_NODES"; return; fi
  call GET "/api/bootstrap/$node"
  problem 401 REFUND_TOKEN_MISSING
  call GET "/api/bootstrap/$node" "" "X-Refund-Token: wrong"
  problem 403 REFUND_TOKEN_WRONG
  call GET "/api/bootstrap/$node" "" "X-Refund-Token: $node_token"
  answered 200
  is "bootstrapJobId" "$(value bootstrapJobId)" "$node"
  is "owedSats" "$(value owedSats)" 0
  if has sshPrivateKey || has nodeIp; then blame "it tells of a node that is not paid: $body"; fi
}
unknown_node() {
  call GET "/api/bootstrap/$UNKNOWN" "" "X-Refund-Token: x"
  problem 404 BOOTSTRAP_NOT_FOUND
}
node_made() {
  if [ -z "$node" ]; then skip "$NO_NODES"; return; fi
  if [ -z "$payable" ]; then skip "$NO_MONEY"; return; fi
  if [ -z "$nodes_played" ]; then skip "a real machine would be made here"; return; fi
  pay "$node_hash"
  looks=0
  while call GET "/api/bootstrap/$node" "" "X-Refund-Token: $node_token" && [ "$looks" -lt "$LOOKS" ]; do
    case $(value state) in awaiting_payment | provisioning) ;; *) break ;; esac
    looks=$((looks + 1))
    sleep "$PAUSE"
  done
  node_answer=$body
  is "state" "$(value state)" ready
  is_there "nodeIp" "$(value nodeIp)"
  is_there "lnbitsUrl" "$(value lnbitsUrl)"
  has nextSteps || blame "nextSteps is missing"
}
node_key() {
  if [ -z "$node_answer" ]; then skip "no node was made"; return; fi
  case $(value sshPrivateKey "$node_answer") in
    "-----BEGIN RSA PRIVATE KEY-----"*) ;;
    *) blame "the first answer has no private key" ;;
  esac
  call GET "/api/bootstrap/$node" "" "X-Refund-Token: $node_token"
  answered 200
  if has sshPrivateKey; then blame "the private key is given out again"; fi
  is_there "sshKeyNote" "$(value sshKeyNote)"
}

