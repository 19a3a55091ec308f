import { isOrderId, newOrderId } from "~/core/ids";
import { type Sats, wireSats, ZERO_SATS } from "~/core/money";
import { err, ok, type Result } from "~/core/result";
import type { Database } from "~/db/client";
import type { InvoiceOwner, InvoiceService } from "~/modules/invoices/invoice-service";
import { invoiceOnWire } from "~/modules/invoices/invoice-wire-service";
import { type Keep, keepNothing } from "~/modules/orders/kept-answer-service";
import type { OpenOrders, TooManyOpenOrders } from "~/modules/orders/open-order-service";
import type { RefundAnswer } from "~/modules/orders/order-schema";
import { withPatience } from "~/modules/orders/poll-patience-service";
import type { RefundTokenError, RefundTokens } from "~/modules/orders/refund-token-service";
import type { PayoutOwner, PayoutService, RefundError, RefundWay } from "~/modules/payouts/payout-service";
import { refundAnswerOf } from "~/modules/payouts/refund-wire-service";
import type { TrustService } from "~/modules/trust/trust-service";
import type { WalletFailure } from "~/ports/lightning-wallet";
import type { NodeProvider } from "~/ports/node-provider";
import type { BootstrapFeed } from "./bootstrap-feed";
import { privateKeyContext, type Sealing } from "./bootstrap-provision";
import type { BootstrapOffer, BootstrapView, CreatedBootstrap, WatchedBootstrap } from "./bootstrap-schema";
import { type BootstrapStepDeps, step } from "./bootstrap-step";
import { announce, insertOrder, lockOrder, takePrivateKey } from "./bootstrap-store";
import { messageOf, type Surroundings, stageOf, stepsOf, viewOf } from "./bootstrap-view";
import { type BootstrapRecord, readBootstrap } from "./bootstrap-view-store";

export type BootstrapNotFound = { code: "bootstrapNotFound" };
export type CreateBootstrapError = WalletFailure | TooManyOpenOrders | { code: "bootstrapUnavailable" };
type GuardError = BootstrapNotFound | RefundTokenError;

export type BootstrapDeps = BootstrapStepDeps & {
  db: Database;
  provider: NodeProvider;
  sealing: Sealing;
  invoices: InvoiceService;
  payouts: PayoutService;
  trust: TrustService;
  feed: BootstrapFeed;
  tokens: RefundTokens;
  openOrders: OpenOrders;
  settings: {
    feeSats: Sats;
    invoiceExpirySeconds: number;
    timeoutSeconds: number;
    terms: string;
    simulatedWallet: boolean;
    devPay: boolean;
    /** Real sats are never asked for a simulated node. */
    production: boolean;
  };
};

const FEE = "fee";
const WATCHED_LOOK_UP_MS = 10_000;

/** A node for a fee (spec §11). */
export function bootstrapService(deps: BootstrapDeps) {
  const { db, clock, provider, invoices, payouts, trust, feed, tokens, openOrders, settings } = deps;
  const { feeSats, terms, devPay } = settings;
  const available = provider.kind !== "simulated" || !settings.production;
  const isStub = (kind: string | null) => settings.simulatedWallet || (kind ?? provider.kind) === "simulated";
  const around = (origin: string): Surroundings => ({ isStub, devPay, terms, origin });

  /** What visitors should know before they order. */
  const offer = (): BootstrapOffer => ({
    feeSats: wireSats(feeSats),
    terms,
    stubMode: isStub(null),
    available,
    timeoutSeconds: settings.timeoutSeconds,
  });

  /** A new order and the invoice of its fee. */
  async function create(
    input: { clientKey: string; pubkey: string | null; origin: string },
    keep: Keep<CreatedBootstrap> = keepNothing,
  ): Promise<Result<CreatedBootstrap, CreateBootstrapError>> {
    if (!available) return err({ code: "bootstrapUnavailable" });
    const { clientKey, pubkey, origin } = input;
    const room = await openOrders.room(db.prisma, clientKey);
    if (!room.ok) return room;
    if (pubkey !== null) await trust.visited(pubkey);
    const issued = await invoices.issue({
      amountSats: feeSats,
      memo: "Timmy's Workshop: have a node set up",
      expirySeconds: settings.invoiceExpirySeconds,
    });
    if (!issued.ok) return issued;

    const id = newOrderId();
    const createdAt = clock.now();
    const state = "awaiting_payment" as const;
    const invoice = { ...issued.value, amountSats: feeSats };
    const created: CreatedBootstrap = {
      bootstrapJobId: id,
      state,
      message: messageOf({ id, state, message: null, owedSats: ZERO_SATS, invoice }, { origin, devPay }),
      stubMode: isStub(null),
      createdAt: createdAt.toISOString(),
      terms,
      refundToken: tokens.of(id),
      invoice: invoiceOnWire(invoice),
    };
    return db.inTx(async (tx) => {
      const stillRoom = await openOrders.lockedRoom(tx, clientKey);
      if (!stillRoom.ok) return stillRoom;
      await insertOrder(tx, { id, clientKey, pubkey, feeSats, createdAt });
      await invoices.record(tx, issued.value, feeSats, { orderKind: "bootstrap", orderId: id, purpose: FEE });
      await keep(tx, created);
      return ok(created);
    });
  }

  const read = async (id: string) => (isOrderId(id) ? readBootstrap(db, id) : null);

  /** The order, for whoever has its token, after asking the wallet about the payment that it waits for. */
  async function open(id: string, refundToken: string | undefined): Promise<Result<BootstrapRecord, GuardError>> {
    const order = await read(id);
    if (!order) return err({ code: "bootstrapNotFound" });
    const allowed = tokens.check(id, refundToken);
    if (!allowed.ok) return allowed;
    return ok((await noticePayment(order)) ? ((await read(id)) ?? order) : order);
  }

  /** Asks the wallet about the invoice, unless another poll just did. True when it asked. */
  async function noticePayment({ state, invoice }: BootstrapRecord): Promise<boolean> {
    if (state !== "awaiting_payment" || invoice.state === "settled" || !invoices.isDue(invoice.lookedUpAt))
      return false;
    return withPatience(invoices.lookUpShared(invoice.paymentHash));
  }

  /** The order. The first to read it once the node is ready also gets the private key; no later answer contains it. */
  async function view(
    id: string,
    refundToken: string | undefined,
    origin: string,
  ): Promise<Result<BootstrapView, GuardError>> {
    const opened = await open(id, refundToken);
    if (!opened.ok) return opened;
    const order = opened.value;
    const shown = viewOf({ ...order, keyWaiting: false }, around(origin));
    if (order.state !== "ready" || !order.keyWaiting) return ok(shown);
    const sshPrivateKey = await takeKey(id);
    if (sshPrivateKey === null) return ok(shown);
    const { sshKeyNote: _, ...withKey } = shown;
    return ok({ ...withKey, sshPrivateKey });
  }

  /** Null to all but the first. It is gone once it is read, and not before it could be. */
  const takeKey = (id: string): Promise<string | null> =>
    db.inTx(async (tx) => {
      const sealed = await takePrivateKey(tx, id, clock.now());
      return sealed && deps.sealing.open(sealed, privateKeyContext(id)).toString();
    });

  /** The order for a page that shows it: takes nothing. */
  async function peek(
    id: string,
    refundToken: string | undefined,
    origin: string,
  ): Promise<Result<WatchedBootstrap, GuardError>> {
    const opened = await open(id, refundToken);
    return opened.ok ? ok(watchedOf(opened.value, origin)) : opened;
  }

  const watchedOf = (order: BootstrapRecord, origin: string): WatchedBootstrap => ({
    ...viewOf(order, around(origin)),
    sshKeyWaiting: order.state === "ready" && order.keyWaiting,
    steps: stepsOf(order, provider.parts),
    stage: stageOf(order),
  });

  /** May this caller read the order and move its money? */
  async function guard(id: string, refundToken: string | undefined): Promise<Result<null, GuardError>> {
    if (!(await read(id))) return err({ code: "bootstrapNotFound" });
    return tokens.check(id, refundToken);
  }

  /** Claims what is owed, for whoever has the refund token. */
  async function refund(
    id: string,
    refundToken: string | undefined,
    way: RefundWay,
    keep: Keep<RefundAnswer> = keepNothing,
  ): Promise<Result<RefundAnswer, GuardError | RefundError>> {
    const guarded = await guard(id, refundToken);
    if (!guarded.ok) return guarded;
    const refunded = await payouts.refund({ orderKind: "bootstrap", orderId: id }, way, (tx, made) =>
      keep(tx, refundAnswerOf(made)),
    );
    return refunded.ok ? ok(refundAnswerOf(refunded.value)) : refunded;
  }

  /** How an order's invoice moves it. */
  const owner: InvoiceOwner & PayoutOwner = {
    async onSettled(tx, { orderId }) {
      const order = await lockOrder(tx, orderId);
      if (!order) throw new Error(`an invoice belongs to node ${orderId}, which does not exist`);
      const inTime = order.state === "awaiting_payment";
      return {
        account: inTime ? "escrow" : "owed",
        async onBooked() {
          const deadlineAt = new Date(clock.now().getTime() + settings.timeoutSeconds * 1000);
          const moved = inTime
            ? await step(tx, order, "feePaid", { provider: provider.kind, deadlineAt }, deps)
            : await step(tx, order, "paidLate", {}, deps);
          if (!moved.ok) throw new Error(`a payment reached a node in ${order.state}`);
        },
      };
    },
    async onExpired(tx, { orderId }) {
      const order = await lockOrder(tx, orderId);
      if (order?.state === "awaiting_payment") await step(tx, order, "invoiceExpired", {}, deps);
    },
    lockOrder: async (tx, orderId) => void (await lockOrder(tx, orderId)),
    onPayoutChanged: (tx, orderId) => announce(tx, orderId),
  };

  /** Every change of the order. Whoever watches has proven that they may. */
  async function* watch(id: string, afterSeq: number | null, origin: string, signal: AbortSignal) {
    // A watcher does not poll, so the wallet is asked on their behalf in case its announcements fail.
    const lookAgain = setInterval(() => void notice(id).catch(() => undefined), WATCHED_LOOK_UP_MS);
    try {
      for await (const order of feed.watch(id, afterSeq, signal)) {
        yield { seq: order.changeSeq, order: watchedOf(order, origin) };
      }
    } finally {
      clearInterval(lookAgain);
    }
  }

  async function notice(id: string): Promise<void> {
    const order = await read(id);
    if (order) await noticePayment(order);
  }

  return { offer, create, view, peek, guard, refund, watch, owner };
}
export type BootstrapService = ReturnType<typeof bootstrapService>;
