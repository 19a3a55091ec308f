-- Jobs ------------------------------------------------------------------------------------------------------------

CREATE TABLE "job" (
    "id" UUID NOT NULL,
    "state" TEXT NOT NULL,
    "request" TEXT,
    "client_key" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "state_changed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "event_seq" INTEGER NOT NULL DEFAULT 0,
    "attempt" INTEGER NOT NULL DEFAULT 0,
    "deadline_at" TIMESTAMPTZ(3),
    "eval_fee_sats" BIGINT NOT NULL,
    "quote" JSONB,
    "actual" JSONB,
    "result" TEXT,
    "truncated" BOOLEAN NOT NULL DEFAULT false,
    "reason" TEXT,
    "error_message" TEXT,
    CONSTRAINT "job_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "job_state_known" CHECK ("state" IN (
        'awaiting_eval_payment', 'evaluating', 'awaiting_work_payment', 'executing',
        'complete', 'rejected', 'failed', 'expired', 'cancelled'
    ))
);
-- What one client left unpaid: as short as the list of open jobs, however long the history.
CREATE INDEX "job_unpaid_by_client" ON "job" ("client_key") WHERE "state" = 'awaiting_eval_payment';
-- Jobs in progress, for the sweep of overrun phases.
CREATE INDEX "job_in_progress" ON "job" ("deadline_at") WHERE "state" IN ('evaluating', 'executing');
-- Texts that are due for deletion.
CREATE INDEX "job_text_kept" ON "job" ("state_changed_at") WHERE "request" IS NOT NULL;

CREATE TABLE "job_event" (
    "job_id" UUID NOT NULL,
    "seq" INTEGER NOT NULL,
    "type" TEXT NOT NULL,
    "data" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "job_event_pkey" PRIMARY KEY ("job_id", "seq"),
    CONSTRAINT "job_event_job_id_fkey" FOREIGN KEY ("job_id") REFERENCES "job" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- Invoices --------------------------------------------------------------------------------------------------------

CREATE TABLE "invoice" (
    "payment_hash" TEXT NOT NULL,
    "order_kind" TEXT NOT NULL,
    "order_id" UUID NOT NULL,
    "purpose" TEXT NOT NULL,
    "payment_request" TEXT NOT NULL,
    "amount_sats" BIGINT NOT NULL CHECK ("amount_sats" > 0),
    "state" TEXT NOT NULL DEFAULT 'open' CHECK ("state" IN ('open', 'settled', 'expired')),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "credited_msat" BIGINT,
    "settled_at" TIMESTAMPTZ(3),
    "looked_up_at" TIMESTAMPTZ(3),
    "next_check_at" TIMESTAMPTZ(3),
    "checks" INTEGER NOT NULL DEFAULT 0,
    CONSTRAINT "invoice_pkey" PRIMARY KEY ("payment_hash"),
    CONSTRAINT "invoice_hash_form" CHECK ("payment_hash" ~ '^[0-9a-f]{64}$'),
    CONSTRAINT "invoice_credited_when_settled" CHECK (("state" = 'settled') = ("credited_msat" IS NOT NULL))
);
CREATE INDEX "invoice_order_id_idx" ON "invoice" ("order_id");
CREATE INDEX "invoice_due" ON "invoice" ("next_check_at") WHERE "next_check_at" IS NOT NULL;
CREATE INDEX "invoice_open" ON "invoice" ("created_at") WHERE "state" = 'open';

-- Payouts ---------------------------------------------------------------------------------------------------------

CREATE TABLE "payout" (
    "id" UUID NOT NULL,
    "order_kind" TEXT NOT NULL,
    "order_id" UUID NOT NULL,
    "method" TEXT NOT NULL CHECK ("method" IN ('invoice', 'lightningAddress', 'lnurl')),
    "target" TEXT NOT NULL,
    "payment_request" TEXT NOT NULL,
    "payment_hash" TEXT NOT NULL CHECK ("payment_hash" ~ '^[0-9a-f]{64}$'),
    "amount_sats" BIGINT NOT NULL CHECK ("amount_sats" > 0),
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'queued' CHECK ("state" IN ('queued', 'sending', 'paid', 'failed')),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "sent_at" TIMESTAMPTZ(3),
    "settled_at" TIMESTAMPTZ(3),
    "sends" INTEGER NOT NULL DEFAULT 0,
    "fee_msat" BIGINT,
    "note" TEXT,
    CONSTRAINT "payout_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "payout_payment_hash_key" ON "payout" ("payment_hash");
CREATE INDEX "payout_order_id_idx" ON "payout" ("order_id");
-- One owed amount, one payout at a time.
CREATE UNIQUE INDEX "payout_one_in_flight" ON "payout" ("order_id") WHERE "state" IN ('queued', 'sending');
CREATE INDEX "payout_in_flight" ON "payout" ("created_at") WHERE "state" IN ('queued', 'sending');
-- What went out in the last hour, for the hourly cap.
CREATE INDEX "payout_sent" ON "payout" ("sent_at") WHERE "sent_at" IS NOT NULL;

CREATE TABLE "withdraw_code" (
    "order_id" UUID NOT NULL,
    "order_kind" TEXT NOT NULL,
    "k1_hash" TEXT NOT NULL,
    "amount_sats" BIGINT NOT NULL CHECK ("amount_sats" > 0),
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "used_at" TIMESTAMPTZ(3),
    CONSTRAINT "withdraw_code_pkey" PRIMARY KEY ("order_id")
);
CREATE UNIQUE INDEX "withdraw_code_k1_hash_key" ON "withdraw_code" ("k1_hash");

-- The ledger ------------------------------------------------------------------------------------------------------

CREATE TABLE "ledger_kind" (
    "kind" TEXT NOT NULL,
    "class" TEXT NOT NULL CHECK ("class" IN ('asset', 'liability', 'equity', 'revenue', 'expense')),
    "constrained" BOOLEAN NOT NULL,
    "whole_sats" BOOLEAN NOT NULL,
    CONSTRAINT "ledger_kind_pkey" PRIMARY KEY ("kind"),
    -- A constrained account grows by credits, so that "not below zero" means "never drawn beyond what came in".
    CONSTRAINT "ledger_kind_constrained_grows_by_credits" CHECK (NOT "constrained" OR "class" IN ('liability', 'equity'))
);
INSERT INTO "ledger_kind" ("kind", "class", "constrained", "whole_sats") VALUES
    ('wallet', 'asset', false, false),           -- what the Lightning wallet holds for us
    ('opening_balance', 'equity', false, false), -- what it already held at the first start
    ('operator', 'equity', false, true),         -- what the operator put in or took out
    ('revenue', 'revenue', false, true),         -- earned: eval fees and work
    ('routing_fees', 'expense', false, false),   -- ours, in msat; also takes the fraction of a sat of a payment
    ('dev_pay', 'expense', false, true),         -- own invoices paid from our own wallet by the dev route
    ('escrow', 'liability', true, true),         -- paid for an order, not yet earned
    ('owed', 'liability', true, true),           -- belongs to an order's payer
    ('in_flight', 'liability', true, true);      -- owed, and on its way out

CREATE TABLE "ledger_account" (
    "kind" TEXT NOT NULL,
    "owner" TEXT NOT NULL,
    "balance_msat" BIGINT NOT NULL,
    CONSTRAINT "ledger_account_pkey" PRIMARY KEY ("kind", "owner"),
    CONSTRAINT "ledger_account_not_overdrawn" CHECK ("balance_msat" >= 0)
);
-- Few accounts hold anything at a time: a balance sheet reads these alone.
CREATE INDEX "ledger_account_holding" ON "ledger_account" ("kind") INCLUDE ("balance_msat") WHERE "balance_msat" > 0;

CREATE TABLE "ledger_transfer" (
    "id" BIGSERIAL NOT NULL,
    "event_key" TEXT NOT NULL,
    "line" SMALLINT NOT NULL CHECK ("line" >= 1),
    "debit_kind" TEXT NOT NULL,
    "debit_owner" TEXT NOT NULL DEFAULT '',
    "credit_kind" TEXT NOT NULL,
    "credit_owner" TEXT NOT NULL DEFAULT '',
    "amount_msat" BIGINT NOT NULL CHECK ("amount_msat" > 0),
    "posted_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "memo" TEXT,
    CONSTRAINT "ledger_transfer_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "ledger_transfer_two_accounts" CHECK (("debit_kind", "debit_owner") <> ("credit_kind", "credit_owner"))
);
-- Each business event is posted once.
CREATE UNIQUE INDEX "ledger_transfer_event_key_line_key" ON "ledger_transfer" ("event_key", "line");

CREATE TABLE "ledger_checkpoint" (
    "kind" TEXT NOT NULL,
    "through_id" BIGINT NOT NULL,
    "debits_msat" DECIMAL NOT NULL,
    "credits_msat" DECIMAL NOT NULL,
    CONSTRAINT "ledger_checkpoint_pkey" PRIMARY KEY ("kind")
);

-- Every way of writing a transfer passes here, plain INSERTs included.
CREATE FUNCTION ledger_apply_transfer() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    debit ledger_kind;
    credit ledger_kind;
BEGIN
    SELECT * INTO debit FROM ledger_kind WHERE kind = NEW.debit_kind;
    SELECT * INTO credit FROM ledger_kind WHERE kind = NEW.credit_kind;
    IF debit.kind IS NULL OR credit.kind IS NULL THEN
        RAISE EXCEPTION 'ledger: no such kind of account: % or %', NEW.debit_kind, NEW.credit_kind USING ERRCODE = 'LE001';
    END IF;
    IF (debit.constrained AND NEW.debit_owner = '') OR (credit.constrained AND NEW.credit_owner = '') THEN
        RAISE EXCEPTION 'ledger: a constrained account needs an owner' USING ERRCODE = 'LE001';
    END IF;
    IF (debit.whole_sats OR credit.whole_sats) AND NEW.amount_msat % 1000 <> 0 THEN
        RAISE EXCEPTION 'ledger: % msat is no whole number of sats', NEW.amount_msat USING ERRCODE = 'LE002';
    END IF;
    IF credit.constrained THEN
        INSERT INTO ledger_account AS a VALUES (NEW.credit_kind, NEW.credit_owner, NEW.amount_msat)
        ON CONFLICT (kind, owner) DO UPDATE SET balance_msat = a.balance_msat + EXCLUDED.balance_msat;
    END IF;
    IF debit.constrained THEN
        UPDATE ledger_account SET balance_msat = balance_msat - NEW.amount_msat
        WHERE kind = NEW.debit_kind AND owner = NEW.debit_owner AND balance_msat >= NEW.amount_msat;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'ledger: %:% would be overdrawn by %', NEW.debit_kind, NEW.debit_owner, NEW.event_key USING ERRCODE = 'LE003';
        END IF;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER ledger_transfer_applied AFTER INSERT ON "ledger_transfer" FOR EACH ROW EXECUTE FUNCTION ledger_apply_transfer();

CREATE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'ledger: % of % is not allowed', lower(TG_OP), TG_TABLE_NAME USING ERRCODE = 'LE004';
END $$;
CREATE TRIGGER ledger_transfer_append_only BEFORE UPDATE OR DELETE ON "ledger_transfer" FOR EACH ROW EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER ledger_transfer_no_truncate BEFORE TRUNCATE ON "ledger_transfer" FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
-- Balances change by transfers only: from inside the trigger above, never directly.
CREATE TRIGGER ledger_account_by_transfer BEFORE INSERT OR UPDATE OR DELETE ON "ledger_account" FOR EACH ROW
    WHEN (pg_trigger_depth() < 1) EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER ledger_account_no_truncate BEFORE TRUNCATE ON "ledger_account" FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
-- Also while a session poses as a replica.
ALTER TABLE "ledger_transfer" ENABLE ALWAYS TRIGGER ledger_transfer_applied;
ALTER TABLE "ledger_transfer" ENABLE ALWAYS TRIGGER ledger_transfer_append_only;
ALTER TABLE "ledger_transfer" ENABLE ALWAYS TRIGGER ledger_transfer_no_truncate;
ALTER TABLE "ledger_account" ENABLE ALWAYS TRIGGER ledger_account_by_transfer;
ALTER TABLE "ledger_account" ENABLE ALWAYS TRIGGER ledger_account_no_truncate;

-- Posts one business event: lines of {debit, debitOwner, credit, creditOwner, msat}. Lines of nothing are left out.
-- A second posting of the same event breaks the unique key and with it the transaction.
CREATE FUNCTION ledger_post(p_event_key text, p_lines jsonb, p_memo text DEFAULT NULL) RETURNS void LANGUAGE sql AS $$
    INSERT INTO ledger_transfer (event_key, line, debit_kind, debit_owner, credit_kind, credit_owner, amount_msat, memo)
    SELECT p_event_key, row_number() OVER (ORDER BY place), l ->> 'debit', coalesce(l ->> 'debitOwner', ''),
           l ->> 'credit', coalesce(l ->> 'creditOwner', ''), (l ->> 'msat')::bigint, p_memo
    FROM jsonb_array_elements(p_lines) WITH ORDINALITY AS lines (l, place)
    WHERE (l ->> 'msat')::bigint <> 0
$$;

-- Debits and credits of each kind: the last checkpoint and what came after it.
CREATE FUNCTION ledger_totals() RETURNS TABLE (kind text, class text, debits_msat numeric, credits_msat numeric) LANGUAGE sql STABLE AS $$
    WITH since AS (SELECT coalesce(max(through_id), 0) AS id FROM ledger_checkpoint),
    tail AS (
        SELECT t.debit_kind, t.credit_kind, sum(t.amount_msat) AS msat
        FROM ledger_transfer t, since WHERE t.id > since.id GROUP BY 1, 2
    )
    SELECT k.kind, k.class,
        coalesce((SELECT c.debits_msat FROM ledger_checkpoint c WHERE c.kind = k.kind), 0)
            + coalesce((SELECT sum(msat) FROM tail WHERE tail.debit_kind = k.kind), 0),
        coalesce((SELECT c.credits_msat FROM ledger_checkpoint c WHERE c.kind = k.kind), 0)
            + coalesce((SELECT sum(msat) FROM tail WHERE tail.credit_kind = k.kind), 0)
    FROM ledger_kind k
$$;

-- Moves the checkpoint up to the newest transfer. The lock waits for every posting under way, so that none with a
-- lower number can still commit behind the checkpoint.
CREATE FUNCTION ledger_advance_checkpoint() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    newest bigint;
BEGIN
    LOCK TABLE ledger_transfer IN SHARE MODE;
    SELECT max(id) INTO newest FROM ledger_transfer;
    IF newest IS NULL THEN RETURN; END IF;
    INSERT INTO ledger_checkpoint AS c (kind, through_id, debits_msat, credits_msat)
    SELECT t.kind, newest, t.debits_msat, t.credits_msat FROM ledger_totals() t
    ON CONFLICT (kind) DO UPDATE SET through_id = EXCLUDED.through_id,
        debits_msat = EXCLUDED.debits_msat, credits_msat = EXCLUDED.credits_msat;
END $$;

-- The rest --------------------------------------------------------------------------------------------------------

CREATE TABLE "books_reading" (
    "id" BIGSERIAL NOT NULL,
    "taken_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "ok" BOOLEAN NOT NULL,
    "off_msat" BIGINT NOT NULL,
    "terms" JSONB NOT NULL,
    CONSTRAINT "books_reading_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "idempotency_record" (
    "scope" TEXT NOT NULL,
    "body_hash" TEXT NOT NULL,
    "status" INTEGER NOT NULL,
    "answer" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "idempotency_record_pkey" PRIMARY KEY ("scope")
);
CREATE INDEX "idempotency_record_created_at_idx" ON "idempotency_record" ("created_at");

CREATE TABLE "rate_limit" (
    "key" VARCHAR(255) NOT NULL,
    "points" INTEGER NOT NULL DEFAULT 0,
    "expire" BIGINT,
    CONSTRAINT "rate_limit_pkey" PRIMARY KEY ("key")
);

CREATE TABLE "installation_fact" (
    "name" TEXT NOT NULL,
    "value" JSONB NOT NULL,
    CONSTRAINT "installation_fact_pkey" PRIMARY KEY ("name")
);
