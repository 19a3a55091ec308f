-- What is owed on one order can become the balance of another: a payout that leaves no trace in the wallet, is paid at
-- once, and has no invoice.
ALTER TABLE "payout" DROP CONSTRAINT "payout_method_check",
    ALTER COLUMN "payment_request" DROP NOT NULL,
    ALTER COLUMN "payment_hash" DROP NOT NULL,
    ADD CONSTRAINT "payout_method_check" CHECK ("method" IN ('invoice', 'lightningAddress', 'lnurl', 'session')),
    ADD CONSTRAINT "payout_to_an_invoice" CHECK (
        ("method" = 'session') = ("payment_hash" IS NULL) AND ("method" = 'session') = ("payment_request" IS NULL)),
    ADD CONSTRAINT "payout_into_balance_at_once" CHECK ("method" <> 'session' OR "state" = 'paid');
