import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";

/** What the bench reads of a job. */
const Job = z.object({
  jobId: z.string(),
  state: z.string(),
  evalInvoice: z.object({ paymentHash: z.string() }).optional(),
  workInvoice: z.object({ paymentHash: z.string() }).optional(),
});
export type Job = z.infer<typeof Job>;

const POLL_MS = 10;
const PATIENCE_MS = 60_000;

/** A visitor of a running app. */
export function visitor(url: string) {
  async function call(path: string, init: RequestInit = {}): Promise<unknown> {
    const reply = await fetch(`${url}${path}`, init);
    const answer: unknown = await reply.json();
    if (!reply.ok) throw new Error(`${path}: ${reply.status} ${JSON.stringify(answer)}`);
    return answer;
  }
  const post = (path: string, body: object) =>
    call(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });

  return {
    ask: async (request: string) => Job.parse(await post("/api/jobs", { request })),
    read: async (jobId: string) => Job.parse(await call(`/api/jobs/${jobId}`)),
    /** Dev pay: when it answers, the payment is booked. */
    payStub: (paymentHash: string) => post(`/api/dev/stub/pay/${paymentHash}`, {}),
    async until(jobId: string, state: string): Promise<Job> {
      const deadline = Date.now() + PATIENCE_MS;
      while (Date.now() < deadline) {
        const job = await this.read(jobId);
        if (job.state === state) return job;
        await pause(POLL_MS);
      }
      throw new Error(`job ${jobId} is still not ${state}: ${JSON.stringify(await this.read(jobId))}`);
    },
  };
}
