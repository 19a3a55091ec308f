-- What was said in the workshop, by visitors and by Timmy: the newest lines alone are kept.
CREATE TABLE "workshop_chat" (
    "seq" BIGSERIAL NOT NULL,
    "agent_id" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "workshop_chat_pkey" PRIMARY KEY ("seq")
);

-- Takes a line in. One at a time, so that nobody who has read up to a number misses a lower one that comes later; the
-- lock is the last thing that a statement of its own holds.
CREATE FUNCTION workshop_say(p_agent_id text, p_text text, p_at timestamptz, p_kept integer) RETURNS bigint
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    said bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(28947);
    INSERT INTO workshop_chat (agent_id, text, created_at) VALUES (p_agent_id, p_text, p_at) RETURNING seq INTO said;
    DELETE FROM workshop_chat WHERE seq <= said - p_kept;
    PERFORM pg_notify('workshop', '{}');
    RETURN said;
END
$$;

-- What each process has in it just now: open watchers, and model calls that no row of an order tells of. A process that
-- is gone (process_is_gone) does not count any more, and its row is removed by whoever finds it.
CREATE TABLE "workshop_presence" (
    "process_id" TEXT NOT NULL,
    "visitors" INTEGER NOT NULL,
    "judging" INTEGER NOT NULL,
    "working" INTEGER NOT NULL,
    "thinking" INTEGER NOT NULL,
    CONSTRAINT "workshop_presence_pkey" PRIMARY KEY ("process_id")
);
