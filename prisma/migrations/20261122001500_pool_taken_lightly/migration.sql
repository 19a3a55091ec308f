-- Taking from the pool, in fewer steps: by how much it can be given is what everybody waits for.

-- The same posting as by ledger_post, without a detour over JSON: the ledger's triggers see every row, however it comes.
CREATE OR REPLACE FUNCTION pool_reserve(p_order uuid, p_pubkey text, p_sats bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO free_tier_use (order_id, pubkey, day, state, sats)
    VALUES (p_order, p_pubkey, free_tier_today(), 'reserved', p_sats);
    INSERT INTO ledger_transfer (event_key, line, debit_kind, debit_owner, credit_kind, credit_owner, amount_msat)
    VALUES ('pool-reserved:' || p_order, 1, 'pool', 'pool', 'pool_reserved', p_order::text, p_sats * 1000);
END $$;

-- A savepoint, from which a refused posting can be done otherwise, costs a transaction number each time. It is made only
-- where the pool may run dry meanwhile: not where it holds the amount as many times as there are connections. Should it run
-- dry all the same, the ledger refuses, nothing of the statement has happened, and its caller tries again (SQLSTATE LE003).
CREATE OR REPLACE FUNCTION pool_take(p_order uuid, p_pubkey text, p_most bigint, p_least bigint) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    holds bigint := pool_balance();
    reach bigint := least(p_most, holds);
BEGIN
    IF reach < p_least THEN RETURN reach; END IF;
    IF holds / current_setting('max_connections')::bigint >= p_most THEN
        PERFORM pool_reserve(p_order, p_pubkey, reach);
        RETURN reach;
    END IF;
    BEGIN
        PERFORM pool_reserve(p_order, p_pubkey, reach);
        RETURN reach;
    EXCEPTION WHEN SQLSTATE 'LE003' THEN
        -- Others were first, and the ledger has put it all back. Once more, now with everybody else kept out.
        reach := least(p_most, ledger_hold('pool', 'pool') / 1000);
    END;
    IF reach >= p_least THEN PERFORM pool_reserve(p_order, p_pubkey, reach); END IF;
    RETURN reach;
END $$;
