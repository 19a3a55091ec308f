-- Ends a running request of an identity's session, and what that makes of its trust, in one statement. p_version is the
-- version of the identity from which score and time were told: if it has changed since, nothing is done and the caller is
-- sent back to tell them again (SQLSTATE 40001). Locks in the usual order: the request, its session, the identity, the pool.
CREATE FUNCTION session_settle_request_of(
    p_version integer, p_score integer, p_seen_at timestamptz, p_charged_sats bigint,
    p_request uuid, p_state text, p_debited_sats bigint, p_absorbed_sats bigint, p_pool_credit_sats bigint,
    p_request_hmac text, p_actual jsonb, p_result text, p_truncated boolean, p_reason text, p_error_message text,
    p_now timestamptz,
    OUT settled boolean, OUT balance_sats bigint
) LANGUAGE plpgsql AS $$
DECLARE
    its session;
BEGIN
    its := session_lock_running(p_request);
    settled := its.id IS NOT NULL;
    IF NOT settled THEN RETURN; END IF;
    UPDATE identity SET score = p_score, last_seen_at = p_seen_at, version = version + 1,
        interaction_count = interaction_count + 1, charged_sats = charged_sats + p_charged_sats
    WHERE pubkey = its.pubkey AND version = p_version;
    IF NOT FOUND THEN RAISE 'the standing of the identity has changed' USING ERRCODE = '40001'; END IF;
    SELECT s.settled, s.balance_sats INTO settled, balance_sats
    FROM session_settle_request(p_request, p_state, p_debited_sats, p_absorbed_sats, p_pool_credit_sats, p_request_hmac,
        p_actual, p_result, p_truncated, p_reason, p_error_message, p_now) s;
END $$;
