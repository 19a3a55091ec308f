-- What proves a key and is good once: challenges that were answered, and events that authorised a call (NIP-98). Both
-- expire by themselves, so a row may go soon after its proof would be refused as too old anyway.
CREATE TABLE "used_proof" (
    "proof" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "used_proof_pkey" PRIMARY KEY ("proof")
);
CREATE INDEX "used_proof_expires_at_idx" ON "used_proof" ("expires_at");
