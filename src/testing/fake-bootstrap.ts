import { randomUUID } from "node:crypto";
import { err, ok } from "~/core/result";
import type { Tx } from "~/db/client";
import type { CreatedBootstrap, WatchedBootstrap } from "~/modules/bootstrap/bootstrap-schema";
import { systemClock } from "~/ports/clock";
import type { Container } from "~/server/container";
import { streamTickets } from "~/server/stream-tickets";

const AT = "2026-11-22T12:00:00.000Z";

/** Nodes at the edge, without a database and machines behind them: whatever is ordered awaits its payment. */
export function fakeBootstrap(wanted: {
  token: string;
  invoice: CreatedBootstrap["invoice"];
}): Pick<Container, "bootstrap" | "streamTickets"> {
  const { token, invoice } = wanted;
  const known = new Map<string, WatchedBootstrap>();
  const found = (id: string, given: string | undefined) => {
    const order = known.get(id);
    if (!order) return err({ code: "bootstrapNotFound" } as const);
    if (!given) return err({ code: "refundTokenMissing" } as const);
    return given === token ? ok(order) : err({ code: "refundTokenWrong" } as const);
  };
  const used = new Set<string>();
  const useOnce = async (proof: string) => {
    const first = !used.has(proof);
    used.add(proof);
    return first;
  };

  return {
    bootstrap: {
      offer: () => ({ feeSats: 10_000, terms: "30 days", stubMode: true, available: true, timeoutSeconds: 3600 }),
      async create({ origin }, keep) {
        const bootstrapJobId = randomUUID();
        const message = `Pay at ${origin}`;
        const order = { bootstrapJobId, state: "awaiting_payment" as const, message, stubMode: true, createdAt: AT };
        const created = { ...order, terms: "30 days", refundToken: token, invoice };
        await keep?.({} as Tx, created);
        const more = {
          updatedAt: AT,
          terms: "30 days",
          owedSats: 0,
          invoice,
          sshKeyWaiting: false,
          steps: [],
          stage: null,
        };
        known.set(bootstrapJobId, { ...order, ...more });
        return ok(created);
      },
      async view(id, given) {
        const order = found(id, given);
        if (!order.ok) return order;
        const { sshKeyWaiting: _, steps: __, stage: ___, ...view } = order.value;
        return ok({ ...view, message: "viewed" });
      },
      async peek(id, given) {
        const order = found(id, given);
        return order.ok ? ok({ ...order.value, message: "peeked at" }) : order;
      },
      async guard(id, given) {
        const order = found(id, given);
        return order.ok ? ok(null) : order;
      },
      async refund(id, given) {
        const order = found(id, given);
        return order.ok ? err({ code: "nothingOwed" }) : order;
      },
      async *watch(id, afterSeq, _origin, signal) {
        const order = known.get(id);
        if (!order) return;
        yield { seq: (afterSeq ?? 0) + 1, order };
        await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
      },
    },
    streamTickets: streamTickets(Buffer.alloc(32, 3), useOnce, systemClock),
  };
}
