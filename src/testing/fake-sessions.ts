import { randomUUID } from "node:crypto";
import { err, ok } from "~/core/result";
import type { Tx } from "~/db/client";
import type { Container } from "~/server/container";

export const OPEN_SESSION = "5e0c7c92-0a35-4ac4-8f3c-5b1a7e0c2d11";
const SESSION_CREDENTIAL = "Bearer TUFD";
const AT = "2026-11-22T12:00:00.000Z";

type Wanted = {
  token: string;
  invoice: { paymentRequest: string; paymentHash: string; amountSats: number; expiresAt: string };
};

/** Sessions at the edge, without a database behind them: one is open. */
export function fakeSessions({ token, invoice }: Wanted): Pick<Container, "sessions" | "asks"> {
  const open = (id: string, authorization: string | null) => {
    if (id !== OPEN_SESSION) return err({ code: "sessionNotFound" } as const);
    if (authorization === null) return err({ code: "credentialMissing" } as const);
    return authorization === SESSION_CREDENTIAL ? ok(null) : err({ code: "credentialInvalid" } as const);
  };
  const guarded = (id: string, given: string | undefined) => {
    if (id !== OPEN_SESSION) return err({ code: "sessionNotFound" } as const);
    if (!given) return err({ code: "refundTokenMissing" } as const);
    return given === token ? ok(null) : err({ code: "refundTokenWrong" } as const);
  };
  const summary = {
    sessionId: OPEN_SESSION,
    state: "active" as const,
    createdAt: AT,
    updatedAt: AT,
    trust_tier: "anonymous" as const,
    balanceSats: 500,
    owedSats: 0,
    pendingTopup: null,
  };
  const watched = { ...summary, requests: [], nextCursor: null, depositInvoice: null };
  const answered = (request: string) => ({
    requestId: randomUUID(),
    sessionId: OPEN_SESSION,
    state: "complete" as const,
    createdAt: AT,
    trust_tier: "anonymous" as const,
    result: `Done: ${request}`,
    truncated: false,
    debitedSats: 30,
    balanceSats: 470,
  });

  return {
    sessions: {
      async create(_wanted, keep) {
        const created = {
          sessionId: OPEN_SESSION,
          state: "awaiting_payment" as const,
          createdAt: AT,
          trust_tier: "anonymous" as const,
          macaroon: "TUFD",
          refundToken: token,
          depositInvoice: invoice,
        };
        await keep?.({} as Tx, created);
        return ok(created);
      },
      async view(id, authorization) {
        const opened = open(id, authorization);
        return opened.ok ? ok({ ...summary, requests: [], nextCursor: null }) : opened;
      },
      async request(id, authorization, { request }, listener) {
        const opened = open(id, authorization);
        if (!opened.ok) return opened;
        if (request.includes("[poor]")) {
          return err({ code: "balanceTooLow", sessionId: id, requiredSats: 60, balanceSats: 12, topupSats: 100 });
        }
        listener?.begun(id);
        for (const piece of ["Done: ", request]) listener?.text(piece);
        if (request.includes("[trouble]")) throw new Error("trouble in the middle");
        return ok(answered(request));
      },
      async viewRequest(id, authorization) {
        const opened = open(id, authorization);
        return opened.ok ? err({ code: "requestNotFound" }) : opened;
      },
      async topup(id, authorization) {
        const opened = open(id, authorization);
        return opened.ok ? err({ code: "topupPending", pendingTopup: invoice }) : opened;
      },
      async close(id, given) {
        const allowed = guarded(id, given);
        return allowed.ok ? ok({ ...summary, state: "closed" }) : allowed;
      },
      async refund(id, given) {
        const allowed = guarded(id, given);
        return allowed.ok ? err({ code: "nothingOwed" }) : allowed;
      },
      mayWatch: async (id, { authorization, refundToken }) =>
        refundToken === undefined ? open(id, authorization) : guarded(id, refundToken),
      look: async () => watched,
      async *watch(_id, known, signal) {
        if (known !== "v1") yield { version: "v1", session: watched };
        await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
      },
    },
    asks: {
      async ask({ request, authorization, countOrder }) {
        if (authorization === SESSION_CREDENTIAL) return ok({ ...answered(request), owedSats: 5, refundToken: token });
        const counted = await countOrder();
        if (!counted.ok) return counted;
        const challenge = { sessionId: OPEN_SESSION, refundToken: token, macaroon: "TUFD", invoice };
        return err({ code: "paymentRequired", ...challenge });
      },
    },
  };
}
