-- What has flowed into the pool and out of it, by time: a report over some days reads those days and no more.
CREATE INDEX "ledger_transfer_pool_flows" ON "ledger_transfer" ("posted_at") INCLUDE ("debit_kind", "amount_msat")
    WHERE ("credit_kind" = 'pool' AND "debit_kind" IN ('revenue', 'pool_commitment'))
        OR ("debit_kind" = 'pool_reserved' AND "credit_kind" = 'revenue');
