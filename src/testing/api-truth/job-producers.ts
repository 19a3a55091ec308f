import { anyInvoice } from "../../../scripts/demo/any-invoice";
import type { Reply, Stage } from "./stage";

type Invoice = { paymentHash: string; amountSats: number };
type Job = { jobId: string; refundToken: string; evalInvoice: Invoice };

export async function createdJob({ call }: Stage, request = "A haiku"): Promise<Job> {
  return (await call("POST", "/api/jobs", { body: { request } })).json as unknown as Job;
}

const pay = ({ call }: Stage, invoice: Invoice) => call("POST", `/api/dev/stub/pay/${invoice.paymentHash}`);

/** A job whose work is paid and done: its change is owed. Every state on the way is read. */
export async function toClaimable(stage: Stage, request = "A haiku"): Promise<Job & { owedSats: number }> {
  const job = await createdJob(stage, request);
  const read = () => stage.call("GET", `/api/jobs/${job.jobId}`);
  await read();
  await pay(stage, job.evalInvoice);
  await read();
  await stage.work();
  const quoted = (await read()).json as unknown as { workInvoice?: Invoice };
  if (quoted.workInvoice) {
    await pay(stage, quoted.workInvoice);
    await read();
    await stage.work();
  }
  const { json } = await read();
  return { ...job, owedSats: Number(json.owedSats) };
}

export const jobProducers = {
  async "jobs.create"(stage: Stage) {
    await createdJob(stage);
  },

  async "jobs.get"(stage: Stage) {
    await toClaimable(stage, "A haiku [truncate]");
    await toClaimable(stage, "A haiku [reject]");
    await toClaimable(stage, "A haiku [refuse]");
    await toClaimable(stage, "A haiku [nonsense]");
  },

  async "jobs.cancel"(stage: Stage) {
    const { jobId, refundToken } = await createdJob(stage);
    await byToken(stage, "POST", `/api/jobs/${jobId}/cancel`, refundToken);
    await stage.call("POST", `/api/jobs/${jobId}/cancel`, { body: { refundToken } }); // once more
    const done = await toClaimable(stage);
    await stage.call("POST", `/api/jobs/${done.jobId}/cancel`, { body: { refundToken: done.refundToken } });
  },

  async "jobs.refund"(stage: Stage) {
    const { jobId, refundToken, owedSats } = await toClaimable(stage);
    const path = `/api/jobs/${jobId}/refund`;
    const claim = (body: object) => stage.call("POST", path, { body: { refundToken, ...body } });
    await byToken(stage, "POST", path, refundToken, { lnurl: true });
    await claim({});
    await claim({ invoice: anyInvoice(owedSats + 1) });
    await claim({ lightningAddress: "nobody@127.0.0.1" });
    await claim({ lightningAddress: stage.greedyAddress });
    const invoice = anyInvoice(owedSats);
    await claim({ invoice });
    await claim({ invoice: anyInvoice(owedSats) }); // on its way already
    await stage.work();
    await claim({ invoice: anyInvoice(owedSats) }); // nothing is owed any more
    const next = await toClaimable(stage);
    await stage.call("POST", `/api/jobs/${next.jobId}/refund`, { body: { refundToken: next.refundToken, invoice } });
    await stage.call("GET", `/api/jobs/${jobId}`);
  },

  async "jobs.deleteText"(stage: Stage) {
    const { jobId, refundToken } = await toClaimable(stage);
    await byToken(stage, "DELETE", `/api/jobs/${jobId}`, refundToken);
    await stage.call("GET", `/api/jobs/${jobId}`);
    const open = await createdJob(stage);
    await stage.call("DELETE", `/api/jobs/${open.jobId}`, { headers: { "x-refund-token": open.refundToken } });
  },
};

/** Without the token, with a wrong one, and by the header as it should be. */
export async function byToken(
  { call }: Stage,
  method: string,
  path: string,
  refundToken: string,
  body?: object,
): Promise<Reply> {
  const sent = body && { body };
  await call(method, path, { ...sent });
  await call(method, path, { ...sent, headers: { "x-refund-token": "wrong" } });
  return call(method, path, { ...sent, headers: { "x-refund-token": refundToken } });
}
