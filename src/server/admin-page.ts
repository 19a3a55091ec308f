import type { NodeStatus } from "~/modules/operator/operator-schema";

type Row = [label: string, value: string];

/** The operator's status as a page that needs no script: whatever is wrong first, with what to do about it. */
export function statusPage(status: NodeStatus): { html: string; style: string } {
  const { problems, wallet, node, webhook, queue, processes, price, models, books, money, payouts, acts } = status;
  const sections: [heading: string, rows: Row[]][] = [
    [
      "Money",
      [
        ["Books", booksWords(status)],
        ["Read at", time(books.readAt)],
        ["Owed to payers", sats(money.owedSats)],
        ["In flight", sats(money.inFlightSats)],
        ["Paid, not yet earned", sats(money.escrowSats)],
        ["Session balances", sats(money.prepaidSats)],
        ["Generosity pool", sats(money.poolSats)],
      ],
    ],
    ["The proof of the books, term by term", books.terms ? proofRows(books.terms) : []],
    [
      "Wallet",
      [
        ["Kind", wallet.kind === "lnbits" ? "LNbits" : "simulated: play money"],
        ["Reachable", yes(wallet.reachable)],
        ["Key valid", yes(wallet.keyValid)],
        ["Balance", sats(wallet.balanceSats)],
        ["Free of claims", sats(wallet.floatSats)],
        ["Calls this minute", `${wallet.callsThisMinute} of ${wallet.callsPerMinute}`],
        [
          "Lightning node",
          node.visible
            ? `${node.activeChannels ?? "?"} active channels, ${node.peers ?? "?"} peers, block ${node.blockHeight ?? "?"}, in sync: ${yes(node.synced)}`
            : "not visible",
        ],
        ["Webhook", webhook.publicUrlSet ? `last seen ${time(webhook.lastSeenAt)}` : "PUBLIC_URL is not set"],
        ["Last payment to us", time(status.lastSettlementAt)],
      ],
    ],
    [
      "Payouts in flight",
      payouts.inFlight.map(
        (payout): Row => [
          `${payout.payoutId.slice(0, 8)}${payout.stuck ? " (stuck)" : ""}`,
          `${sats(payout.amountSats)} by ${payout.method}, ${payout.state} since ${time(payout.sentAt ?? payout.createdAt)}${payout.note ? `: ${payout.note}` : ""}`,
        ],
      ),
    ],
    [
      "Work",
      [
        [
          "Tasks due",
          queue.ready === 0 ? "none" : `${queue.ready}, the oldest for ${Math.round(queue.oldestReadySeconds)} s`,
        ],
        ["Running now", grouped(queue.running)],
        ["Scheduled for later", grouped(queue.later)],
        ["Models", models.kind === "anthropic" ? "real models" : "canned answers"],
        ["Last answer", time(models.lastAnswerAt)],
        ["Last error", `${time(models.lastErrorAt)}${models.lastError ? `: ${models.lastError}` : ""}`],
        [
          "Price of bitcoin",
          `${grouped(price.usd)} USD, ${PRICE_SOURCES[price.source]}${price.ageSeconds === null ? "" : `, ${price.ageSeconds} s old`}`,
        ],
      ],
    ],
    [
      "Tasks that failed",
      queue.failing.map(
        (task): Row => [
          `${task.task} ${task.taskId}`,
          `failed ${task.attempts === 1 ? "once" : `${task.attempts} times`}: ${task.lastError} (${nextTry(task)})`,
        ],
      ),
    ],
    [
      "Processes",
      processes.map(
        ({ id, side, alive, lastSeenAt, startedAt }): Row => [
          `${SIDES[side]} ${id}`,
          `${alive ? "alive" : "silent"}, last seen ${time(lastSeenAt)}, there since ${time(startedAt)}`,
        ],
      ),
    ],
    [
      "Done by hand",
      acts.map(
        (act): Row => [
          `${ACTS[act.kind]} ${act.subject}`,
          `${act.sats === null ? "" : `${sats(act.sats)}, `}${time(act.doneAt)}: ${act.reason}`,
        ],
      ),
    ],
  ];
  const html = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Node status</title><style>${STYLE}</style></head>
<body><main><h1>Node status</h1>
<p>As of ${time(status.checkedAt)}. To act, open <a href="/admin">the operator's room</a>.</p>
<section aria-label="Problems"><h2>${problems.length === 0 ? "Nothing is wrong" : problems.length === 1 ? "One thing to look at" : `${problems.length} things to look at`}</h2>
${problems.map(({ code, what, whatToDo }) => `<article><h3>${text(code)}</h3><p>${text(what)}</p><p><b>What to do:</b> ${text(whatToDo)}</p></article>`).join("\n")}
</section>
${sections.map(([heading, rows]) => section(heading, rows)).join("\n")}
</main></body></html>
`;
  return { html, style: STYLE };
}

const STYLE =
  "body{margin:0;background:#0e1126;color:#f3e9d2;font:16px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}" +
  "main{max-width:860px;margin:0 auto;padding:16px}h1{font-size:28px}h2{font-size:20px;margin-top:32px}h3{font-size:16px;margin:0;color:#ff7a6b}a{color:#6fe3cf}" +
  "article{border:1px solid #ff7a6b;border-radius:10px;background:rgb(255 122 107/.08);padding:12px;margin:12px 0}article p{margin:8px 0 0}" +
  "dl{display:grid;grid-template-columns:minmax(120px,240px) 1fr;gap:4px 16px;margin:0}dt{color:#c9c1b4}dd{margin:0}" +
  "@media (max-width:520px){dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:8px}}";

const SIDES = { web: "Web", worker: "Worker", both: "Web and worker" };
const PRICE_SOURCES = { live: "live", lastGood: "the last good one", fallback: "the fallback" };
const ACTS = {
  payout_paid: "Payout settled as paid",
  payout_failed: "Payout settled as failed",
  pool_topup: "Pool topped up",
  task_retry: "Task tried again",
};

const proofRows = (terms: NonNullable<NodeStatus["books"]["terms"]>): Row[] => [
  ["The wallet says", msat(terms.walletMsat)],
  ["The books say", msat(terms.ledgerMsat)],
  ["Paid to us, not booked yet", msat(terms.settledUnbookedMsat)],
  ["Paid by us, not booked yet", msat(terms.sentUnbookedMsat)],
  ["Held back for payouts in flight", msat(terms.reservedMsat)],
  ["Contradictions within the books", terms.faults.join("; ") || "none"],
];

const section = (heading: string, rows: readonly Row[]): string =>
  `<section><h2>${text(heading)}</h2>${
    rows.length === 0
      ? "<p>None.</p>"
      : `<dl>${rows.map(([label, value]) => `<dt>${text(label)}</dt><dd>${text(value)}</dd>`).join("")}</dl>`
  }</section>`;

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};
const text = (raw: string): string => raw.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? "");
const grouped = (amount: number): string => amount.toLocaleString("en");
const sats = (amount: number | null): string => (amount === null ? "not known" : `${grouped(amount)} sats`);
const msat = (amount: number): string => `${grouped(amount)} msat`;
const yes = (answer: boolean | null): string => (answer === null ? "not known" : answer ? "yes" : "no");
const time = (iso: string | null): string =>
  iso === null ? "never" : iso.replace("T", " ").replace(/\.\d+Z$/, " UTC");

const nextTry = ({ running, givenUp, nextTryAt }: NodeStatus["queue"]["failing"][number]): string =>
  running ? "running now" : givenUp ? "not retried by itself" : `next try ${time(nextTryAt)}`;

function booksWords({ books: { ok, provenWrong, offMsat } }: NodeStatus): string {
  if (provenWrong) return `proven wrong by ${offMsat} msat`;
  if (ok === null) return "not compared with the wallet yet";
  return ok ? "they balance with the wallet" : `off by ${offMsat} msat at the newest reading`;
}
