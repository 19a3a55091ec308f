/** What is wrong, for somebody who can do something about it. */
export type Problem = { code: string; what: string; whatToDo: string };

/** What the problems are derived from. Times are milliseconds; null where nobody knows. */
export type Facts = {
  now: number;
  wallet: {
    kind: "lnbits" | "simulated";
    reachable: boolean;
    keyValid: boolean | null;
    /** Whether its key may pay; null where that cannot be told. */
    mayPay: boolean | null;
    detail: string | null;
    floatSats: number | null;
    callsThisMinute: number;
    callsPerMinute: number;
  };
  node: { visible: boolean; synced: boolean | null; activeChannels: number | null };
  webhook: { publicUrlSet: boolean; lastSeenAt: number | null };
  lastSettlementAt: number | null;
  queue: { ready: number; oldestReadySeconds: number; failing: readonly { attempts: number; givenUp: boolean }[] };
  processes: readonly { side: string; alive: boolean; hearsWallet: boolean | null }[];
  price: { source: "live" | "lastGood" | "fallback"; ageSeconds: number | null };
  models: { lastAnswerAt: number | null; lastErrorAt: number | null; lastError: string | null };
  books: { ok: boolean | null; provenWrong: boolean; readAt: number | null };
  /** Owed, in flight and held for orders: what may have to be paid out. */
  claimableSats: number;
  payouts: { switchedOff: boolean; inFlight: readonly { stuck: boolean; note: string | null }[] };
  warnings: readonly string[];
};

const MINUTE = 60_000;
/** A process that was not seen for so long is not there. */
export const ALIVE_MS = 45_000;
/** Longer than any routing takes, and than any look-up waits. */
const STUCK_MS = 15 * MINUTE;
const BOOKS_OLD_MS = 5 * MINUTE;
const QUEUE_LATE_SECONDS = 30;
const PRICE_OLD_SECONDS = 600;
/** Above this share the sweep of open invoices has to wait. */
const STRETCHED_SHARE = 0.6;
/** As LNbits keeps it back for the fees of a payment. */
const RESERVE_SHARE = 0.01;
/** Fewer failures mend themselves. */
const FAILED_OFTEN = 3;
/** By this long after a settlement the webhook should have come. */
const WEBHOOK_LATE_MS = 10 * MINUTE;

type Check = (facts: Facts) => Problem | Problem[] | null;

/** Every problem there is, the gravest first. */
export const problemsOf = (facts: Facts): Problem[] =>
  [
    books,
    wallet,
    processes,
    queue,
    payouts,
    float,
    callBudget,
    announcements,
    lightningNode,
    models,
    price,
    settings,
  ].flatMap((check: Check) => check(facts) ?? []);

const books: Check = ({ books: { ok, provenWrong, readAt }, now }) => {
  if (provenWrong) {
    return {
      code: "BOOKS_WRONG",
      what: "The books fail their proof: three readings agree that wallet and ledger differ. Payouts are on hold.",
      whatToDo:
        "Run `npm run books` and look at each term. If sats were moved in the wallet by hand, book them: `npm run books -- deposit|withdraw --sats N --reason …`.",
    };
  }
  if (readAt === null || now - readAt > BOOKS_OLD_MS) {
    return {
      code: "BOOKS_UNREAD",
      what: "The books have not been compared with the wallet for more than five minutes.",
      whatToDo:
        "Check that a worker is running and that the wallet answers; the proof is taken every minute by itself.",
    };
  }
  if (ok) return null;
  return {
    code: "BOOKS_DIFFER",
    what: "Wallet and ledger differed at the newest reading. One reading proves nothing: payments may be on their way.",
    whatToDo: "Look again in a minute. If it persists, `npm run books` names every term.",
  };
};

const wallet: Check = ({ wallet: { kind, reachable, keyValid, mayPay, detail } }) => {
  if (!reachable) {
    return {
      code: "WALLET_UNREACHABLE",
      what: `The wallet does not answer: ${detail ?? "no reason given"}. No order can be placed; what is paid waits.`,
      whatToDo:
        kind === "lnbits"
          ? "Check that LNbits is running and that LNBITS_URL reaches it from this machine."
          : "Check that the database answers.",
    };
  }
  if (keyValid === false) {
    return {
      code: "WALLET_KEY_REFUSED",
      what: "LNbits does not accept the key: it has no wallet for it.",
      whatToDo: "Set LNBITS_API_KEY to the admin key of the wallet (LNbits: API info), and restart.",
    };
  }
  if (mayPay === false) {
    return {
      code: "WALLET_KEY_READS_ONLY",
      what: "The key in LNBITS_API_KEY may only read and make invoices: nothing can be paid out.",
      whatToDo: "Set LNBITS_API_KEY to the admin key of the wallet, and restart.",
    };
  }
  if (detail !== null) {
    return {
      code: "WALLET_BUSY",
      what: `The wallet is putting calls off: ${detail}`,
      whatToDo: "Raise LNbits' rate limit, or lower WALLET_CALLS_PER_MINUTE below it.",
    };
  }
  return null;
};

const processes: Check = ({ processes }) => {
  if (processes.some(({ side, alive }) => alive && side !== "web")) return null;
  return {
    code: "NO_WORKER",
    what: "No worker is alive: nothing is judged, done, looked up or paid out.",
    whatToDo: "Start one: `npm run worker`, or `npm start` for the whole app in one process.",
  };
};

const queue: Check = ({ queue: { ready, oldestReadySeconds, failing } }) => {
  const problems: Problem[] = [];
  if (oldestReadySeconds > QUEUE_LATE_SECONDS) {
    problems.push({
      code: "QUEUE_LATE",
      what: `${ready} tasks are due, the oldest for ${Math.round(oldestReadySeconds)} seconds already.`,
      whatToDo: "Start another worker (`npm run worker`), or raise WORKER_CONCURRENCY.",
    });
  }
  const givenUp = failing.filter((task) => task.givenUp).length;
  if (givenUp > 0) {
    problems.push({
      code: "TASKS_GIVEN_UP",
      what: `${givenUp === 1 ? "1 task has failed at its" : `${givenUp} tasks have failed at their`} last try. Nothing is retried by itself.`,
      whatToDo: "Read the error of each below, fix its cause, then try it again there.",
    });
  }
  const often = failing.filter((task) => !task.givenUp && task.attempts >= FAILED_OFTEN).length;
  if (often > 0) {
    problems.push({
      code: "TASKS_FAILING",
      what: `${often} ${often === 1 ? "task has" : "tasks have"} failed again and again. They are retried by themselves, each time later.`,
      whatToDo: "Read the error of each below, fix its cause, then try it again now.",
    });
  }
  return problems;
};

const payouts: Check = ({ payouts: { switchedOff, inFlight } }) => {
  const problems: Problem[] = [];
  if (switchedOff) {
    problems.push({
      code: "PAYOUTS_OFF",
      what: "Payouts are switched off (PAYOUTS=off). Claims are accepted and wait.",
      whatToDo: "Remove PAYOUTS=off and restart once refunds may go out.",
    });
  }
  const stuck = inFlight.filter((payout) => payout.stuck);
  if (stuck.length > 0) {
    const [note] = stuck.flatMap((payout) => payout.note ?? []);
    problems.push({
      code: "PAYOUT_STUCK",
      what: `${stuck.length} ${stuck.length === 1 ? "payout has" : "payouts have"} had no outcome for a quarter of an hour${note ? `: ${note}` : "."}`,
      whatToDo:
        "Deal with what its note says. If it cannot be paid, settle it by hand as failed: its payer may then claim another way. If you paid it from another wallet, settle it as paid with the preimage.",
    });
  }
  return problems;
};

const float: Check = ({ wallet: { floatSats }, claimableSats }) => {
  if (floatSats === null || claimableSats === 0) return null;
  const wanted = Math.ceil(claimableSats * RESERVE_SHARE);
  if (floatSats >= wanted) return null;
  return {
    code: "FLOAT_LOW",
    what: `Only ${floatSats} sats of the balance are free of claims. Paying out ${claimableSats} sats may need ${wanted} for fees and their reserves.`,
    whatToDo: "Send sats into the wallet, then book them: `npm run books -- deposit --sats N --reason float`.",
  };
};

const callBudget: Check = ({ wallet: { kind, callsThisMinute, callsPerMinute } }) => {
  if (kind === "simulated" || callsThisMinute <= callsPerMinute * STRETCHED_SHARE) return null;
  return {
    code: "WALLET_CALLS_STRETCHED",
    what: `${callsThisMinute} of ${callsPerMinute} calls to the wallet are used up this minute: payments are noticed later than usual.`,
    whatToDo:
      "Raise LNbits' own rate limit, then WALLET_CALLS_PER_MINUTE below it. With PUBLIC_URL set, webhooks save look-ups.",
  };
};

const announcements: Check = ({ wallet: { kind }, webhook, lastSettlementAt, processes, now }) => {
  if (kind === "simulated") return null;
  const problems: Problem[] = [];
  const { publicUrlSet, lastSeenAt } = webhook;
  const untold =
    lastSettlementAt !== null &&
    now - lastSettlementAt > MINUTE &&
    lastSettlementAt - (lastSeenAt ?? 0) > WEBHOOK_LATE_MS;
  if (publicUrlSet && untold) {
    problems.push({
      code: "WEBHOOK_SILENT",
      what: "Payments were settled but no webhook came. Look-ups noticed them, later.",
      whatToDo:
        "Check that PUBLIC_URL reaches this server from where LNbits runs, and that LNbits may call it (LNBITS_CALLBACK_URL_RULES).",
    });
  }
  const listeners = processes.filter(({ alive, hearsWallet }) => alive && hearsWallet !== null);
  if (listeners.length > 0 && !listeners.some(({ hearsWallet }) => hearsWallet)) {
    problems.push({
      code: "WEBSOCKET_DOWN",
      what: "No worker hears LNbits' websocket. Payments are noticed by webhook and look-ups.",
      whatToDo: "Check that any proxy between here and LNbits lets websockets through.",
    });
  }
  return problems;
};

const lightningNode: Check = ({ node: { visible, synced, activeChannels } }) => {
  const problems: Problem[] = [];
  if (visible && synced === false) {
    problems.push({
      code: "NODE_NOT_SYNCED",
      what: "The Lightning node is behind the chain.",
      whatToDo: "Let it catch up: until then payments may fail.",
    });
  }
  if (visible && activeChannels === 0) {
    problems.push({
      code: "NODE_WITHOUT_CHANNELS",
      what: "The Lightning node has no active channel: nothing can be received or paid.",
      whatToDo: "Open a channel, or find out why the existing ones are down.",
    });
  }
  return problems;
};

const models: Check = ({ models: { lastAnswerAt, lastErrorAt, lastError } }) => {
  if (lastErrorAt === null || lastErrorAt <= (lastAnswerAt ?? 0)) return null;
  return {
    code: "MODEL_FAILING",
    what: `The newest call to a model failed (${lastError ?? "no reason given"}), and none has succeeded since.`,
    whatToDo:
      "Check that ANTHROPIC_API_KEY is valid and has credit, and that the server at ANTHROPIC_BASE_URL answers.",
  };
};

const price: Check = ({ price: { source, ageSeconds } }) => {
  const whatToDo = "Check that this machine reaches CoinGecko, or set COINGECKO_URL to a server that speaks its API.";
  if (source === "fallback") {
    return {
      code: "PRICE_FALLBACK",
      what: "No bitcoin price is available: quotes use BTC_PRICE_USD_FALLBACK.",
      whatToDo,
    };
  }
  if (source === "live" || (ageSeconds ?? 0) < PRICE_OLD_SECONDS) return null;
  return {
    code: "PRICE_OLD",
    what: `The price of bitcoin is ${Math.round((ageSeconds ?? 0) / 60)} minutes old. After an hour the fallback is used.`,
    whatToDo,
  };
};

const settings: Check = ({ warnings }) =>
  warnings.map((warning) => ({
    code: "SETTING_IN_DOUBT",
    what: warning,
    whatToDo: "Correct the setting (all of them are listed in .env.example), and restart.",
  }));

/**
 * The part of a task's error that may be shown: its most telling line, without anything quoted or anything like a key
 * or an id.
 */
export function shownError(error: string): string {
  const lines = error.split("\n").filter((line) => line.trim() !== "");
  const [first = ""] = lines;
  // Prisma begins with the call and its place; what was wrong with it comes last.
  const line = /^Invalid `[^`]*` invocation/.test(first) ? (lines.at(-1) ?? "") : first;
  return line
    .replace(/"[^"]*"|'[^']*'|`[^`]*`/g, "…")
    .replace(/\b[0-9a-f]{8}-[0-9a-f-]{27}\b|\b[0-9a-f]{16,}\b|\bhttps?:\S+|\bln(bc|tb|bcrt)\w{20,}/gi, "…")
    .slice(0, 160);
}

/** Has a payout had no outcome for so long that somebody should look? */
export const isStuck = (payout: { createdAt: Date; sentAt: Date | null }, now: Date): boolean =>
  now.getTime() - (payout.sentAt ?? payout.createdAt).getTime() > STUCK_MS;
