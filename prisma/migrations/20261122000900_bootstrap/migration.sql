-- Bootstrap: a node for a fee. An order is one machine; what that is made of outside is written down part by part,
-- before each is made and after, so that whoever goes on after a crash finds it again.

CREATE TABLE "bootstrap_order" (
    "id" UUID NOT NULL,
    "state" TEXT NOT NULL CHECK ("state" IN ('awaiting_payment', 'provisioning', 'ready', 'failed', 'expired')),
    "pubkey" TEXT,
    "client_key" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "state_changed_at" TIMESTAMPTZ(3) NOT NULL,
    "change_seq" INTEGER NOT NULL DEFAULT 0,
    "fee_sats" BIGINT NOT NULL CHECK ("fee_sats" > 0),
    "provider" TEXT,
    "attempt" INTEGER NOT NULL DEFAULT 0,
    "deadline_at" TIMESTAMPTZ(3),
    "public_key" TEXT,
    "sealed_private_key" BYTEA,
    "private_key_taken_at" TIMESTAMPTZ(3),
    "server_ip" TEXT,
    "tailscale_hostname" TEXT,
    "lnbits_url" TEXT,
    "message" TEXT,
    "error_message" TEXT,
    "note" TEXT,
    "removal_due_at" TIMESTAMPTZ(3),
    CONSTRAINT "bootstrap_order_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "bootstrap_order_pubkey_fkey" FOREIGN KEY ("pubkey") REFERENCES "identity" ("pubkey") ON DELETE RESTRICT ON UPDATE CASCADE,
    CONSTRAINT "bootstrap_order_runs_by_a_deadline" CHECK ("state" <> 'provisioning' OR ("deadline_at" IS NOT NULL AND "provider" IS NOT NULL)),
    CONSTRAINT "bootstrap_order_ready_can_be_reached" CHECK ("state" <> 'ready' OR ("server_ip" IS NOT NULL AND "lnbits_url" IS NOT NULL)),
    -- Kept until it is taken, and no longer; and for nobody whose node failed.
    CONSTRAINT "bootstrap_order_key_is_gone_when_taken" CHECK (
        "sealed_private_key" IS NULL OR ("public_key" IS NOT NULL AND "private_key_taken_at" IS NULL AND "state" IN ('provisioning', 'ready'))),
    CONSTRAINT "bootstrap_order_removes_what_failed" CHECK ("removal_due_at" IS NULL OR "state" = 'failed')
);
CREATE INDEX "bootstrap_order_unpaid_by_client" ON "bootstrap_order" ("client_key") WHERE "state" = 'awaiting_payment';
CREATE INDEX "bootstrap_order_in_progress" ON "bootstrap_order" ("deadline_at") WHERE "state" = 'provisioning';
CREATE INDEX "bootstrap_order_to_remove" ON "bootstrap_order" ("removal_due_at") WHERE "removal_due_at" IS NOT NULL;
CREATE INDEX "bootstrap_order_pubkey_idx" ON "bootstrap_order" ("pubkey") WHERE "pubkey" IS NOT NULL;

CREATE TABLE "bootstrap_part" (
    "order_id" UUID NOT NULL,
    "part" TEXT NOT NULL CHECK ("part" IN ('sshKey', 'authKey', 'volume', 'server')),
    "tried_at" TIMESTAMPTZ(3),
    "provider_id" TEXT,
    "sealed_secret" BYTEA,
    "made_at" TIMESTAMPTZ(3),
    "removed_at" TIMESTAMPTZ(3),
    CONSTRAINT "bootstrap_part_pkey" PRIMARY KEY ("order_id", "part"),
    CONSTRAINT "bootstrap_part_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "bootstrap_order" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    CONSTRAINT "bootstrap_part_made_has_its_id" CHECK (("made_at" IS NULL) = ("provider_id" IS NULL)),
    CONSTRAINT "bootstrap_part_secret_is_of_what_is_there" CHECK ("sealed_secret" IS NULL OR ("made_at" IS NOT NULL AND "removed_at" IS NULL))
);

-- The same count, with nodes.
CREATE OR REPLACE FUNCTION unpaid_orders(p_client_key text, p_limit integer) RETURNS integer LANGUAGE sql STABLE AS $$
    SELECT count(*)::integer FROM (
        SELECT FROM job WHERE client_key = p_client_key AND state = 'awaiting_eval_payment'
        UNION ALL
        SELECT FROM session WHERE client_key = p_client_key AND state = 'awaiting_payment'
        UNION ALL
        SELECT FROM bootstrap_order WHERE client_key = p_client_key AND state = 'awaiting_payment'
        LIMIT p_limit
    ) AS unpaid
$$;
