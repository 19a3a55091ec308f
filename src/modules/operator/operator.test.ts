import { describe, expect, test } from "vitest";
import { type Facts, isStuck, problemsOf, shownError } from "./operator";

const NOW = Date.parse("2026-11-22T12:00:00Z");
const MINUTE = 60_000;

/** A workshop on a real wallet, in which nothing is wrong. */
const well: Facts = {
  now: NOW,
  wallet: {
    kind: "lnbits",
    reachable: true,
    keyValid: true,
    mayPay: true,
    detail: null,
    floatSats: 1_000,
    callsThisMinute: 10,
    callsPerMinute: 100,
  },
  node: { visible: true, synced: null, activeChannels: 3 },
  webhook: { publicUrlSet: true, lastSeenAt: NOW - MINUTE },
  lastSettlementAt: NOW - 2 * MINUTE,
  queue: { ready: 1, oldestReadySeconds: 0.1, failing: [{ attempts: 1, givenUp: false }] },
  processes: [
    { side: "web", alive: true, hearsWallet: null },
    { side: "worker", alive: true, hearsWallet: true },
  ],
  price: { source: "live", ageSeconds: 20 },
  models: { lastAnswerAt: NOW - 1, lastErrorAt: NOW - 2, lastError: "agentUnreachable" },
  books: { ok: true, provenWrong: false, readAt: NOW - MINUTE },
  claimableSats: 500,
  payouts: { switchedOff: false, inFlight: [{ stuck: false, note: null }] },
  warnings: [],
};

const codesOf = (facts: Facts) => problemsOf(facts).map(({ code }) => code);

test("nothing is wrong where nothing is wrong", () => expect(problemsOf(well)).toEqual([]));

test.each<[string, Partial<Facts>]>([
  ["WALLET_UNREACHABLE", { wallet: { ...well.wallet, reachable: false, keyValid: null, detail: "no connection" } }],
  ["WALLET_KEY_REFUSED", { wallet: { ...well.wallet, keyValid: false, detail: "404" } }],
  ["WALLET_KEY_READS_ONLY", { wallet: { ...well.wallet, mayPay: false } }],
  ["WALLET_BUSY", { wallet: { ...well.wallet, keyValid: null, detail: "429" } }],
  ["FLOAT_LOW", { wallet: { ...well.wallet, floatSats: 4 } }],
  ["WALLET_CALLS_STRETCHED", { wallet: { ...well.wallet, callsThisMinute: 61 } }],
  ["NODE_NOT_SYNCED", { node: { ...well.node, synced: false } }],
  ["NODE_WITHOUT_CHANNELS", { node: { ...well.node, activeChannels: 0 } }],
  ["WEBHOOK_SILENT", { webhook: { publicUrlSet: true, lastSeenAt: null } }],
  ["WEBHOOK_SILENT", { webhook: { publicUrlSet: true, lastSeenAt: NOW - 30 * MINUTE } }],
  [
    "WEBSOCKET_DOWN",
    { processes: well.processes.map((one) => ({ ...one, hearsWallet: one.hearsWallet === null ? null : false })) },
  ],
  ["NO_WORKER", { processes: well.processes.slice(0, 1) }],
  ["NO_WORKER", { processes: well.processes.map((one) => ({ ...one, alive: one.side === "web" })) }],
  ["QUEUE_LATE", { queue: { ...well.queue, oldestReadySeconds: 31 } }],
  ["TASKS_FAILING", { queue: { ...well.queue, failing: [{ attempts: 3, givenUp: false }] } }],
  ["TASKS_GIVEN_UP", { queue: { ...well.queue, failing: [{ attempts: 25, givenUp: true }] } }],
  ["PRICE_FALLBACK", { price: { source: "fallback", ageSeconds: null } }],
  ["PRICE_OLD", { price: { source: "lastGood", ageSeconds: 601 } }],
  ["MODEL_FAILING", { models: { lastAnswerAt: NOW - 2, lastErrorAt: NOW - 1, lastError: "agentUnreachable" } }],
  ["MODEL_FAILING", { models: { lastAnswerAt: null, lastErrorAt: NOW - 1, lastError: null } }],
  ["BOOKS_UNREAD", { books: { ...well.books, readAt: null, ok: null } }],
  ["BOOKS_UNREAD", { books: { ...well.books, readAt: NOW - 6 * MINUTE } }],
  ["BOOKS_DIFFER", { books: { ...well.books, ok: false } }],
  ["BOOKS_WRONG", { books: { ...well.books, ok: false, provenWrong: true } }],
  ["PAYOUTS_OFF", { payouts: { ...well.payouts, switchedOff: true } }],
  ["PAYOUT_STUCK", { payouts: { ...well.payouts, inFlight: [{ stuck: true, note: "no float" }] } }],
  ["SETTING_IN_DOUBT", { warnings: ["EVAL_FEE_SATS is no number"] }],
])("%s, and nothing else", (code, change) => {
  const problems = problemsOf({ ...well, ...change });
  expect(problems.map((problem) => problem.code)).toEqual([code]);
  for (const { what, whatToDo } of problems) {
    expect(what.length).toBeGreaterThan(10);
    expect(whatToDo.length).toBeGreaterThan(10);
  }
});

describe("what is no problem", () => {
  test.each<[string, Partial<Facts>]>([
    ["a node that cannot be seen", { node: { visible: false, synced: null, activeChannels: null } }],
    ["no webhook, where nobody asked for one", { webhook: { publicUrlSet: false, lastSeenAt: null } }],
    [
      "no webhook, where nothing was ever paid",
      { webhook: { publicUrlSet: true, lastSeenAt: null }, lastSettlementAt: null },
    ],
    ["little float, where nothing is owed", { wallet: { ...well.wallet, floatSats: 0 }, claimableSats: 0 }],
    [
      "a payment of just now, before its webhook",
      { webhook: { publicUrlSet: true, lastSeenAt: null }, lastSettlementAt: NOW - 1_000 },
    ],
  ])("%s", (_, change) => expect(codesOf({ ...well, ...change })).toEqual([]));

  test("of the simulated wallet, neither webhook, websocket nor its calls", () => {
    const simulated: Facts = {
      ...well,
      wallet: { ...well.wallet, kind: "simulated", callsThisMinute: 100 },
      webhook: { publicUrlSet: true, lastSeenAt: null },
      processes: well.processes.map((one) => ({ ...one, hearsWallet: false })),
    };
    expect(codesOf(simulated)).toEqual([]);
  });
});

test("a float below zero is too little for whatever is owed", () => {
  expect(codesOf({ ...well, wallet: { ...well.wallet, floatSats: -1 }, claimableSats: 1 })).toEqual(["FLOAT_LOW"]);
});

test.each([
  ['invalid input syntax for type uuid: "my secret wish"', "invalid input syntax for type uuid: …"],
  ["could not reach https://user:key@wallet.example/x", "could not reach …"],
  [`no payment ${"ab".repeat(32)} there`, "no payment … there"],
  ["job 5e0c7c92-0a35-4ac4-8f3c-5b1a7e0c2d11 is stuck\n  at stack", "job … is stuck"],
  ["x ".repeat(200), "x ".repeat(80)],
  [
    "\nInvalid `prisma.usedProof.deleteMany()` invocation in\n/app/x.ts:3:5\n\n→ 3 await prisma\n\nThe table `public.used_proof` does not exist in the current database.",
    "The table … does not exist in the current database.",
  ],
  ["\n\nInvalid `q()` invocation:", "Invalid … invocation:"],
  ["", ""],
])("of a task's error only what is harmless is shown: %s", (error, shown) => expect(shownError(error)).toBe(shown));

test("a payout is stuck a quarter of an hour after it was sent last", () => {
  const created = new Date(NOW - 60 * MINUTE);
  expect(isStuck({ createdAt: created, sentAt: null }, new Date(NOW))).toBe(true);
  expect(isStuck({ createdAt: created, sentAt: new Date(NOW - 14 * MINUTE) }, new Date(NOW))).toBe(false);
  expect(isStuck({ createdAt: created, sentAt: new Date(NOW - 16 * MINUTE) }, new Date(NOW))).toBe(true);
});
