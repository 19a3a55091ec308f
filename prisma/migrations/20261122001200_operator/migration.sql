-- The operator's room: which processes live, when something was last seen, and what was done by hand.

CREATE TABLE "process" (
    "id" TEXT NOT NULL,
    "side" TEXT NOT NULL CHECK ("side" IN ('web', 'worker', 'both')),
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
    "seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
    -- Whether the wallet's announcements reach it; null where it does not follow them.
    "hears_wallet" BOOLEAN,
    CONSTRAINT "process_pkey" PRIMARY KEY ("id")
);

-- One row for each kind of thing that is seen now and then: a webhook, a model's answer, a model's failure.
CREATE TABLE "sighting" (
    "name" TEXT NOT NULL,
    "seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
    "detail" TEXT NOT NULL DEFAULT '',
    CONSTRAINT "sighting_pkey" PRIMARY KEY ("name")
);

-- What an operator did by hand, each with its reason, in the transaction that did it.
CREATE TABLE "operator_act" (
    "id" BIGSERIAL NOT NULL,
    "kind" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "sats" BIGINT,
    "reason" TEXT NOT NULL,
    "done_at" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
    CONSTRAINT "operator_act_pkey" PRIMARY KEY ("id")
);
CREATE TRIGGER operator_act_append_only BEFORE UPDATE OR DELETE ON "operator_act" FOR EACH ROW EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER operator_act_no_truncate BEFORE TRUNCATE ON "operator_act" FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
ALTER TABLE "operator_act" ENABLE ALWAYS TRIGGER operator_act_append_only;
ALTER TABLE "operator_act" ENABLE ALWAYS TRIGGER operator_act_no_truncate;

-- The newest settlement, however long the history.
CREATE INDEX "invoice_settled" ON "invoice" ("settled_at") WHERE "settled_at" IS NOT NULL;
