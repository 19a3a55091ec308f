import { randomUUID } from "node:crypto";
import { createdJob, toClaimable } from "./job-producers";
import type { Call, Sent, Stage } from "./stage";

const UNKNOWN = "00000000-0000-4000-8000-000000000000";
const bearer = ({ container }: Stage) => ({ authorization: `Bearer ${container.settings.adminToken}` });
const WRONG = { authorization: "Bearer not the operator's" };
const reason = "as the test wants it";

/** What everybody meets at the operator's door, whatever they want there. */
async function atTheDoor(stage: Stage, ask: (call: Call, headers: Record<string, string>) => Promise<unknown>) {
  await ask(stage.call, {});
  await ask(stage.call, WRONG);
  await ask(stage.call, { ...bearer(stage), "sec-fetch-site": "cross-site" });
  await ask(stage.tight, WRONG);
  await ask(stage.tight, WRONG);
  await ask(stage.failing, bearer(stage));
  await ask(stage.cutOff, bearer(stage));
}

/** And what any act may answer besides. */
async function acting(stage: Stage, path: string, body: object): Promise<void> {
  const headers = bearer(stage);
  const act = (sent: Sent) => stage.call("POST", path, { ...sent, headers: { ...headers, ...sent.headers } });
  await atTheDoor(stage, (call, its) => call("POST", path, { body, headers: its }));
  await act({ body: {} });
  await act({ body, headers: { "idempotency-key": "x".repeat(256) } });
  const key = { "idempotency-key": randomUUID() };
  await act({ body, headers: key });
  await act({ body, headers: key });
  await act({ body: { ...body, reason: "another" }, headers: key });
}

/** A payout that waits: nothing has worked at it yet. */
async function waitingPayout(stage: Stage): Promise<string> {
  const { jobId, refundToken } = await toClaimable(stage);
  const { json: job } = await stage.call("GET", `/api/jobs/${jobId}`);
  const { json } = await stage.call("POST", "/api/dev/stub/invoice", { body: { amountSats: job.owedSats } });
  await stage.call("POST", `/api/jobs/${jobId}/refund`, { body: { refundToken, invoice: json.paymentRequest } });
  const { id } = await stage.db.prisma.payout.findFirstOrThrow({ where: { orderId: jobId, state: "queued" } });
  return id;
}

export const adminProducers = {
  async "admin.nodeStatus"(stage: Stage) {
    await createdJob(stage);
    await atTheDoor(stage, (call, headers) => call("GET", "/api/admin/node-status", { headers }));
    await stage.call("GET", "/api/admin/node-status", { headers: bearer(stage) });
    const basic = Buffer.from(`operator:${stage.container.settings.adminToken}`).toString("base64");
    await stage.call("GET", "/api/admin/node-status", { headers: { authorization: `Basic ${basic}` } });
  },

  async "admin.nodeStatusPage"(stage: Stage) {
    await atTheDoor(stage, (call, headers) => call("GET", "/api/admin/node-status/html", { headers }));
    await stage.call("GET", "/api/admin/node-status/html", { headers: bearer(stage) });
  },

  async "admin.settlePayout"(stage: Stage) {
    const id = await waitingPayout(stage);
    const settle = (payoutId: string, body: object) =>
      stage.call("POST", `/api/admin/payouts/${payoutId}/settle`, { body, headers: bearer(stage) });
    await settle(UNKNOWN, { outcome: "failed", reason });
    await settle(id, { outcome: "paid", reason });
    await stage.db.prisma.payout.update({ where: { id }, data: { state: "sending", sentAt: new Date() } });
    await settle(id, { outcome: "failed", reason });
    await stage.db.prisma.payout.update({ where: { id }, data: { state: "queued", sentAt: null } });
    await stage.work(); // pays it
    await settle(id, { outcome: "failed", reason });
    await stage.db.prisma.payout.update({ where: { id }, data: { state: "sending" } });
    await settle(id, { outcome: "failed", reason });
    await stage.db.prisma.payout.update({ where: { id }, data: { state: "paid" } });
    const another = await waitingPayout(stage);
    await stage.db.prisma.payout.update({ where: { id: another }, data: { state: "sending", sentAt: new Date(0) } });
    await acting(stage, `/api/admin/payouts/${another}/settle`, { outcome: "failed", reason });
  },

  async "admin.topUpPool"(stage: Stage) {
    await acting(stage, "/api/admin/pool/topup", { amountSats: 5, reason });
  },

  async "admin.retryTask"(stage: Stage) {
    const { rows } = await stage.db.pool.query(
      "SELECT id::text FROM graphile_worker.add_job('payout', run_at => now() + interval '1 hour') AS added",
    );
    await acting(stage, `/api/admin/tasks/${rows[0].id}/retry`, { reason });
    await stage.call("POST", "/api/admin/tasks/999999/retry", { body: { reason }, headers: bearer(stage) });
    await stage.db.pool.query("DELETE FROM graphile_worker._private_jobs WHERE id = $1", [rows[0].id]);
  },
};
