import fc from "fast-check";
import { expect } from "vitest";
import { msat } from "~/core/money";
import type { RefundAnswer } from "~/modules/jobs/job-schema";
import type { RefundWay } from "~/modules/payouts/payout-service";
import { outsideInvoice } from "../outside-node";
import { unwrap } from "../unwrap";
import { k1Of } from "../withdraw-code";
import { command, oneOf, pick, pickOf } from "./command";
import { type ClaimAnswer, claimAnswer, claimed, inFlight, type Model, type ModelJob, type Target } from "./model";
import type { World } from "./world";

const SECOND = 1000;
type Wrong = "right" | "amount" | "amountless" | "network" | "expiring" | "ours" | "reused";
const wrongs = oneOf<Wrong>({ right: 8, amount: 1, amountless: 1, network: 1, expiring: 1, ours: 1, reused: 1 });
type Presented = Target & { paymentRequest: string };

/** An invoice for so much, with what is wrong about it. */
function invoiceFor(model: Model, amount: bigint, wrong: Wrong, now: Date): Presented {
  if (wrong === "reused") {
    const used = model.jobs.flatMap(({ payouts }) => payouts).at(-1);
    if (used) return { ...used, network: "bcrt", amountMsat: used.amount * 1000n };
  }
  const expirySeconds = wrong === "expiring" ? 55 : 3600;
  const createdAt = new Date(Math.floor(now.getTime() / SECOND) * SECOND);
  const right = amount === 0n ? 1n : amount;
  const amountMsat =
    wrong === "amountless" ? null : wrong === "amount" ? msat(right * 1000n + 1n) : msat(right * 1000n);
  const network = wrong === "network" ? "bc" : "bcrt";
  const made = outsideInvoice({ amountMsat, network, createdAt, expirySeconds });
  return { ...made, amountMsat, network, expiresAt: createdAt.getTime() + expirySeconds * SECOND };
}

const owing = ({ owed, inFlight }: ModelJob) => owed + inFlight > 0n;
/** Mostly a job that is owed something; now and then any. */
const claimants = (model: Model, which: number) =>
  which % 10 > 0 && model.jobs.some(owing) ? model.jobs.filter(owing) : model.jobs;

export const claim = fc
  .tuple(pick, fc.constantFrom("invoice" as const, "invoice" as const, "address" as const), wrongs)
  .map(([which, way, wrong]) =>
    command(
      `claim by ${way} (${wrong})`,
      (model) => claimants(model, which).length > 0,
      async (model, world) => {
        const job = pickOf(claimants(model, which), which);
        await claimFor(model, world, job, way, wrong);
        return job;
      },
    ),
  );

export async function claimFor(
  model: Model,
  world: World,
  job: ModelJob,
  by: "invoice" | "address",
  wrong: Wrong = "right",
) {
  const { shop, clock } = world;
  const presented = invoiceFor(model, job.owed, wrong, clock.now());
  if (wrong === "ours") {
    const [invoice] = job.invoices;
    const row = await shop.db.prisma.invoice.findUnique({ where: { paymentHash: invoice?.paymentHash ?? "" } });
    Object.assign(presented, { paymentHash: row?.paymentHash, paymentRequest: row?.paymentRequest, amountMsat: 1n });
  }
  const name = by === "address" ? "me@example.com" : presented.paymentRequest;
  const expected = claimAnswer(model, job, name, presented);
  const asksAddress = by === "address" && !inFlight(job) && job.owed > 0n;
  if (asksAddress) world.addressAnswers(presented.paymentRequest);
  const way: RefundWay = by === "address" ? { lightningAddress: name } : { invoice: presented.paymentRequest };
  const answer = await shop.services.jobs.refund(job.id, job.refundToken, way);
  expectClaim(job, answer, expected);
  if (expected === "new") claimed(job, { ...presented, target: name, amount: job.owed });
}

function expectClaim(job: ModelJob, answer: { ok: boolean }, expected: ClaimAnswer): void {
  if (expected === "new" || expected === "same") expect(answer).toMatchObject({ ok: true });
  else expect(answer, `claim of job in ${job.state}`).toMatchObject({ ok: false, error: { code: expected } });
}

export const claimWithWrongToken = pick.map((which) =>
  command(
    "claim with a wrong token",
    ({ jobs }) => jobs.length > 0,
    async (model, { shop, clock }) => {
      const job = pickOf(model.jobs, which);
      const way = { invoice: invoiceFor(model, job.owed, "right", clock.now()).paymentRequest };
      expect(await shop.services.jobs.refund(job.id, "wrong", way)).toMatchObject({
        error: { code: "refundTokenWrong" },
      });
      return job;
    },
  ),
);

const CODE_MS = 3_600_000;
export const askForCode = pick.map((which) =>
  command(
    "ask for a withdraw code",
    ({ jobs }) => jobs.length > 0,
    async (model, { shop }) => {
      const job = pickOf(claimants(model, which), which);
      const answer = await shop.services.jobs.refund(job.id, job.refundToken, {
        lnurl: true,
        origin: "https://t.example",
      });
      if (inFlight(job)) expect(answer).toMatchObject({ error: { code: "payoutInFlight" } });
      else if (job.owed === 0n) expect(answer).toMatchObject({ error: { code: "nothingOwed" } });
      else
        job.codes.push({
          k1: k1Of(lnurlOf(unwrap(answer))),
          amount: job.owed,
          expiresAt: model.now + CODE_MS,
          used: false,
        });
      return job;
    },
  ),
);

const lnurlOf = (answer: RefundAnswer): string => ("lnurl" in answer ? answer.lnurl : "");

export const useCode = fc.tuple(pick, wrongs, fc.constantFrom(1, 1, 5)).map(([which, wrong, times]) =>
  command(
    `${times} wallets call back with a withdraw code (${wrong})`,
    ({ jobs }) => jobs.some(({ codes }) => codes.length > 0),
    async (model, { shop, clock }) => {
      const [job, code] = pickOf(
        model.jobs.flatMap((job) => job.codes.map((code) => [job, code] as const)),
        which,
      );
      const presented = invoiceFor(model, code.amount, wrong === "ours" ? "right" : wrong, clock.now());
      const { paymentRequest } = presented;
      const known = code === job.codes.at(-1) && model.now < code.expiresAt;
      const newest = job.payouts.at(-1);
      const again = newest?.target === paymentRequest && newest.state !== "failed";
      const answers = await Promise.all(
        Array.from({ length: times }, () => shop.services.payouts.withdraw(code.k1, paymentRequest)),
      );
      if (!known || (code.used && !again)) {
        for (const answer of answers) expect(answer).toMatchObject({ error: { code: "withdrawCodeInvalid" } });
        return job;
      }
      const expected = code.used ? "same" : claimAnswer(model, job, paymentRequest, presented, code.amount);
      for (const answer of answers) expectClaim(job, answer, expected);
      if (expected === "new") {
        code.used = true;
        claimed(job, { ...presented, target: paymentRequest, amount: code.amount });
      }
      return job;
    },
  ),
);
