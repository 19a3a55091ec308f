import { z } from "zod";

const Time = z.iso.datetime();
const Sats = z.int();
const Msat = z.int().meta({ description: "msat" });
const Count = z.int().min(0);

/** Something that is not as it should be, and what to do about it. */
const Problem = z.object({
  code: z.string().meta({ description: "Stable: what a program should look at", example: "WALLET_UNREACHABLE" }),
  what: z.string(),
  whatToDo: z.string(),
});

const WalletStatus = z.object({
  kind: z.enum(["lnbits", "simulated"]),
  reachable: z.boolean(),
  keyValid: z.boolean().nullable().meta({ description: "Null while the wallet does not answer" }),
  detail: z.string().nullable().meta({ description: "What it said instead of its balance" }),
  balanceSats: Sats.nullable(),
  floatSats: Sats.nullable().meta({
    description: "Of the balance, what belongs to nobody else: it pays routing fees and their reserves",
  }),
  callsThisMinute: Count,
  callsPerMinute: Count.meta({ description: "`WALLET_CALLS_PER_MINUTE`" }),
});

/** The Lightning node behind the wallet, as far as the wallet's server lets it be seen. */
const LightningNode = z.object({
  visible: z.boolean(),
  synced: z.boolean().nullable(),
  blockHeight: Count.nullable(),
  activeChannels: Count.nullable(),
  peers: Count.nullable(),
});

const Webhook = z.object({
  publicUrlSet: z.boolean(),
  lastSeenAt: Time.nullable(),
});

const TaskId = z
  .string()
  .regex(/^\d{1,18}$/)
  .meta({ example: "42" });

const FailingTask = z.object({
  taskId: TaskId,
  task: z.string(),
  attempts: Count,
  lastError: z.string().meta({ description: "Without what could be a visitor's text or a secret" }),
  nextTryAt: Time,
  running: z.boolean(),
  givenUp: z.boolean().meta({ description: "It had its last try: nothing tries it again by itself" }),
});

const Process = z.object({
  id: z.string().meta({ description: "Eight characters of it" }),
  side: z.enum(["web", "worker", "both"]),
  startedAt: Time,
  lastSeenAt: Time,
  alive: z.boolean(),
  hearsWallet: z.boolean().nullable().meta({ description: "Null where it does not follow the wallet" }),
});

const PayoutInFlight = z.object({
  payoutId: z.uuid(),
  orderKind: z.string(),
  order: z.string().meta({ description: "Eight characters of its id" }),
  method: z.string(),
  amountSats: Sats,
  state: z.enum(["queued", "sending"]),
  createdAt: Time,
  sentAt: Time.nullable(),
  expiresAt: Time,
  note: z.string().nullable().meta({ description: "Why it waits" }),
  stuck: z.boolean(),
});

const Books = z.object({
  ok: z.boolean().nullable().meta({ description: "Whether the newest proof holds; null before the first" }),
  provenWrong: z.boolean(),
  readAt: Time.nullable(),
  offMsat: Msat.nullable(),
  terms: z
    .object({
      walletMsat: Msat,
      ledgerMsat: Msat,
      settledUnbookedMsat: Msat,
      sentUnbookedMsat: Msat,
      reservedMsat: Msat,
      faults: z.array(z.string()),
    })
    .nullable(),
  accounts: z.array(z.object({ kind: z.string(), class: z.string(), balanceMsat: Msat })),
});

const Models = z.object({
  kind: z.enum(["anthropic", "canned"]),
  lastAnswerAt: Time.nullable(),
  lastErrorAt: Time.nullable(),
  lastError: z.string().nullable(),
  calls: z.array(z.object({ purpose: z.string(), outcome: z.string(), count: z.number() })),
});

const Act = z.object({
  kind: z.enum(["payout_paid", "payout_failed", "pool_topup", "task_retry"]),
  subject: z.string(),
  sats: Sats.nullable(),
  reason: z.string(),
  doneAt: Time,
});

/** Everything that the operator's room shows. */
export const NodeStatus = z.object({
  checkedAt: Time,
  ok: z.boolean().meta({ description: "Whether there is no problem" }),
  problems: z.array(Problem),
  wallet: WalletStatus,
  node: LightningNode,
  webhook: Webhook,
  lastSettlementAt: Time.nullable(),
  queue: z.object({
    ready: Count,
    running: Count,
    later: Count,
    oldestReadySeconds: z.number(),
    failing: z.array(FailingTask),
  }),
  processes: z.array(Process),
  price: z.object({ usd: z.number(), source: z.enum(["live", "lastGood", "fallback"]), ageSeconds: Count.nullable() }),
  models: Models,
  books: Books,
  money: z.object({
    owedSats: Sats,
    inFlightSats: Sats,
    escrowSats: Sats,
    prepaidSats: Sats,
    poolSats: Sats,
  }),
  payouts: z.object({
    switchedOff: z.boolean(),
    maxSatsPerHour: Sats,
    inFlight: z.array(PayoutInFlight),
  }),
  settings: z.object({ warnings: z.array(z.string()) }),
  acts: z.array(Act).meta({ description: "What was done by hand, the newest first" }),
});
export type NodeStatus = z.infer<typeof NodeStatus>;

const Reason = z.string().trim().min(3).max(200).meta({ description: "Kept in the books", example: "float topped up" });

const SettlePayoutBy = {
  outcome: z.enum(["paid", "failed"]),
  preimage: z
    .string()
    .regex(/^[0-9a-f]{64}$/i)
    .optional()
    .meta({ description: "Proof of a payment out of another wallet, 64 hex digits" }),
  feeSats: z.int().min(0).max(1_000_000).optional().meta({ description: "What its route cost there" }),
  reason: Reason,
};
export const SettlePayout = z.object({ payoutId: z.string(), ...SettlePayoutBy });
export const SettledPayout = z.object({
  payoutId: z.uuid(),
  state: z.enum(["paid", "failed"]),
  paidBy: z.enum(["wallet", "operator"]).nullable(),
  amountSats: Sats,
});
export type SettledPayout = z.infer<typeof SettledPayout>;

export const TopUpPool = z.object({ amountSats: z.int().min(1).max(100_000_000), reason: Reason });
export const ToppedUpPool = z.object({ amountSats: Sats, poolSats: Sats });
export type ToppedUpPool = z.infer<typeof ToppedUpPool>;

export const RetryTask = z.object({ taskId: TaskId, reason: Reason });
export const RetriedTask = z.object({ taskId: z.string(), task: z.string() });
export type RetriedTask = z.infer<typeof RetriedTask>;
