-- A contended account is one row that is written again and again. What made that slow:

-- an index on its balance, so that each write had to be entered in both indexes, and each reader had to pass the dead
-- entries of all before it. Whether it holds anything seldom changes, and then alone the index does.
ALTER TABLE "ledger_account" ADD COLUMN "holding" BOOLEAN NOT NULL GENERATED ALWAYS AS ("balance_msat" > 0) STORED;
DROP INDEX "ledger_account_holding";
CREATE INDEX "ledger_account_holding" ON "ledger_account" ("kind") WHERE "holding";

-- a guard for each row, for which Postgres locks the row once more before it writes: for each statement will do.
DROP TRIGGER ledger_account_by_transfer ON "ledger_account";
CREATE TRIGGER ledger_account_by_transfer BEFORE INSERT OR UPDATE OR DELETE ON "ledger_account" FOR EACH STATEMENT
    WHEN (pg_trigger_depth() < 1) EXECUTE FUNCTION ledger_refuse();
ALTER TABLE "ledger_account" ENABLE ALWAYS TRIGGER ledger_account_by_transfer;

-- many who wait for the row itself: whenever it is free all of them wake, and all but one wait anew. In a queue before
-- it only the next one wakes. Two queues, so that one is already awake when the other is done. What the row holds, and
-- that it never holds less than nothing, does not rest on them.
CREATE FUNCTION ledger_queue_for(p_kind text, p_owner text) RETURNS void LANGUAGE sql AS $$
    SELECT pg_advisory_xact_lock(hashtextextended(p_kind || ':' || p_owner, pg_backend_pid() % 2))
$$;
-- The balance of a constrained account, kept as it is until the transaction ends.
CREATE FUNCTION ledger_hold(p_kind text, p_owner text) RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
    PERFORM ledger_queue_for(p_kind, p_owner);
    RETURN coalesce((SELECT balance_msat FROM ledger_account WHERE kind = p_kind AND owner = p_owner FOR UPDATE), 0);
END $$;

-- two questions about the kinds of account, where one will do.
CREATE OR REPLACE FUNCTION ledger_apply_transfer() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    draws_on_constrained boolean;
    pays_into_constrained boolean;
    whole_sats boolean;
BEGIN
    SELECT d.constrained, c.constrained, d.whole_sats OR c.whole_sats
    INTO draws_on_constrained, pays_into_constrained, whole_sats
    FROM ledger_kind d, ledger_kind c WHERE d.kind = NEW.debit_kind AND c.kind = NEW.credit_kind;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'ledger: no such kind of account: % or %', NEW.debit_kind, NEW.credit_kind USING ERRCODE = 'LE001';
    END IF;
    IF (draws_on_constrained AND NEW.debit_owner = '') OR (pays_into_constrained AND NEW.credit_owner = '') THEN
        RAISE EXCEPTION 'ledger: a constrained account needs an owner' USING ERRCODE = 'LE001';
    END IF;
    IF whole_sats AND NEW.amount_msat % 1000 <> 0 THEN
        RAISE EXCEPTION 'ledger: % msat is no whole number of sats', NEW.amount_msat USING ERRCODE = 'LE002';
    END IF;
    IF pays_into_constrained THEN
        PERFORM ledger_queue_for(NEW.credit_kind, NEW.credit_owner);
        INSERT INTO ledger_account AS a (kind, owner, balance_msat) VALUES (NEW.credit_kind, NEW.credit_owner, NEW.amount_msat)
        ON CONFLICT (kind, owner) DO UPDATE SET balance_msat = a.balance_msat + EXCLUDED.balance_msat;
    END IF;
    IF draws_on_constrained THEN
        PERFORM ledger_queue_for(NEW.debit_kind, NEW.debit_owner);
        UPDATE ledger_account SET balance_msat = balance_msat - NEW.amount_msat
        WHERE kind = NEW.debit_kind AND owner = NEW.debit_owner AND balance_msat >= NEW.amount_msat;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'ledger: %:% would be overdrawn by %', NEW.debit_kind, NEW.debit_owner, NEW.event_key USING ERRCODE = 'LE003';
        END IF;
    END IF;
    RETURN NULL;
END $$;
