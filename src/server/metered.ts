import type { Result } from "~/core/result";
import { shownError } from "~/modules/operator/operator";
import type { Saw } from "~/modules/operator/operator-signs";
import { callCostUsd, type TokenRates } from "~/modules/pricing/pricing";
import type { Agent, AgentFailure, Usage } from "~/ports/agent";
import type { LightningWallet, WalletFailure } from "~/ports/lightning-wallet";
import type { Tally } from "./tally";

/** The same wallet; each call is counted by what it was and what came of it. */
export function meteredWallet(wallet: LightningWallet, tally: Tally): LightningWallet {
  async function counted<T>(call: string, asking: Promise<T>, outcomeOf: (answer: T) => string): Promise<T> {
    const startedAt = performance.now();
    let outcome = "thrown";
    try {
      const answer = await asking;
      outcome = outcomeOf(answer);
      return answer;
    } finally {
      tally.add("wallet_calls", { call, outcome });
      tally.add("wallet_seconds", { call }, (performance.now() - startedAt) / 1000);
    }
  }
  const ask = <T>(call: string, asking: Promise<Result<T, WalletFailure>>) =>
    counted(call, asking, (answer) => (answer.ok ? "ok" : answer.error.code));

  return {
    kind: wallet.kind,
    createInvoice: (invoice) => ask("create_invoice", wallet.createInvoice(invoice)),
    lookUpInvoice: (hash) => ask("look_up_invoice", wallet.lookUpInvoice(hash)),
    lookUpInvoices: (invoices) => ask("look_up_invoices", wallet.lookUpInvoices(invoices)),
    pay: (payment) => counted("pay", wallet.pay(payment), ({ outcome }) => outcome),
    lookUpPayment: (hash) => ask("look_up_payment", wallet.lookUpPayment(hash)),
    balance: () => ask("balance", wallet.balance()),
    followSettlements: (hint) => wallet.followSettlements(hint),
  };
}

/** What the two models cost. */
type Rates = { judge: TokenRates; work: TokenRates };

/** The same agent; each call is counted by its purpose, with the tokens and USD that its server billed. */
export function meteredAgent(agent: Agent, rates: Rates, tally: Tally, saw: Saw): Agent {
  async function counted<T extends { usage: Usage }>(
    purpose: string,
    rate: TokenRates,
    asking: Promise<Result<T, AgentFailure>>,
  ): Promise<Result<T, AgentFailure>> {
    const answer = await asking;
    const labels = { agent: agent.kind, purpose };
    tally.add("model_calls", { ...labels, outcome: answer.ok ? "ok" : answer.error.code });
    note(answer.ok ? null : answer.error);
    const usage = answer.ok ? answer.value.usage : answer.error.usage;
    if (usage) {
      tally.add("model_tokens", { ...labels, direction: "input" }, usage.inputTokens);
      tally.add("model_tokens", { ...labels, direction: "output" }, usage.outputTokens);
      // Canned answers pretend to use tokens, and cost nothing.
      if (agent.kind !== "canned") tally.add("model_usd", labels, callCostUsd(usage, rate));
    }
    return answer;
  }
  /** An answer that nobody likes is an answer; canned ones prove nothing about a server. */
  function note(failure: AgentFailure | null): void {
    if (agent.kind === "canned") return;
    const silent = failure?.code === "agentUnreachable" || failure?.code === "agentNonsense";
    if (silent) saw("model error", `${failure.code}: ${shownError(failure.detail)}`);
    else saw("model answer");
  }
  return {
    ...agent,
    judge: (request, signal) => counted("judge", rates.judge, agent.judge(request, signal)),
    work: (request, options) => counted("work", rates.work, agent.work(request, options)),
    demo: (request, signal) => counted("demo", rates.judge, agent.demo(request, signal)),
    chat: (line, signal) => counted("chat", rates.judge, agent.chat(line, signal)),
  };
}
