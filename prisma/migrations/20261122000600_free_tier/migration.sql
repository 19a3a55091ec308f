-- Identities, what they are trusted with, and the generosity pool. Whoever needs several locks takes them in this order:
-- the order's row, the identity, the pool, the order's own accounts. Then no two wait for each other.

-- The pool is an appropriation of equity, no claim on the wallet. What is set aside for an order is still the pool's, and
-- promised to nobody else.
INSERT INTO "ledger_kind" ("kind", "class", "constrained", "whole_sats") VALUES
    ('pool_commitment', 'equity', false, true), -- what the operator appropriated: its balance is a debit
    ('pool', 'equity', true, true),             -- what may still be given; its one owner is 'pool'
    ('pool_reserved', 'equity', true, true);    -- set aside for one order, until its price is known

CREATE TABLE "identity" (
    "pubkey" TEXT NOT NULL CHECK ("pubkey" ~ '^[0-9a-f]{64}$'),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL,
    "score" INTEGER NOT NULL DEFAULT 0 CHECK ("score" >= 0),
    "version" INTEGER NOT NULL DEFAULT 0,
    "interaction_count" INTEGER NOT NULL DEFAULT 0,
    "charged_sats" BIGINT NOT NULL DEFAULT 0 CHECK ("charged_sats" >= 0),
    "absorbed_sats" BIGINT NOT NULL DEFAULT 0 CHECK ("absorbed_sats" >= 0),
    CONSTRAINT "identity_pkey" PRIMARY KEY ("pubkey")
);

CREATE TABLE "free_tier_use" (
    "order_id" UUID NOT NULL,
    "pubkey" TEXT NOT NULL,
    "day" DATE NOT NULL,
    "state" TEXT NOT NULL CHECK ("state" IN ('pledged', 'reserved', 'settled')),
    "sats" BIGINT NOT NULL CHECK ("sats" > 0),
    CONSTRAINT "free_tier_use_pkey" PRIMARY KEY ("order_id"),
    CONSTRAINT "free_tier_use_pubkey_fkey" FOREIGN KEY ("pubkey") REFERENCES "identity" ("pubkey") ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE INDEX "free_tier_use_pubkey_day_idx" ON "free_tier_use" ("pubkey", "day");
CREATE INDEX "free_tier_use_open" ON "free_tier_use" ("pubkey") WHERE "state" <> 'settled';

CREATE TABLE "pool_grant" (
    "id" BIGSERIAL NOT NULL,
    "order_kind" TEXT NOT NULL,
    "order_id" UUID NOT NULL,
    "pubkey" TEXT NOT NULL,
    "absorbed_sats" BIGINT NOT NULL CHECK ("absorbed_sats" > 0),
    "request_hmac" TEXT NOT NULL,
    "granted_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "pool_grant_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "pool_grant_pubkey_fkey" FOREIGN KEY ("pubkey") REFERENCES "identity" ("pubkey") ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "pool_grant_order_id_key" ON "pool_grant" ("order_id");
CREATE INDEX "pool_grant_pubkey_idx" ON "pool_grant" ("pubkey");
CREATE TRIGGER pool_grant_append_only BEFORE UPDATE OR DELETE ON "pool_grant" FOR EACH ROW EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER pool_grant_no_truncate BEFORE TRUNCATE ON "pool_grant" FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
ALTER TABLE "pool_grant" ENABLE ALWAYS TRIGGER pool_grant_append_only;
ALTER TABLE "pool_grant" ENABLE ALWAYS TRIGGER pool_grant_no_truncate;

CREATE FUNCTION free_tier_today() RETURNS date LANGUAGE sql STABLE AS $$ SELECT (now() AT TIME ZONE 'utc')::date $$;

CREATE FUNCTION pool_balance() RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT coalesce((SELECT balance_msat FROM ledger_account WHERE kind = 'pool' AND owner = 'pool'), 0) / 1000
$$;

-- What an identity may still be given: today by its tier's budget, and in its life by what it was charged for work.
-- Exact only for who holds the lock of the identity's row.
CREATE FUNCTION free_tier_left(p_pubkey text, p_daily_sats bigint, p_return_pct numeric) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT greatest(0, least(
        p_daily_sats - coalesce((SELECT sum(sats) FROM free_tier_use WHERE pubkey = p_pubkey AND day = free_tier_today()), 0),
        floor(i.charged_sats * p_return_pct / 100) - i.absorbed_sats
            - coalesce((SELECT sum(sats) FROM free_tier_use WHERE pubkey = p_pubkey AND state <> 'settled'), 0)
    ))::bigint FROM identity i WHERE i.pubkey = p_pubkey
$$;

-- The lines of a reservation; nothing where nothing is taken.
CREATE FUNCTION pool_reserve(p_order uuid, p_pubkey text, p_sats bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM ledger_post('pool-reserved:' || p_order, jsonb_build_array(jsonb_build_object(
        'debit', 'pool', 'debitOwner', 'pool', 'credit', 'pool_reserved', 'creditOwner', p_order, 'msat', p_sats * 1000)));
    INSERT INTO free_tier_use (order_id, pubkey, day, state, sats)
    VALUES (p_order, p_pubkey, free_tier_today(), 'reserved', p_sats);
END $$;

-- Decides what of a quote the pool pays for an identity, and takes it in the same statement.
-- p_version is that of the standing from which p_daily_sats was told: if it has changed since, the caller is sent back to
-- read it again (SQLSTATE 40001). p_take: 'nothing' for a dry run; 'whole' takes a quote that is covered whole and
-- pledges what covers a part (a pledge counts against the identity's budget, not the pool); 'part' takes a part too.
CREATE FUNCTION free_tier_decide(
    p_order uuid, p_pubkey text, p_version integer, p_daily_sats bigint, p_return_pct numeric, p_quote_sats bigint, p_take text
) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    covered bigint;
BEGIN
    IF p_take <> 'nothing' THEN
        PERFORM 1 FROM identity WHERE pubkey = p_pubkey AND version = p_version FOR UPDATE;
        IF NOT FOUND THEN RAISE 'the standing of the identity has changed' USING ERRCODE = '40001'; END IF;
    END IF;
    covered := least(p_quote_sats, coalesce(free_tier_left(p_pubkey, p_daily_sats, p_return_pct), 0));
    IF covered <= 0 THEN RETURN 0; END IF;
    IF p_take = 'nothing' OR (p_take = 'whole' AND covered < p_quote_sats) THEN
        covered := least(covered, pool_balance());
    ELSE
        covered := least(covered, ledger_hold('pool', 'pool') / 1000);
    END IF;
    IF covered <= 0 OR p_take = 'nothing' THEN RETURN greatest(covered, 0); END IF;
    IF p_take = 'part' OR covered = p_quote_sats THEN
        PERFORM pool_reserve(p_order, p_pubkey, covered);
    ELSE
        INSERT INTO free_tier_use (order_id, pubkey, day, state, sats)
        VALUES (p_order, p_pubkey, free_tier_today(), 'pledged', covered);
    END IF;
    RETURN covered;
END $$;

-- Takes what was pledged, as far as budget and pool still reach. Returns what was taken.
CREATE FUNCTION free_tier_take_pledge(
    p_order uuid, p_pubkey text, p_version integer, p_daily_sats bigint, p_return_pct numeric
) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    pledged bigint;
    taken bigint;
BEGIN
    PERFORM 1 FROM identity WHERE pubkey = p_pubkey AND version = p_version FOR UPDATE;
    IF NOT FOUND THEN RAISE 'the standing of the identity has changed' USING ERRCODE = '40001'; END IF;
    DELETE FROM free_tier_use WHERE order_id = p_order AND state = 'pledged' RETURNING sats INTO pledged;
    IF pledged IS NULL THEN RETURN 0; END IF;
    taken := least(pledged, free_tier_left(p_pubkey, p_daily_sats, p_return_pct), ledger_hold('pool', 'pool') / 1000);
    IF taken <= 0 THEN RETURN 0; END IF;
    PERFORM pool_reserve(p_order, p_pubkey, taken);
    RETURN taken;
END $$;

-- Ends a reservation: the price of the work up to it is granted, the rest goes back. A price of nothing gives all of it
-- back. Returns what was granted.
CREATE FUNCTION free_tier_settle(p_order uuid, p_order_kind text, p_price_sats bigint, p_request_hmac text)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    used free_tier_use;
    granted bigint;
BEGIN
    SELECT * INTO used FROM free_tier_use WHERE order_id = p_order AND state = 'reserved';
    IF NOT FOUND THEN RETURN 0; END IF;
    PERFORM 1 FROM identity WHERE pubkey = used.pubkey FOR UPDATE;
    granted := least(p_price_sats, used.sats);
    PERFORM ledger_post('pool-settled:' || p_order, jsonb_build_array(
        jsonb_build_object('debit', 'pool_reserved', 'debitOwner', p_order, 'credit', 'pool', 'creditOwner', 'pool',
            'msat', (used.sats - granted) * 1000),
        jsonb_build_object('debit', 'pool_reserved', 'debitOwner', p_order, 'credit', 'revenue', 'msat', granted * 1000)));
    IF granted = 0 THEN
        DELETE FROM free_tier_use WHERE order_id = p_order;
        RETURN 0;
    END IF;
    UPDATE free_tier_use SET state = 'settled', sats = granted WHERE order_id = p_order;
    UPDATE identity SET absorbed_sats = absorbed_sats + granted WHERE pubkey = used.pubkey;
    INSERT INTO pool_grant (order_kind, order_id, pubkey, absorbed_sats, request_hmac)
    VALUES (p_order_kind, p_order, used.pubkey, granted, p_request_hmac);
    RETURN granted;
END $$;

-- What the pool begins with, once in the life of the books, whoever starts first.
CREATE FUNCTION pool_seed(p_sats bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM installation_fact WHERE name = 'pool-seed') THEN RETURN; END IF;
    INSERT INTO installation_fact (name, value) VALUES ('pool-seed', to_jsonb(p_sats)) ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN RETURN; END IF;
    PERFORM ledger_post('pool-seed', jsonb_build_array(jsonb_build_object(
        'debit', 'pool_commitment', 'credit', 'pool', 'creditOwner', 'pool', 'msat', p_sats * 1000)));
END $$;

-- Jobs of an identity ------------------------------------------------------------------------------------------------
ALTER TABLE "job" ADD COLUMN "pubkey" TEXT,
    ADD COLUMN "covered_sats" BIGINT NOT NULL DEFAULT 0 CHECK ("covered_sats" >= 0),
    ADD CONSTRAINT "job_pubkey_fkey" FOREIGN KEY ("pubkey") REFERENCES "identity" ("pubkey") ON DELETE RESTRICT ON UPDATE CASCADE;
CREATE INDEX "job_pubkey_idx" ON "job" ("pubkey") WHERE "pubkey" IS NOT NULL;

-- Invoices that the dev route may be paying from our own wallet: written down before, gone when the outcome is booked.
ALTER TABLE "invoice" ADD COLUMN "dev_pay_open" BOOLEAN NOT NULL DEFAULT false;
CREATE INDEX "invoice_dev_pay_open" ON "invoice" ("created_at") WHERE "dev_pay_open";
