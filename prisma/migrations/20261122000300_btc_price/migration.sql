-- The last good price of bitcoin, in USD. It outlives a restart, and all processes quote by it.
CREATE TABLE "btc_price" (
    "id" INTEGER NOT NULL CHECK ("id" = 1),
    "usd" DOUBLE PRECISION NOT NULL CHECK ("usd" > 0),
    "as_of" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "btc_price_pkey" PRIMARY KEY ("id")
);
