-- Sessions: a prepaid balance, spent request by request. An answer that is sold singly (`ask`) is a session of one request.
-- Locks are taken in this order: a request, its session, the identity, the pool, the session's own accounts.

INSERT INTO "ledger_kind" ("kind", "class", "constrained", "whole_sats") VALUES
    ('prepaid', 'liability', true, true), -- a session's balance; its owner is the session
    ('held', 'liability', true, true);    -- taken off it for one request, until its price is known; its owner is the request

CREATE TABLE "session" (
    "id" UUID NOT NULL,
    "kind" TEXT NOT NULL CHECK ("kind" IN ('session', 'ask')),
    "state" TEXT NOT NULL CHECK ("state" IN ('awaiting_payment', 'active', 'closed', 'expired')),
    "pubkey" TEXT,
    "client_key" TEXT NOT NULL,
    "payment_hash" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "state_changed_at" TIMESTAMPTZ(3) NOT NULL,
    "request_hmac" TEXT,
    "quote" JSONB,
    CONSTRAINT "session_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "session_pubkey_fkey" FOREIGN KEY ("pubkey") REFERENCES "identity" ("pubkey") ON DELETE RESTRICT ON UPDATE CASCADE,
    CONSTRAINT "session_ask_is_for_one_request" CHECK (("kind" = 'ask') = ("request_hmac" IS NOT NULL AND "quote" IS NOT NULL))
);
CREATE UNIQUE INDEX "session_payment_hash_key" ON "session" ("payment_hash");
CREATE INDEX "session_unpaid_by_client" ON "session" ("client_key") WHERE "state" = 'awaiting_payment';
CREATE INDEX "session_pubkey_idx" ON "session" ("pubkey") WHERE "pubkey" IS NOT NULL;

-- Root keys of macaroons, encrypted, by the sha256 of the identifier. Without its key a macaroon opens nothing any more.
CREATE TABLE "session_key" (
    "id_hash" TEXT NOT NULL,
    "session_id" UUID NOT NULL,
    "root_key" BYTEA NOT NULL,
    CONSTRAINT "session_key_pkey" PRIMARY KEY ("id_hash"),
    CONSTRAINT "session_key_session_id_fkey" FOREIGN KEY ("session_id") REFERENCES "session" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE INDEX "session_key_session_id_idx" ON "session_key" ("session_id");

CREATE TABLE "session_request" (
    "id" UUID NOT NULL,
    "session_id" UUID NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'running' CHECK ("state" IN ('running', 'complete', 'rejected', 'failed')),
    "once_key" TEXT,
    "request" TEXT,
    "quote" JSONB NOT NULL,
    "runner" TEXT NOT NULL,
    "deadline_at" TIMESTAMPTZ(3) NOT NULL,
    "held_sats" BIGINT NOT NULL CHECK ("held_sats" >= 0),
    "reserved_sats" BIGINT NOT NULL CHECK ("reserved_sats" >= 0),
    "debited_sats" BIGINT NOT NULL DEFAULT 0 CHECK ("debited_sats" BETWEEN 0 AND "held_sats"),
    "absorbed_sats" BIGINT NOT NULL DEFAULT 0 CHECK ("absorbed_sats" BETWEEN 0 AND "reserved_sats"),
    "actual" JSONB,
    "result" TEXT,
    "truncated" BOOLEAN NOT NULL DEFAULT false,
    "reason" TEXT,
    "error_message" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),
    CONSTRAINT "session_request_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "session_request_session_id_fkey" FOREIGN KEY ("session_id") REFERENCES "session" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    CONSTRAINT "session_request_ended" CHECK (("state" = 'running') = ("ended_at" IS NULL))
);
-- The same key stands for the same request, whoever runs it.
CREATE UNIQUE INDEX "session_request_once_key_key" ON "session_request" ("once_key");
-- A session's history, the newest first.
CREATE INDEX "session_request_of_session" ON "session_request" ("session_id", "created_at" DESC, "id" DESC);
-- As short as the list of what runs just now.
CREATE INDEX "session_request_running" ON "session_request" ("runner", "deadline_at") WHERE "state" = 'running';
-- Texts that are due for deletion.
CREATE INDEX "session_request_text_kept" ON "session_request" ("ended_at") WHERE "request" IS NOT NULL AND "state" <> 'running';

-- A session has one top-up at a time to be paid.
CREATE UNIQUE INDEX "invoice_one_open_topup" ON "invoice" ("order_id") WHERE "purpose" = 'topup' AND "state" = 'open';

-- How many orders of a client, of whatever kind, wait for their first payment; counted up to a limit.
CREATE FUNCTION unpaid_orders(p_client_key text, p_limit integer) RETURNS integer LANGUAGE sql STABLE AS $$
    SELECT count(*)::integer FROM (
        SELECT FROM job WHERE client_key = p_client_key AND state = 'awaiting_eval_payment'
        UNION ALL
        SELECT FROM session WHERE client_key = p_client_key AND state = 'awaiting_payment'
        LIMIT p_limit
    ) AS unpaid
$$;

-- Begins a request: what the pool covers is reserved, the rest of the quote is taken off the balance and held, and the
-- request is written down, all in one statement. p_version, p_daily_sats and p_return_pct are the standing of the
-- session's identity, as in free_tier_decide. An ask is held for at most what was paid for it.
-- outcome: 'begun'; 'begunBefore', by this once key, as request `id`; 'notActive'; 'tooLittle', and then nothing was taken
-- and `held_sats` is what would have to be there.
CREATE FUNCTION session_begin_request(
    p_session uuid, p_request uuid, p_once_key text, p_text text, p_quote jsonb, p_quote_sats bigint, p_runner text,
    p_now timestamptz, p_deadline timestamptz, p_version integer, p_daily_sats bigint, p_return_pct numeric,
    OUT outcome text, OUT id uuid, OUT held_sats bigint, OUT reserved_sats bigint, OUT balance_sats bigint
) LANGUAGE plpgsql AS $$
DECLARE
    its session;
BEGIN
    id := p_request;
    held_sats := 0;
    reserved_sats := 0;
    balance_sats := 0;
    SELECT * INTO STRICT its FROM session s WHERE s.id = p_session FOR SHARE;
    IF p_once_key IS NOT NULL THEN
        -- A key is good for a day: then it may stand for something new.
        UPDATE session_request r SET once_key = NULL
        WHERE r.once_key = p_once_key AND its.kind = 'session' AND r.created_at < p_now - interval '24 hours';
        SELECT r.id INTO id FROM session_request r WHERE r.once_key = p_once_key;
        IF FOUND THEN outcome := 'begunBefore'; RETURN; END IF;
        id := p_request;
    END IF;
    IF its.state <> 'active' THEN outcome := 'notActive'; RETURN; END IF;
    BEGIN
        IF its.pubkey IS NOT NULL THEN
            reserved_sats := free_tier_decide(p_request, its.pubkey, p_version, p_daily_sats, p_return_pct, p_quote_sats, 'part');
        END IF;
        balance_sats := ledger_hold('prepaid', p_session::text) / 1000;
        held_sats := p_quote_sats - reserved_sats;
        IF its.kind = 'ask' THEN held_sats := least(held_sats, balance_sats); END IF;
        IF balance_sats < held_sats THEN RAISE 'too little' USING ERRCODE = 'SE402'; END IF;
        INSERT INTO session_request (id, session_id, once_key, request, quote, runner, deadline_at, held_sats, reserved_sats, created_at)
        VALUES (p_request, p_session, p_once_key, p_text, p_quote, p_runner, p_deadline, held_sats, reserved_sats, p_now);
        PERFORM ledger_post('session-request:' || p_request || ':held', jsonb_build_array(jsonb_build_object(
            'debit', 'prepaid', 'debitOwner', p_session, 'credit', 'held', 'creditOwner', p_request, 'msat', held_sats * 1000)));
        balance_sats := balance_sats - held_sats;
        outcome := 'begun';
    EXCEPTION
        WHEN SQLSTATE 'SE402' THEN outcome := 'tooLittle';
        WHEN unique_violation THEN
            SELECT r.id INTO id FROM session_request r WHERE r.once_key = p_once_key;
            IF NOT FOUND THEN RAISE; END IF;
            outcome := 'begunBefore';
    END;
END $$;

-- Locks a request and its session for what is to follow; null when the request is not running any more.
CREATE FUNCTION session_lock_running(p_request uuid) RETURNS session LANGUAGE plpgsql AS $$
DECLARE
    its session;
BEGIN
    PERFORM 1 FROM session_request WHERE id = p_request AND state = 'running' FOR UPDATE;
    IF NOT FOUND THEN RETURN NULL; END IF;
    SELECT s.* INTO STRICT its FROM session s JOIN session_request r ON r.session_id = s.id WHERE r.id = p_request;
    -- An ask ends with its answer; of a session many requests end at once.
    IF its.kind = 'ask' THEN
        SELECT * INTO its FROM session WHERE id = its.id FOR UPDATE;
    ELSE
        SELECT * INTO its FROM session WHERE id = its.id FOR SHARE;
    END IF;
    RETURN its;
END $$;

-- Ends a running request: what it absorbed is granted, what it costs is earned, the rest of both goes back, to the payer
-- where the session is not active any more. False when it was ended before: then nothing of this is done.
CREATE FUNCTION session_settle_request(
    p_request uuid, p_state text, p_debited_sats bigint, p_absorbed_sats bigint, p_pool_credit_sats bigint,
    p_request_hmac text, p_actual jsonb, p_result text, p_truncated boolean, p_reason text, p_error_message text,
    p_now timestamptz,
    OUT settled boolean, OUT balance_sats bigint
) LANGUAGE plpgsql AS $$
DECLARE
    its session;
    held bigint;
    stays boolean;
BEGIN
    its := session_lock_running(p_request);
    settled := its.id IS NOT NULL;
    IF NOT settled THEN RETURN; END IF;
    stays := its.kind = 'session' AND its.state = 'active';
    UPDATE session_request SET state = p_state, debited_sats = p_debited_sats, absorbed_sats = p_absorbed_sats,
        actual = p_actual, result = p_result, truncated = p_truncated, reason = p_reason, error_message = p_error_message,
        ended_at = p_now
    WHERE id = p_request RETURNING held_sats INTO held;
    IF free_tier_settle(p_request, 'session_request', p_absorbed_sats, p_request_hmac) <> p_absorbed_sats THEN
        RAISE 'the pool cannot pay what request % absorbed', p_request;
    END IF;
    -- The pool first: it is locked before the session's own accounts.
    PERFORM ledger_post('session-request:' || p_request || ':settled', jsonb_build_array(
        jsonb_build_object('debit', 'revenue', 'credit', 'pool', 'creditOwner', 'pool', 'msat', p_pool_credit_sats * 1000),
        jsonb_build_object('debit', 'held', 'debitOwner', p_request, 'credit', 'revenue', 'msat', p_debited_sats * 1000),
        jsonb_build_object('debit', 'held', 'debitOwner', p_request,
            'credit', CASE WHEN stays THEN 'prepaid' ELSE 'owed' END, 'creditOwner', its.id,
            'msat', (held - p_debited_sats) * 1000)));
    IF its.kind = 'ask' THEN
        PERFORM ledger_post('session:' || its.id || ':closed', jsonb_build_array(jsonb_build_object(
            'debit', 'prepaid', 'debitOwner', its.id, 'credit', 'owed', 'creditOwner', its.id,
            'msat', ledger_hold('prepaid', its.id::text))));
        UPDATE session SET state = 'closed', state_changed_at = p_now WHERE id = its.id AND state = 'active';
    END IF;
    balance_sats := coalesce((SELECT a.balance_msat FROM ledger_account a WHERE a.kind = 'prepaid' AND a.owner = its.id::text), 0) / 1000;
END $$;
