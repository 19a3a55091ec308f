import { actualPrice, judgePriceSats } from "~/modules/pricing/pricing";
import { fromRecord, type QuoteRecord } from "~/modules/pricing/quote-schema";
import type { RequestState, SessionKind, SessionState } from "~/modules/sessions/session";
import type { Usage } from "~/ports/agent";
import {
  decidedInPart,
  type Economy,
  happened,
  type ModelIdentity,
  poolCredited,
  poolSettled,
  type ServedJob,
} from "./free-tier";
import { type ModelInvoice, newInvoice, newPayee, type Payee } from "./order-model";

export type ModelRequest = ServedJob & {
  id: string;
  session: ModelSession;
  state: RequestState;
  text: string;
  onceKey: string | null;
  quote: QuoteRecord;
  held: bigint;
  debited: bigint;
  absorbed: bigint;
  begunAt: number;
  /** Its process has died, or is taken for dead. */
  left: boolean;
};

export type ModelSession = Payee & {
  kind: SessionKind;
  state: SessionState;
  identity: ModelIdentity | null;
  /** What opens it, once the deposit is paid. */
  bearer: string;
  /** What a single answer was sold for, and its price. */
  sold: { text: string; quote: QuoteRecord } | null;
  balance: bigint;
  earned: bigint;
  requests: ModelRequest[];
};

type Model = Economy & { requests: ModelRequest[]; totals: Economy["totals"] & { earned: bigint } };

const EVAL_FEE = 10n;
const WORK_MS = 1_800_000;
const OVERDUE_MS = 30_000;
const DAY_MS = 86_400_000;

export const newSession = (
  kind: SessionKind,
  made: { id: string; refundToken: string; bearer: string },
  deposit: { paymentHash: string; expiresAt: number; amount: bigint },
  identity: ModelIdentity | null,
  sold: ModelSession["sold"] = null,
): ModelSession => ({
  ...newPayee(made.id, made.refundToken, [newInvoice("deposit", deposit.amount, deposit)]),
  ...{ kind, state: "awaiting_payment", identity, bearer: made.bearer, sold, balance: 0n, earned: 0n, requests: [] },
});

export const depositOf = ({ invoices }: ModelSession): ModelInvoice | undefined =>
  invoices.find(({ purpose }) => purpose === "deposit");
export const openTopup = ({ invoices }: ModelSession): ModelInvoice | undefined =>
  invoices.find(({ purpose, state }) => purpose === "topup" && state === "open");
/** Its credential opens it: the deposit is in the books, in time or not. */
export const isOpened = (session: ModelSession): boolean => depositOf(session)?.state === "settled";
export const isRunning = ({ state }: ModelRequest): boolean => state === "running";
export const heldOf = ({ requests }: ModelSession): bigint =>
  requests.filter(isRunning).reduce((sum, { held }) => sum + held, 0n);

/** Whether a payment now would go into the balance. */
export const takesPayment = (session: ModelSession, invoice: ModelInvoice): boolean =>
  invoice.purpose === "deposit"
    ? session.state === "awaiting_payment"
    : session.state === "active" && invoice.state === "open";

/** A payment of one of its invoices was booked. Too late, it is owed. */
export function sessionPaid(session: ModelSession, invoice: ModelInvoice, amount: bigint): void {
  session.credited += amount;
  if (!takesPayment(session, invoice)) {
    session.owed += amount;
    return;
  }
  session.balance += amount;
  if (invoice.purpose === "deposit") session.state = "active";
}

export function sessionUnpaid(session: ModelSession, invoice: ModelInvoice): void {
  if (invoice.purpose === "deposit" && session.state === "awaiting_payment") session.state = "expired";
}

export type CloseAnswer = "closed" | "sessionNotActive";
export function sessionClosed(session: ModelSession): CloseAnswer {
  if (session.state === "expired") return "sessionNotActive";
  session.owed += session.balance;
  session.balance = 0n;
  session.state = "closed";
  return "closed";
}

export type BeginAnswer = "begun" | "tooLittle" | "sessionNotActive";
export type Asked = Pick<ModelRequest, "text" | "onceKey" | "quote">;

/** What the pool gives is set aside, the rest of the quote is held on the balance; or nothing at all happens. */
export function begun(model: Model, session: ModelSession, asked: Asked): [BeginAnswer, ModelRequest] {
  const { identity } = session;
  const request: ModelRequest = {
    ...asked,
    ...{ id: "", session, state: "running", identity, covered: 0n, use: null, left: false, begunAt: model.now },
    ...{ held: BigInt(asked.quote.quoteSats), debited: 0n, absorbed: 0n },
  };
  if (session.state !== "active") return ["sessionNotActive", request];
  decidedInPart(model, request, request.held);
  request.held -= request.covered;
  if (session.kind === "ask" && request.held > session.balance) request.held = session.balance;
  if (request.held > session.balance) {
    poolSettled(model, request, 0n);
    return ["tooLittle", request];
  }
  session.balance -= request.held;
  session.requests.push(request);
  model.requests.push(request);
  return ["begun", request];
}

export type Answering = {
  judge: "acceptable" | "unacceptable" | "nonsense";
  work: "done" | "truncated" | "empty" | "refused" | "breaksOff";
  usage: Usage;
};

/** A running request comes to its end. */
export function answered(model: Model, request: ModelRequest, { judge, work, usage }: Answering): void {
  if (!isRunning(request)) return;
  if (judge === "unacceptable") {
    rejected(model, request, usage);
  } else if (judge === "nonsense") {
    failed(model, request);
  } else if (work === "done" || work === "truncated") {
    completed(model, request, usage);
  } else {
    if (work === "refused") happened(model, request, -2n);
    failed(model, request);
  }
}

function completed(model: Model, request: ModelRequest, usage: Usage): void {
  const price = actualPrice({ judge: usage, work: usage }, fromRecord(request.quote)).actualAmountSats as bigint;
  const absorbed = least(price, request.covered);
  const debited = least(price - absorbed, request.held);
  happened(model, request, debited > 0n ? 1n : 0n, debited);
  poolCredited(model, debited);
  ended(model, request, "complete", debited, absorbed);
}

function rejected(model: Model, request: ModelRequest, usage: Usage): void {
  const { terms, quoteSats } = fromRecord(request.quote);
  const price = least(EVAL_FEE, judgePriceSats(usage, terms), quoteSats);
  const debited = least(price, request.held);
  happened(model, request, -2n);
  ended(model, request, "rejected", debited, least(price - debited, request.covered));
}

const failed = (model: Model, request: ModelRequest) => ended(model, request, "failed", 0n, 0n);
const least = (...amounts: bigint[]) => amounts.reduce((a, b) => (a < b ? a : b));

function ended(model: Model, request: ModelRequest, state: RequestState, debited: bigint, absorbed: bigint): void {
  const { session } = request;
  poolSettled(model, request, absorbed);
  Object.assign(request, { state, debited, absorbed });
  session.earned += debited;
  model.totals.earned += debited;
  if (session.kind === "session" && session.state === "active") session.balance += request.held - debited;
  else session.owed += request.held - debited;
  if (session.kind === "ask") sessionClosed(session);
}

/** Whoever cleans up ends what the dead left behind, and what is long over its time. */
export function reaped(model: Model): void {
  for (const request of model.requests.filter(isRunning)) {
    if (!request.left && model.now - request.begunAt - WORK_MS <= OVERDUE_MS) continue;
    request.left = true;
    failed(model, request);
  }
}

/** The key of a request still stands for it. */
export const keyHolds = (model: Model, request: ModelRequest): boolean =>
  request.session.kind === "ask" || model.now - request.begunAt <= DAY_MS;
