import type { Agent } from "~/ports/agent";
import type { LightningWallet } from "~/ports/lightning-wallet";
import type { Tracing } from "~/ports/tracing";
import { shortId } from "./log";

type Outcome = { ok: true } | { ok: false; error: { code: string } };
const outcomeOf = (answer: Outcome) => ({ facts: { "timmy.outcome": answer.ok ? "ok" : answer.error.code } });

/** The same wallet; each call is a span. What it is asked for is not told. */
export function tracedWallet(wallet: LightningWallet, tracing: Tracing | null): LightningWallet {
  if (!tracing) return wallet;
  const ask = <T extends Outcome>(call: string, question: () => Promise<T>) =>
    tracing.span(`wallet ${call}`, { "timmy.wallet": wallet.kind }, question, outcomeOf);
  return {
    kind: wallet.kind,
    createInvoice: (invoice) => ask("create_invoice", () => wallet.createInvoice(invoice)),
    lookUpInvoice: (hash) => ask("look_up_invoice", () => wallet.lookUpInvoice(hash)),
    lookUpInvoices: (invoices) => ask("look_up_invoices", () => wallet.lookUpInvoices(invoices)),
    lookUpPayment: (hash) => ask("look_up_payment", () => wallet.lookUpPayment(hash)),
    balance: () => ask("balance", () => wallet.balance()),
    pay: (payment) =>
      tracing.span(
        "wallet pay",
        { "timmy.wallet": wallet.kind },
        () => wallet.pay(payment),
        ({ outcome }) => ({
          facts: { "timmy.outcome": outcome },
        }),
      ),
    followSettlements: (hint) => wallet.followSettlements(hint),
  };
}

/** The same agent; each call to a model is a span, without request and answer. */
export function tracedAgent(agent: Agent, tracing: Tracing | null): Agent {
  if (!tracing) return agent;
  const ask = <T extends Outcome>(purpose: string, question: () => Promise<T>) =>
    tracing.span(`model ${purpose}`, { "timmy.agent": agent.kind }, question, outcomeOf);
  return {
    ...agent,
    judge: (request, signal) => ask("judge", () => agent.judge(request, signal)),
    work: (request, options) => ask("work", () => agent.work(request, options)),
    demo: (request, signal) => ask("demo", () => agent.demo(request, signal)),
  };
}

type Tasks = Readonly<Record<string, (payload: unknown, helpers: { abortSignal: AbortSignal }) => Promise<void>>>;

/** The same tasks; each run is a span, with the beginning of its job's id. */
export function tracedTasks(tasks: Tasks, tracing: Tracing | null): Tasks {
  if (!tracing) return tasks;
  return Object.fromEntries(
    Object.entries(tasks).map(([name, task]): [string, Tasks[string]] => [
      name,
      (payload, helpers) => tracing.span(`task ${name}`, jobOf(payload), () => task(payload, helpers)),
    ]),
  );
}

function jobOf(payload: unknown): { "timmy.job": string } | Record<string, never> {
  const jobId = typeof payload === "object" && payload !== null && "jobId" in payload ? payload.jobId : undefined;
  return typeof jobId === "string" ? { "timmy.job": shortId(jobId) } : {};
}
