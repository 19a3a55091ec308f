import { anyInvoice } from "../../../scripts/demo/any-invoice";
import { byToken, toClaimable } from "./job-producers";
import type { Reply, Stage } from "./stage";

type Invoice = { paymentRequest: string; paymentHash: string; amountSats: number };
type Session = { sessionId: string; macaroon: string; refundToken: string; depositInvoice: Invoice };

const WHOLE_DEPOSIT = 5_000;
const bearer = (macaroon: string) => ({ authorization: `Bearer ${macaroon}` });
const pay = ({ call }: Stage, { paymentHash }: Invoice) => call("POST", `/api/dev/stub/pay/${paymentHash}`);

async function opened({ call }: Stage, amountSats = WHOLE_DEPOSIT): Promise<Session> {
  return (await call("POST", "/api/sessions", { body: { amountSats } })).json as unknown as Session;
}

/** A session that is paid, and knows it. */
async function active(stage: Stage, amountSats = WHOLE_DEPOSIT): Promise<Session & { path: string; headers: Headers }> {
  const session = await opened(stage, amountSats);
  await pay(stage, session.depositInvoice);
  const path = `/api/sessions/${session.sessionId}`;
  const headers = bearer(session.macaroon);
  await stage.call("GET", path, { headers });
  return { ...session, path, headers };
}
type Headers = Record<string, string>;

/** Without a credential, with one of another session, with one that is not paid yet. */
async function refusals(stage: Stage, method: string, at: (path: string) => string, body?: object): Promise<void> {
  const { path } = await active(stage);
  const other = await active(stage);
  const unpaid = await opened(stage);
  const sent = body && { body };
  await stage.call(method, at(path), { ...sent });
  await stage.call(method, at(path), { ...sent, headers: other.headers });
  await stage.call(method, at(`/api/sessions/${unpaid.sessionId}`), { ...sent, headers: bearer(unpaid.macaroon) });
}

const ask = ({ call }: Stage, { path, headers }: { path: string; headers: Headers }, request: string): Promise<Reply> =>
  call("POST", `${path}/request`, { headers, body: { request } });

export const sessionProducers = {
  async "sessions.create"(stage: Stage) {
    await opened(stage);
    await stage.call("POST", "/api/sessions", { body: { amountSats: 99 } });
  },

  async "sessions.get"(stage: Stage) {
    await refusals(stage, "GET", (path) => path);
    const session = await active(stage);
    await ask(stage, session, "A haiku");
    await stage.call("GET", `${session.path}?limit=1`, { headers: session.headers });
    await stage.call("GET", `${session.path}?limit=0`, { headers: session.headers });
  },

  async "sessions.request"(stage: Stage) {
    const body = { request: "A haiku" };
    await refusals(stage, "POST", (path) => `${path}/request`, body);
    const session = await active(stage);
    for (const request of ["A haiku", "A haiku [reject]", "A haiku [refuse]"]) await ask(stage, session, request);
    await stage.call("POST", `${session.path}/request`, {
      headers: { ...session.headers, accept: "text/event-stream" },
      body,
    });
    const poor = await active(stage, 100);
    for (let asked = 0; asked < 5; asked += 1) await ask(stage, poor, "x".repeat(500));
    const closed = await active(stage);
    await stage.call("POST", `${closed.path}/close`, { body: { refundToken: closed.refundToken } });
    await ask(stage, closed, "A haiku");
  },

  async "sessions.getRequest"(stage: Stage) {
    await refusals(stage, "GET", (path) => `${path}/requests/9c1b3f4e-3a3c-4f0e-8a52-6a3d3f0e7b21`);
    const session = await active(stage);
    const { json } = await ask(stage, session, "A haiku");
    for (const id of [json.requestId, "9c1b3f4e-3a3c-4f0e-8a52-6a3d3f0e7b21"]) {
      await stage.call("GET", `${session.path}/requests/${id}`, { headers: session.headers });
    }
  },

  async "sessions.topup"(stage: Stage) {
    const body = { amountSats: 500 };
    await refusals(stage, "POST", (path) => `${path}/topup`, body);
    const { path, headers } = await active(stage);
    await stage.call("POST", `${path}/topup`, { headers, body });
    await stage.call("POST", `${path}/topup`, { headers, body }); // while the first is open
    await stage.call("GET", path, { headers });
  },

  async "sessions.close"(stage: Stage) {
    const { path, refundToken } = await active(stage);
    await byToken(stage, "POST", `${path}/close`, refundToken);
    await stage.call("POST", `${path}/close`, { body: { refundToken } }); // once more
    const late = await opened(stage);
    await stage.db.pool.query("update session set state = 'expired' where id = $1", [late.sessionId]);
    const sent = { body: { refundToken: late.refundToken } };
    await stage.call("POST", `/api/sessions/${late.sessionId}/close`, sent);
  },

  async "sessions.refund"(stage: Stage) {
    const { path, refundToken } = await active(stage);
    const refund = `${path}/refund`;
    const claim = (target: object) => stage.call("POST", refund, { body: { refundToken, ...target } });
    await claim({ invoice: anyInvoice(5) }); // nothing is owed yet
    await stage.call("POST", `${path}/close`, { body: { refundToken } });
    await byToken(stage, "POST", refund, refundToken, { lnurl: true });
    await claim({});
    await claim({ invoice: anyInvoice(1) });
    await claim({ lightningAddress: stage.greedyAddress });
    const other = await active(stage);
    await claim({ sessionId: other.sessionId });
    const job = await toClaimable(stage);
    await stage.call("POST", `/api/jobs/${job.jobId}/refund`, {
      body: { refundToken: job.refundToken, sessionId: other.sessionId },
    });
    await stage.call("GET", `/api/jobs/${job.jobId}`);
  },

  async "l402.ask"(stage: Stage) {
    const path = "/api/l402/ask";
    const body = { request: "A haiku" };
    const { json } = await stage.call("POST", path, { body });
    const { macaroon, invoice } = json as unknown as { macaroon: string; invoice: Invoice };
    const { json: paid } = await pay(stage, invoice);
    const headers = { authorization: `L402 ${macaroon}:${paid.preimage}` };
    await stage.call("POST", path, { headers, body });
    await stage.call("POST", path, { headers, body }); // the same answer
    await stage.call("POST", path, { headers, body: { request: "Another haiku" } });
    await stage.call("POST", path, { headers: { authorization: "L402 bm9uc2Vuc2U=:00" }, body });
    const { json: unpaid } = await stage.call("POST", path, { body: { request: "Unpaid" } });
    await stage.call("POST", path, {
      headers: { authorization: `L402 ${unpaid.macaroon}:${"00".repeat(32)}` },
      body: { request: "Unpaid" },
    });
  },
};
