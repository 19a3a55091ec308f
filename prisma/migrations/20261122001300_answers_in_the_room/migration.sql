-- Which process thinks about an answer to this line; null where none is awaited (any more). A question whose process is
-- gone (process_is_gone), or has had more time than any answer may take, is answered by whoever finds it.
ALTER TABLE "workshop_chat" ADD COLUMN "thinker" TEXT;

CREATE FUNCTION workshop_ask(p_text text, p_at timestamptz, p_kept integer, p_thinker text) RETURNS bigint
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    asked bigint := workshop_say('visitor', p_text, p_at, p_kept);
BEGIN
    UPDATE workshop_chat SET thinker = p_thinker WHERE seq = asked;
    RETURN asked;
END
$$;

-- Says the answer and takes the question for answered: both or neither. The lock of workshop_say comes first, since whoever
-- holds it may delete rows.
CREATE FUNCTION workshop_answer(p_question bigint, p_text text, p_at timestamptz, p_kept integer) RETURNS bigint
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(28947);
    UPDATE workshop_chat SET thinker = NULL WHERE seq = p_question;
    RETURN workshop_say('timmy', p_text, p_at, p_kept);
END
$$;

-- Says once that there will be no answer, if there is a question that nobody thinks about any more.
CREATE FUNCTION workshop_give_up(p_text text, p_at timestamptz, p_kept integer, p_overdue timestamptz) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    -- Nearly always there is none, and then nobody's lock is taken.
    IF NOT EXISTS (
        SELECT FROM workshop_chat WHERE thinker IS NOT NULL AND (created_at < p_overdue OR process_is_gone(thinker))
    ) THEN
        RETURN;
    END IF;
    PERFORM pg_advisory_xact_lock(28947);
    UPDATE workshop_chat SET thinker = NULL
        WHERE thinker IS NOT NULL AND (created_at < p_overdue OR process_is_gone(thinker));
    IF FOUND THEN
        PERFORM workshop_say('timmy', p_text, p_at, p_kept);
    END IF;
END
$$;
