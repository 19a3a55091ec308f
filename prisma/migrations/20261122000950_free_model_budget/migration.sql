-- What the free answers of a UTC day have cost us, or may yet: a call is counted at its worst before it is made, and
-- corrected to its bill afterwards. A row a day.
CREATE TABLE "free_model_day" (
    "day" DATE NOT NULL,
    "usd" NUMERIC(20, 12) NOT NULL CHECK ("usd" >= 0),
    CONSTRAINT "free_model_day_pkey" PRIMARY KEY ("day")
);
