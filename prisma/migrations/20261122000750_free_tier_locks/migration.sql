-- The decision about the free tier, mended:
-- an identity is locked so that orders of it can still be made meanwhile (their foreign key asks for its row),
-- the pool's row, which all decisions share, is written last of all and held for little more than the commit,
-- and a settlement that waited for another one sees what that one left.

-- Sets an amount aside for an order. The use comes before the posting: the pool is the row that everybody waits for.
CREATE OR REPLACE FUNCTION pool_reserve(p_order uuid, p_pubkey text, p_sats bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO free_tier_use (order_id, pubkey, day, state, sats)
    VALUES (p_order, p_pubkey, free_tier_today(), 'reserved', p_sats);
    PERFORM ledger_post('pool-reserved:' || p_order, jsonb_build_array(jsonb_build_object(
        'debit', 'pool', 'debitOwner', 'pool', 'credit', 'pool_reserved', 'creditOwner', p_order, 'msat', p_sats * 1000)));
END $$;

-- Sets aside as much of p_most as the pool holds, if that is p_least at least. Returns what the pool reaches to; that is
-- set aside if, and only if, it is p_least or more.
CREATE FUNCTION pool_take(p_order uuid, p_pubkey text, p_most bigint, p_least bigint) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    reach bigint := least(p_most, pool_balance());
BEGIN
    IF reach < p_least THEN RETURN reach; END IF;
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

CREATE OR REPLACE FUNCTION free_tier_decide(
    p_order uuid, p_pubkey text, p_version integer, p_daily_sats bigint, p_return_pct numeric, p_quote_sats bigint, p_take text
) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    covered bigint;
    least_sats bigint := CASE p_take WHEN 'whole' THEN p_quote_sats ELSE 1 END;
BEGIN
    IF p_take <> 'nothing' THEN
        PERFORM 1 FROM identity WHERE pubkey = p_pubkey AND version = p_version FOR NO KEY UPDATE;
        IF NOT FOUND THEN RAISE 'the standing of the identity has changed' USING ERRCODE = '40001'; END IF;
    END IF;
    covered := least(p_quote_sats, coalesce(free_tier_left(p_pubkey, p_daily_sats, p_return_pct), 0));
    IF covered <= 0 THEN RETURN 0; END IF;
    IF p_take = 'nothing' OR covered < least_sats THEN
        covered := least(covered, pool_balance());
    ELSE
        covered := pool_take(p_order, p_pubkey, covered, least_sats);
    END IF;
    IF p_take = 'whole' AND covered BETWEEN 1 AND p_quote_sats - 1 THEN
        INSERT INTO free_tier_use (order_id, pubkey, day, state, sats)
        VALUES (p_order, p_pubkey, free_tier_today(), 'pledged', covered);
    END IF;
    RETURN covered;
END $$;

CREATE OR REPLACE FUNCTION free_tier_take_pledge(
    p_order uuid, p_pubkey text, p_version integer, p_daily_sats bigint, p_return_pct numeric
) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    pledged bigint;
    wanted bigint;
BEGIN
    PERFORM 1 FROM identity WHERE pubkey = p_pubkey AND version = p_version FOR NO KEY UPDATE;
    IF NOT FOUND THEN RAISE 'the standing of the identity has changed' USING ERRCODE = '40001'; END IF;
    DELETE FROM free_tier_use WHERE order_id = p_order AND state = 'pledged' RETURNING sats INTO pledged;
    IF pledged IS NULL THEN RETURN 0; END IF;
    wanted := least(pledged, free_tier_left(p_pubkey, p_daily_sats, p_return_pct));
    IF wanted <= 0 THEN RETURN 0; END IF;
    RETURN pool_take(p_order, p_pubkey, wanted, 1);
END $$;

CREATE OR REPLACE FUNCTION free_tier_settle(p_order uuid, p_order_kind text, p_price_sats bigint, p_request_hmac text)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    used free_tier_use;
    granted bigint;
BEGIN
    PERFORM 1 FROM identity WHERE pubkey = (SELECT pubkey FROM free_tier_use WHERE order_id = p_order) FOR NO KEY UPDATE;
    SELECT * INTO used FROM free_tier_use WHERE order_id = p_order AND state = 'reserved';
    IF NOT FOUND THEN RETURN 0; END IF;
    granted := least(p_price_sats, used.sats);
    IF granted = 0 THEN
        DELETE FROM free_tier_use WHERE order_id = p_order;
    ELSE
        UPDATE free_tier_use SET state = 'settled', sats = granted WHERE order_id = p_order;
        UPDATE identity SET absorbed_sats = absorbed_sats + granted WHERE pubkey = used.pubkey;
        INSERT INTO pool_grant (order_kind, order_id, pubkey, absorbed_sats, request_hmac)
        VALUES (p_order_kind, p_order, used.pubkey, granted, p_request_hmac);
    END IF;
    PERFORM ledger_post('pool-settled:' || p_order, jsonb_build_array(
        jsonb_build_object('debit', 'pool_reserved', 'debitOwner', p_order, 'credit', 'pool', 'creditOwner', 'pool',
            'msat', (used.sats - granted) * 1000),
        jsonb_build_object('debit', 'pool_reserved', 'debitOwner', p_order, 'credit', 'revenue', 'msat', granted * 1000)));
    RETURN granted;
END $$;
