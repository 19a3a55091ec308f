import { isOrderId, newOrderId } from "~/core/ids";
import { sats, wireSats } from "~/core/money";
import { err, ok, type Result } from "~/core/result";
import type { Database, Tx } from "~/db/client";
import type { InvoiceOwner, InvoiceService } from "~/modules/invoices/invoice-service";
import { invoiceOnWire } from "~/modules/invoices/invoice-wire-service";
import { balanceBecameOwed } from "~/modules/ledger/ledger";
import { lockPrepaid, post } from "~/modules/ledger/ledger-service";
import { type Keep, keepNothing } from "~/modules/orders/kept-answer-service";
import type { OpenOrders, TooManyOpenOrders } from "~/modules/orders/open-order-service";
import { withPatience } from "~/modules/orders/poll-patience-service";
import type { RefundTokenError, RefundTokens } from "~/modules/orders/refund-token-service";
import type { PayoutOwner, PayoutService, RefundError, RefundWay } from "~/modules/payouts/payout-service";
import { refundAnswerOf } from "~/modules/payouts/refund-wire-service";
import type { Pricing } from "~/modules/pricing/pricing-service";
import type { TrustTier } from "~/modules/trust/trust";
import type { TrustService } from "~/modules/trust/trust-service";
import type { Clock } from "~/ports/clock";
import type { CreatedInvoice, WalletFailure } from "~/ports/lightning-wallet";
import { type SessionEvent, type SessionNotActive, transition } from "./session";
import type { CredentialRefused, OpenedSession, SessionCredentials } from "./session-credentials";
import type { SessionFeed } from "./session-feed";
import type { MakeRequestError, RequestListener, SessionRequests } from "./session-requests";
import {
  type CreatedSession,
  type CreatedTopup,
  HISTORY_PAGE,
  type RequestAnswer,
  type SessionRefund,
  type SessionSummary,
  type SessionView,
  type WatchedSession,
} from "./session-schema";
import { insertSession, type LockedSession, lockSession, moveSession, sessionExists } from "./session-store";
import { requestAnswerOf, summaryOf } from "./session-view";
import {
  type InvoiceRow,
  readHistory,
  readOpenInvoice,
  readRequest,
  readSessionRecord,
  type SessionRecord,
} from "./session-view-store";
import { watchSession } from "./session-watch";

export type { MakeRequestError };
export type SessionNotFound = { code: "sessionNotFound" };
export type AccessError = SessionNotFound | CredentialRefused;
type GuardError = SessionNotFound | RefundTokenError;
type InvoiceOnWire = CreatedTopup["topupInvoice"];
export type TopupPending = { code: "topupPending"; pendingTopup: InvoiceOnWire };

export type SessionDeps = {
  db: Database;
  clock: Clock;
  invoices: InvoiceService;
  payouts: PayoutService;
  pricing: Pricing;
  trust: TrustService;
  tokens: RefundTokens;
  openOrders: OpenOrders;
  credentials: SessionCredentials;
  requests: SessionRequests;
  feed: SessionFeed;
  /** Will be told to the feed when this transaction has committed. */
  onChange: (tx: Tx, sessionId: string) => void;
  settings: { invoiceExpirySeconds: number };
};

/** No request is shorter. */
const CHEAPEST_REQUEST = "?";

/** Prepaid sessions (spec §8): a balance, a credential that opens it, requests that are paid for from it. */
export function sessionService(deps: SessionDeps) {
  const { db, clock, invoices, payouts, pricing, trust, tokens, openOrders, credentials, requests, feed } = deps;

  const tierOf = async (pubkey: string | null): Promise<TrustTier> =>
    pubkey === null ? "anonymous" : ((await trust.standing(db.prisma, pubkey))?.tier ?? "new");

  const issue = (amountSats: number, memo: string): Promise<Result<CreatedInvoice, WalletFailure>> =>
    invoices.issue({
      amountSats: sats(amountSats),
      memo: `Timmy's Workshop: ${memo}`,
      expirySeconds: deps.settings.invoiceExpirySeconds,
    });

  /** A new session, its credential, and the invoice of the deposit. */
  async function create(
    input: { amountSats: number; clientKey: string; pubkey: string | null },
    keep: Keep<CreatedSession> = keepNothing,
  ): Promise<Result<CreatedSession, WalletFailure | TooManyOpenOrders>> {
    const { clientKey, pubkey } = input;
    const room = await openOrders.room(db.prisma, clientKey);
    if (!room.ok) return room;
    const tier = pubkey === null ? ("anonymous" as const) : (await trust.visited(pubkey)).tier;
    const issued = await issue(input.amountSats, "open a session");
    if (!issued.ok) return issued;

    const id = newOrderId();
    const createdAt = clock.now();
    const amountSats = sats(input.amountSats);
    const { paymentHash } = issued.value;
    const credential = credentials.mint(id, paymentHash);
    const created: CreatedSession = {
      sessionId: id,
      state: "awaiting_payment",
      createdAt: createdAt.toISOString(),
      trust_tier: tier,
      macaroon: credential.macaroon,
      refundToken: tokens.of(id),
      depositInvoice: invoiceOnWire({ ...issued.value, amountSats }),
    };
    return db.inTx(async (tx) => {
      const stillRoom = await openOrders.lockedRoom(tx, clientKey);
      if (!stillRoom.ok) return stillRoom;
      await insertSession(tx, { id, kind: "session", pubkey, clientKey, paymentHash, createdAt });
      await credential.keep(tx);
      await invoices.record(tx, issued.value, amountSats, { orderKind: "session", orderId: id, purpose: "deposit" });
      await keep(tx, created);
      return ok(created);
    });
  }

  /** The session of this id, to whoever brings its credential. A credential of another session opens nothing here. */
  async function open(id: string, authorization: string | null): Promise<Result<OpenedSession, AccessError>> {
    const opened = await credentials.open(authorization);
    if (opened.ok && opened.value.sessionId === id) return opened;
    if (!isOrderId(id) || !(await sessionExists(db, id))) return err({ code: "sessionNotFound" });
    return opened.ok ? err({ code: "credentialInvalid" }) : opened;
  }

  async function read(id: string): Promise<SessionRecord> {
    const session = await readSessionRecord(db, id);
    if (!session) throw new Error(`session ${id} was opened and is not there`);
    return session;
  }

  async function summary(session: SessionRecord): Promise<SessionSummary> {
    const { quoteSats } = await pricing.quote(CHEAPEST_REQUEST, ["judge", "work"]);
    return summaryOf(session, quoteSats, await tierOf(session.pubkey));
  }

  /** The session with a page of its requests, after asking the wallet about a top-up it waits for. */
  async function view(
    id: string,
    authorization: string | null,
    page: { cursor?: string | undefined; limit: number },
  ): Promise<Result<SessionView, AccessError>> {
    const opened = await open(id, authorization);
    if (!opened.ok) return opened;
    return ok(await shown(await noticingTopup(await read(id)), page));
  }

  async function shown(
    session: SessionRecord,
    page: { cursor?: string | undefined; limit: number },
  ): Promise<SessionView> {
    const history = await readHistory(db, session.id, page.cursor ?? null, page.limit + 1);
    const shown = history.slice(0, page.limit);
    return {
      ...(await summary(session)),
      requests: shown.map(({ id: requestId, createdAt, state, request, debitedSats }) => ({
        requestId,
        createdAt: createdAt.toISOString(),
        state,
        ...(request !== null && { request }),
        debitedSats: wireSats(debitedSats),
      })),
      nextCursor: history.length > shown.length ? (shown.at(-1)?.id ?? null) : null,
    };
  }

  /** Asks the wallet about a top-up that waits, unless another poll just did. */
  async function noticingTopup(session: SessionRecord): Promise<SessionRecord> {
    const { topup } = session;
    if (!topup || !invoices.isDue(topup.lookedUpAt)) return session;
    const asked = await withPatience(invoices.lookUpShared(topup.paymentHash));
    return asked ? read(session.id) : session;
  }

  /** Judges and does a request in this call. `listener` hears the answer as it is written. */
  async function request(
    id: string,
    authorization: string | null,
    input: { request: string; onceKey: string | null },
    listener?: RequestListener,
  ): Promise<Result<RequestAnswer, AccessError | MakeRequestError>> {
    const opened = await open(id, authorization);
    if (!opened.ok) return opened;
    // What was sold singly is asked for where it was sold.
    if (opened.value.kind === "ask") return err({ code: "credentialInvalid" });
    const made = await requests.make(opened.value, input, listener);
    if (!made.ok) return made;
    return ok(requestAnswerOf(made.value.request, made.value.balanceSats, await tierOf(opened.value.pubkey)));
  }

  /** One request of the session, in whatever state. */
  async function viewRequest(
    id: string,
    authorization: string | null,
    requestId: string,
  ): Promise<Result<RequestAnswer, AccessError | { code: "requestNotFound" }>> {
    const opened = await open(id, authorization);
    if (!opened.ok) return opened;
    const found = isOrderId(requestId) ? await readRequest(db, requestId) : null;
    if (found?.sessionId !== id) return err({ code: "requestNotFound" });
    const { balanceSats, pubkey } = await read(id);
    return ok(requestAnswerOf(found, balanceSats, await tierOf(pubkey)));
  }

  /** An invoice that adds to the balance. While one is waiting, `topupPending` carries it. */
  async function topup(
    id: string,
    authorization: string | null,
    amountSats: number,
    keep: Keep<CreatedTopup> = keepNothing,
  ): Promise<Result<CreatedTopup, AccessError | SessionNotActive | TopupPending | WalletFailure>> {
    const opened = await open(id, authorization);
    if (!opened.ok) return opened;
    if (opened.value.kind === "ask") return err({ code: "credentialInvalid" });
    const mayTopUp = mayBeToppedUp(opened.value.state, await openTopup(id));
    if (!mayTopUp.ok) return mayTopUp;
    const issued = await issue(amountSats, "top up a session");
    if (!issued.ok) return issued;
    const amount = sats(amountSats);
    const created: CreatedTopup = {
      sessionId: id,
      trust_tier: await tierOf(opened.value.pubkey),
      topupInvoice: invoiceOnWire({ ...issued.value, amountSats: amount }),
    };
    return db.inTx(async (tx) => {
      const session = await locked(tx, id);
      const still = mayBeToppedUp(session.state, await readOpenInvoice(tx, id, "topup"));
      if (!still.ok) return still;
      await invoices.record(tx, issued.value, amount, { orderKind: "session", orderId: id, purpose: "topup" });
      await keep(tx, created);
      return ok(created);
    });
  }

  /** The top-up that waits, after the wallet was asked about one that should be over or paid by now. */
  async function openTopup(id: string): Promise<InvoiceRow | null> {
    const waiting = await readOpenInvoice(db.prisma, id, "topup");
    if (!waiting) return null;
    if (waiting.expiresAt <= clock.now()) await invoices.lookUp(waiting.paymentHash);
    else await withPatience(invoices.lookUpShared(waiting.paymentHash));
    return readOpenInvoice(db.prisma, id, "topup");
  }

  /** No new requests from here on; what is running ends, and what is not spent belongs to the payer. */
  async function close(
    id: string,
    refundToken: string | undefined,
  ): Promise<Result<SessionSummary, GuardError | SessionNotActive>> {
    const guarded = await guard(id, refundToken);
    if (!guarded.ok) return guarded;
    const closed = await db.inTx(async (tx) => {
      const session = await locked(tx, id);
      return session.state === "closed" ? ok(null) : step(tx, session, "closed");
    });
    return closed.ok ? ok(await summary(await read(id))) : closed;
  }

  /** Claims what is owed, for whoever has the refund token. */
  async function refund(
    id: string,
    refundToken: string | undefined,
    way: RefundWay,
    keep: Keep<SessionRefund> = keepNothing,
  ): Promise<Result<SessionRefund, GuardError | RefundError>> {
    const guarded = await guard(id, refundToken);
    if (!guarded.ok) return guarded;
    const trust_tier = await tierOf((await read(id)).pubkey);
    const refunded = await payouts.refund({ orderKind: "session", orderId: id }, way, (tx, made) =>
      keep(tx, { ...refundAnswerOf(made), trust_tier }),
    );
    return refunded.ok ? ok({ ...refundAnswerOf(refunded.value), trust_tier }) : refunded;
  }

  /** May this caller move the session's money? */
  async function guard(id: string, refundToken: string | undefined): Promise<Result<null, GuardError>> {
    if (!isOrderId(id) || !(await sessionExists(db, id))) return err({ code: "sessionNotFound" });
    return tokens.check(id, refundToken);
  }

  /** Whoever locks a session is about to change it: its watchers look again when that is committed. */
  async function lockToChange(tx: Tx, id: string): Promise<LockedSession | null> {
    deps.onChange(tx, id);
    return lockSession(tx, id);
  }

  async function locked(tx: Tx, id: string): Promise<LockedSession> {
    const session = await lockToChange(tx, id);
    if (!session) throw new Error(`session ${id} is not there`);
    return session;
  }

  /** One step of a session's life: state and money, in the caller's transaction. The session must be locked. */
  async function step(tx: Tx, session: LockedSession, event: SessionEvent): Promise<Result<null, SessionNotActive>> {
    const next = transition(session.state, event);
    if (!next.ok) return next;
    const { to, effects } = next.value;
    await moveSession(tx, session.id, to, clock.now());
    if (effects.includes("oweBalance")) {
      const lines = [balanceBecameOwed(session.id, await lockPrepaid(tx, session.id))];
      await post(tx, { key: `session:${session.id}:closed`, lines });
    }
    return ok(null);
  }

  /** How a session's invoices move it. */
  const owner: InvoiceOwner & PayoutOwner = {
    async onSettled(tx, { orderId, purpose, state }) {
      const session = await locked(tx, orderId);
      const isDeposit = purpose === "deposit";
      const inTime = isDeposit ? session.state === "awaiting_payment" : state === "open" && session.state === "active";
      return {
        account: inTime ? "prepaid" : "owed",
        async onBooked() {
          if (!isDeposit || !inTime) return;
          const moved = await step(tx, session, "depositPaid");
          if (!moved.ok) throw new Error(`a deposit reached a session in ${session.state}`);
        },
      };
    },
    async onExpired(tx, { orderId, purpose }) {
      const session = await locked(tx, orderId);
      if (purpose === "deposit" && session.state === "awaiting_payment") await step(tx, session, "depositExpired");
    },
    lockOrder: async (tx, orderId) => void (await lockToChange(tx, orderId)),
    onPayoutChanged: async () => undefined,
  };

  /** For refunds into a session: locks it, and says whether it takes credit now. */
  async function lockBalance(tx: Tx, id: string): Promise<boolean> {
    const session = await lockToChange(tx, id);
    return session?.kind === "session" && session.state === "active";
  }

  /** May this caller watch the session? Its credential opens it once the deposit is paid, the refund token before too. */
  async function mayWatch(
    id: string,
    { authorization, refundToken }: { authorization: string | null; refundToken: string | undefined },
  ): Promise<Result<null, AccessError | GuardError>> {
    if (refundToken !== undefined) return guard(id, refundToken);
    const opened = await open(id, authorization);
    return opened.ok ? ok(null) : opened;
  }

  /** The session for a page that shows it. Whoever looks has proven that they may. */
  async function look(id: string): Promise<WatchedSession> {
    const session = await read(id);
    const unpaid = session.state === "awaiting_payment" ? await readOpenInvoice(db.prisma, id, "deposit") : null;
    return { ...(await shown(session, { limit: HISTORY_PAGE })), depositInvoice: unpaid && invoiceOnWire(unpaid) };
  }

  async function askWallet(id: string): Promise<void> {
    const session = await read(id);
    const unpaid = session.state === "awaiting_payment" ? await readOpenInvoice(db.prisma, id, "deposit") : null;
    const waiting = unpaid ?? session.topup;
    if (waiting && invoices.isDue(waiting.lookedUpAt)) await invoices.lookUpShared(waiting.paymentHash);
  }

  /** The same for a page that cannot watch just now. Asks the wallet like any poll. */
  async function lookOnce(id: string): Promise<WatchedSession> {
    await withPatience(askWallet(id));
    return look(id);
  }

  const watch = (id: string, known: string | null, signal: AbortSignal) =>
    watchSession({ feed, look, askWallet }, id, known, signal);

  return {
    create,
    view,
    request,
    viewRequest,
    topup,
    close,
    refund,
    mayWatch,
    look: lookOnce,
    watch,
    owner,
    lockBalance,
  };
}
export type SessionService = ReturnType<typeof sessionService>;

function mayBeToppedUp(
  state: SessionNotActive["state"],
  waiting: InvoiceRow | null,
): Result<null, SessionNotActive | TopupPending> {
  if (state !== "active") return err({ code: "sessionNotActive", state });
  return waiting ? err({ code: "topupPending", pendingTopup: invoiceOnWire(waiting) }) : ok(null);
}
