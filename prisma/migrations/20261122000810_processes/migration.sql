-- A process proves that it lives by a lock that only its own connection holds (src/db/liveness.ts). Whoever can take that
-- lock has found it gone, or cut off; the lock is let go of when the transaction ends.
CREATE FUNCTION process_is_gone(p_id text) RETURNS boolean LANGUAGE sql VOLATILE AS $$
    SELECT pg_try_advisory_xact_lock(28945, hashtext(p_id))
$$;
