-- What all processes together have counted since the first start, one row for each counter and its labels: a few dozen.
CREATE TABLE "metric_total" (
    "name" TEXT NOT NULL,
    "labels" JSONB NOT NULL,
    "value" DOUBLE PRECISION NOT NULL,
    CONSTRAINT "metric_total_pkey" PRIMARY KEY ("name", "labels")
);
