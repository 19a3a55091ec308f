-- Frees the tasks that dead workers held. One that was replaced meanwhile has lost its key and its attempts to its
-- successor: nobody would take it again, and it would be counted as overdue for ever, so it goes.
CREATE FUNCTION free_tasks_of(p_dead text[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    -- Held still, so that none is replaced after the replaced ones have gone and before the others are free.
    PERFORM 1 FROM graphile_worker._private_jobs WHERE locked_by = ANY (p_dead) ORDER BY id FOR UPDATE;
    DELETE FROM graphile_worker._private_jobs
    WHERE locked_by = ANY (p_dead) AND key IS NULL AND attempts >= max_attempts;
    PERFORM graphile_worker.force_unlock_workers(p_dead);
END $$;
