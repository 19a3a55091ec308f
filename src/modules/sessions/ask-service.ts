import { createHmac } from "node:crypto";
import { newOrderId } from "~/core/ids";
import { wireSats, ZERO_SATS } from "~/core/money";
import { err, ok, type Result } from "~/core/result";
import type { Database } from "~/db/client";
import type { InvoiceService } from "~/modules/invoices/invoice-service";
import { invoiceOnWire } from "~/modules/invoices/invoice-wire-service";
import type { OpenOrders, TooManyOpenOrders } from "~/modules/orders/open-order-service";
import type { RefundTokens } from "~/modules/orders/refund-token-service";
import type { Pricing } from "~/modules/pricing/pricing-service";
import { toRecord } from "~/modules/pricing/quote-schema";
import type { TrustService } from "~/modules/trust/trust-service";
import type { Clock } from "~/ports/clock";
import type { WalletFailure } from "~/ports/lightning-wallet";
import type { CredentialRefused, OpenedSession, SessionCredentials } from "./session-credentials";
import type { EndedRequest, MakeRequestError, RequestListener, SessionRequests } from "./session-requests";
import type { AskAnswer, CreatedTopup } from "./session-schema";
import { insertSession } from "./session-store";
import { requestAnswerOf } from "./session-view";
import { readSessionRecord } from "./session-view-store";

/** What an answer costs, and the credential that buys it once the invoice is paid. */
export type PaymentRequired = {
  code: "paymentRequired";
  sessionId: string;
  refundToken: string;
  macaroon: string;
  invoice: CreatedTopup["topupInvoice"];
};

export type AskError =
  | PaymentRequired
  | CredentialRefused
  | MakeRequestError
  | TooManyOpenOrders
  | WalletFailure
  | { code: "tooManyRequests"; retryAfterSeconds: number };

type Deps = {
  db: Database;
  clock: Clock;
  invoices: InvoiceService;
  pricing: Pricing;
  trust: TrustService;
  tokens: RefundTokens;
  openOrders: OpenOrders;
  credentials: SessionCredentials;
  requests: SessionRequests;
  /** Tells the request that was paid for from others, without keeping it. */
  requestKey: Buffer;
  settings: { invoiceExpirySeconds: number };
};

export type Asked = {
  request: string;
  authorization: string | null;
  clientKey: string;
  pubkey: string | null;
  /** Counts the making of a challenge as that of an order. */
  countOrder: () => Promise<Result<unknown, { code: "tooManyRequests"; retryAfterSeconds: number }>>;
};

/**
 * One answer for any L402 client: a session of a single request, whose price is locked in by the challenge. Paid and
 * asked again it is the answer, and for ever the same one; for anything else there is a fresh challenge.
 */
export function askService(deps: Deps) {
  const { db, clock, invoices, pricing, trust, tokens, openOrders, credentials, requests } = deps;
  const hmacOf = (request: string) => createHmac("sha256", deps.requestKey).update(request).digest("hex");

  async function ask(asked: Asked, listener?: RequestListener): Promise<Result<AskAnswer, AskError>> {
    const opened = await credentials.open(asked.authorization);
    if (!opened.ok) return opened.error.code === "credentialMissing" ? challenge(asked) : opened;
    const session = opened.value;
    if (session.kind !== "ask") return err({ code: "credentialInvalid" });
    if (session.requestHmac !== hmacOf(asked.request)) return challenge(asked);
    // One key, one request: asked again, while it runs or afterwards, it is the same.
    const once = { request: asked.request, onceKey: `ask:${session.sessionId}` };
    const made = await requests.make(session, once, listener);
    if (made.ok) return ok(await answerOf(session, made.value));
    // Paid too late, or given back before it was used: nothing can be bought with it any more.
    return made.error.code === "sessionNotActive" ? challenge(asked) : made;
  }

  async function answerOf(
    { sessionId, pubkey }: OpenedSession,
    { request, balanceSats }: EndedRequest,
  ): Promise<AskAnswer> {
    const standing = pubkey === null ? null : await trust.standing(db.prisma, pubkey);
    const tier = pubkey === null ? "anonymous" : (standing?.tier ?? "new");
    const session = await readSessionRecord(db, sessionId);
    return {
      ...requestAnswerOf(request, balanceSats, tier),
      owedSats: wireSats(session?.owedSats ?? ZERO_SATS),
      refundToken: tokens.of(sessionId),
    };
  }

  async function challenge(asked: Asked): Promise<Result<never, AskError>> {
    const { clientKey, pubkey } = asked;
    const counted = await asked.countOrder();
    if (!counted.ok) return counted;
    const room = await openOrders.room(db.prisma, clientKey);
    if (!room.ok) return room;
    const quote = await pricing.quote(asked.request, ["judge", "work"]);
    const amountSats = quote.quoteSats;
    const issued = await invoices.issue({
      amountSats,
      memo: "Timmy's Workshop: one answer",
      expirySeconds: deps.settings.invoiceExpirySeconds,
    });
    if (!issued.ok) return issued;
    if (pubkey !== null) await trust.visited(pubkey);

    const id = newOrderId();
    const { paymentHash } = issued.value;
    const credential = credentials.mint(id, paymentHash);
    return db.inTx(async (tx) => {
      const stillRoom = await openOrders.lockedRoom(tx, clientKey);
      if (!stillRoom.ok) return stillRoom;
      const session = { id, kind: "ask" as const, pubkey, clientKey, paymentHash, createdAt: clock.now() };
      await insertSession(tx, { ...session, requestHmac: hmacOf(asked.request), quote: toRecord(quote) });
      await credential.keep(tx);
      await invoices.record(tx, issued.value, amountSats, { orderKind: "session", orderId: id, purpose: "deposit" });
      return err({
        code: "paymentRequired" as const,
        sessionId: id,
        refundToken: tokens.of(id),
        macaroon: credential.macaroon,
        invoice: invoiceOnWire({ ...issued.value, amountSats }),
      });
    });
  }

  return { ask };
}
export type AskService = ReturnType<typeof askService>;
