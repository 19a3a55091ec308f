import { z } from "zod";
import { createContainer } from "~/server/container";
import { settingsFrom } from "~/server/env";
import { hurry } from "./faults";
import { type Lane, laneSettings } from "./lane";
import { checkSnapshot, type Violation } from "./snapshot";

/** What has to be nothing once everything has come to its end: each finds what is left. */
const LEFT_OVER: Readonly<Record<string, string>> = {
  "no job is left on its way": `SELECT * FROM job
    WHERE state IN ('awaiting_eval_payment', 'evaluating', 'awaiting_work_payment', 'executing')`,
  "no session is left open, and no request running": `SELECT s.id, s.kind, s.state, r.state AS request FROM session s
    LEFT JOIN session_request r ON r.session_id = s.id AND r.state = 'running'
    WHERE s.state IN ('awaiting_payment', 'active') OR r.id IS NOT NULL`,
  "no node is left on its way, or half removed": `SELECT * FROM bootstrap_order b
    WHERE state IN ('awaiting_payment', 'provisioning') OR removal_due_at IS NOT NULL OR (state <> 'ready' AND EXISTS (
      SELECT FROM outside.node_part p WHERE p.order_id = b.id::text))`,
  "nothing is left in escrow, held, set aside or in flight": `SELECT * FROM ledger_account
    WHERE kind IN ('escrow', 'prepaid', 'held', 'pool_reserved', 'in_flight') AND balance_msat > 0`,
  "all that was owed is paid out": `SELECT * FROM ledger_account
    WHERE kind = 'owed' AND balance_msat > 0`,
  "no payout is left open": "SELECT * FROM payout WHERE state IN ('queued', 'sending')",
  "every payment is booked": `SELECT payment_hash, i.state, i.next_check_at, w.settled_at FROM simulated_invoice w LEFT JOIN invoice i USING (payment_hash)
    WHERE w.state = 'settled' AND i.state IS DISTINCT FROM 'settled'`,
  // What is put off for later is not left: it asks the wallet once more when it is due.
  "no task is left in the queue": `SELECT id, key, payload, run_at, attempts, locked_at, last_error, now()
    FROM graphile_worker._private_jobs
    WHERE last_error IS NOT NULL OR locked_at IS NOT NULL OR run_at < now() - interval '5 seconds'`,
};
const OPENED = "the books are opened with what the wallet held";
const PROVEN = "the books are proven, every term nothing";
const Rows = z.array(z.record(z.string(), z.unknown()));
const MOST_SHOWN = 3;
export const SETTLED_CHECKS = [...Object.keys(LEFT_OVER), OPENED, PROVEN];

/** Waits until nothing is left under way in a lane whose servers live; says what does not go away, and proves the books. */
export async function checkSettled(
  lane: Lane,
  priceUrl: string,
  broken: (violation: Violation) => void,
): Promise<void> {
  await lane.world
    .eventually(OPENED, async () => {
      await hurry(lane.world, false);
      return (await lane.pool.query("SELECT 1 FROM ledger_transfer WHERE event_key = 'opening'")).rowCount || null;
    })
    .catch(() => broken({ check: OPENED, detail: lane.name }));
  for (const [check, sql] of Object.entries(LEFT_OVER)) {
    const left = async () => Rows.parse((await lane.pool.query(sql)).rows);
    await lane.world
      .eventually(check, async () => ((await left()).length === 0 ? true : null))
      .catch(async () =>
        broken({ check, detail: `${lane.name}: ${JSON.stringify((await left()).slice(0, MOST_SHOWN))}` }),
      );
  }
  await prove(lane, priceUrl, broken);
  for (const violation of await checkSnapshot(lane.pool)) broken(violation);
}

/** As `npm run books` does: beside the running servers, by the app's own proof. */
async function prove(lane: Lane, priceUrl: string, broken: (violation: Violation) => void): Promise<void> {
  const settings = await settingsFrom({ ...laneSettings(lane.url, lane.world.addressHost, priceUrl), DATA_DIR: "." });
  const container = await createContainer({ ...settings, logLevel: "silent" }, lane.url);
  try {
    const proof = await container.services.books.prove();
    if (!proof.ok) return broken({ check: PROVEN, detail: proof.error.detail });
    const { walletMsat, ledgerMsat, settledUnbookedMsat, sentUnbookedMsat, reservedMsat, faults } = proof.value.terms;
    const inTransit = [settledUnbookedMsat, sentUnbookedMsat, reservedMsat].some((term) => term !== 0n);
    if (!proof.value.ok || inTransit || walletMsat !== ledgerMsat) {
      const terms = { walletMsat, ledgerMsat, settledUnbookedMsat, sentUnbookedMsat, reservedMsat, faults };
      broken({
        check: PROVEN,
        detail: JSON.stringify(terms, (_, value) => (typeof value === "bigint" ? `${value}` : value)),
      });
    }
  } finally {
    await container.close();
  }
}
