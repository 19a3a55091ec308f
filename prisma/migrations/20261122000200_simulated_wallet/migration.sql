-- What the simulated Lightning wallet keeps. It stands for a wallet outside: nothing of the business refers to it.

-- The one row holds what the wallet owns. Every settlement and every payment locks it first, so that they come one
-- after another, and the check keeps the balance from being overspent.
CREATE TABLE "simulated_wallet" (
    "id" INTEGER NOT NULL CHECK ("id" = 1),
    "balance_msat" BIGINT NOT NULL CHECK ("balance_msat" >= 0),
    CONSTRAINT "simulated_wallet_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "simulated_invoice" (
    "payment_hash" TEXT NOT NULL,
    "preimage" TEXT NOT NULL,
    "payment_request" TEXT NOT NULL,
    "amount_msat" BIGINT NOT NULL CHECK ("amount_msat" > 0),
    "reference" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'open' CHECK ("state" IN ('open', 'settled', 'expired')),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "settled_at" TIMESTAMPTZ(3),
    CONSTRAINT "simulated_invoice_pkey" PRIMARY KEY ("payment_hash"),
    CONSTRAINT "simulated_invoice_hash_form" CHECK ("payment_hash" ~ '^[0-9a-f]{64}$'),
    CONSTRAINT "simulated_invoice_preimage_fits" CHECK (
        "payment_hash" = encode(sha256(decode("preimage", 'hex')), 'hex')
    ),
    CONSTRAINT "simulated_invoice_settled_when" CHECK (("state" = 'settled') = ("settled_at" IS NOT NULL))
);

CREATE TABLE "simulated_payment" (
    "payment_hash" TEXT NOT NULL,
    "payment_request" TEXT NOT NULL,
    "amount_msat" BIGINT NOT NULL CHECK ("amount_msat" > 0),
    "fee_msat" BIGINT NOT NULL DEFAULT 0 CHECK ("fee_msat" >= 0),
    "reference" TEXT NOT NULL,
    "paid_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "simulated_payment_pkey" PRIMARY KEY ("payment_hash")
);

-- Settles an invoice once, credits it, and tells every process that listens. Answers the preimage, which is the payer's
-- proof, or null where the invoice is unknown, settled or over.
CREATE FUNCTION simulated_wallet_settle(hash text, at timestamptz) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    settled simulated_invoice;
BEGIN
    PERFORM 1 FROM simulated_wallet WHERE id = 1 FOR UPDATE;
    IF NOT FOUND THEN RAISE 'the simulated wallet is not open'; END IF;
    UPDATE simulated_invoice SET state = 'settled', settled_at = at
    WHERE payment_hash = hash AND state = 'open' AND expires_at > at
    RETURNING * INTO settled;
    IF NOT FOUND THEN RETURN NULL; END IF;
    UPDATE simulated_wallet SET balance_msat = balance_msat + settled.amount_msat WHERE id = 1;
    PERFORM pg_notify('simulated_wallet_settled', hash);
    RETURN settled.preimage;
END $$;

-- Pays an invoice once, from the balance. An invoice of the wallet's own is settled by it.
CREATE FUNCTION simulated_wallet_pay(hash text, request text, msat bigint, reference text, at timestamptz)
RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    own simulated_invoice;
BEGIN
    PERFORM 1 FROM simulated_wallet WHERE id = 1 FOR UPDATE;
    IF NOT FOUND THEN RAISE 'the simulated wallet is not open'; END IF;
    IF EXISTS (SELECT FROM simulated_payment p WHERE p.payment_hash = hash) THEN RETURN 'alreadyPaid'; END IF;
    SELECT * INTO own FROM simulated_invoice i WHERE i.payment_hash = hash;
    IF FOUND AND (own.payment_request <> request OR own.state <> 'open') THEN RETURN 'notPayable'; END IF;
    UPDATE simulated_wallet SET balance_msat = balance_msat - msat WHERE id = 1 AND balance_msat >= msat;
    IF NOT FOUND THEN RETURN 'insufficient'; END IF;
    IF own.payment_hash IS NOT NULL AND simulated_wallet_settle(hash, at) IS NULL THEN
        -- It expired while we were here: the debit above goes back.
        UPDATE simulated_wallet SET balance_msat = balance_msat + msat WHERE id = 1;
        RETURN 'notPayable';
    END IF;
    INSERT INTO simulated_payment (payment_hash, payment_request, amount_msat, reference, paid_at)
    VALUES (hash, request, msat, reference, at);
    RETURN 'paid';
END $$;
