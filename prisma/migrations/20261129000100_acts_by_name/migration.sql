-- What an operator can do by hand is known, and nothing is done without a reason.
ALTER TABLE "operator_act"
    ADD CONSTRAINT "operator_act_kind" CHECK ("kind" IN ('payout_paid', 'payout_failed', 'pool_topup', 'task_retry')),
    ADD CONSTRAINT "operator_act_reason" CHECK (btrim("reason") <> '');
