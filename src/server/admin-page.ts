import type { NodeStatus } from "~/modules/operator/operator-schema";

type Row = [label: string, value: string];

/** The operator's status as a page that needs no script: whatever is wrong first, with what to do about it. */
export function statusPage(status: NodeStatus): { html: string; style: string } {
  const { problems, wallet, node, webhook, queue, processes, price, models, books, money, payouts } = status;
  const sections: [heading: string, rows: Row[]][] = [
    [
      "Money",
      [
        ["Books", booksWords(status)],
        ["Read at", time(books.readAt)],
        ["Owed to payers", sats(money.owedSats)],
        ["In flight", sats(money.inFlightSats)],
        ["Paid, not yet earned", sats(money.escrowSats)],
        ["Balances of sessions", sats(money.prepaidSats)],
        ["Generosity pool", sats(money.poolSats)],
        ...(books.terms
          ? Object.entries(books.terms).map(
              ([name, value]): Row => [name, Array.isArray(value) ? value.join("; ") || "none" : msat(value)],
            )
          : []),
      ],
    ],
    [
      "Wallet",
      [
        ["Kind", wallet.kind],
        ["Reachable", yes(wallet.reachable)],
        ["Key valid", yes(wallet.keyValid)],
        ["Balance", sats(wallet.balanceSats)],
        ["Float", sats(wallet.floatSats)],
        ["Calls this minute", `${wallet.callsThisMinute} of ${wallet.callsPerMinute}`],
        [
          "Lightning node",
          node.visible
            ? `${node.activeChannels ?? "?"} active channels, ${node.peers ?? "?"} peers, block ${node.blockHeight ?? "?"}, synced: ${yes(node.synced)}`
            : "not visible",
        ],
        ["Webhook", webhook.publicUrlSet ? `last seen ${time(webhook.lastSeenAt)}` : "PUBLIC_URL is not set"],
        ["Last settlement", time(status.lastSettlementAt)],
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
        ["Tasks due", `${queue.ready}, the oldest for ${Math.round(queue.oldestReadySeconds)} s`],
        ["Running, later", `${queue.running}, ${queue.later}`],
        ...queue.failing.map(
          (task): Row => [
            `${task.task} ${task.taskId}`,
            `failed ${task.attempts === 1 ? "once" : `${task.attempts} times`}: ${task.lastError} (${nextTry(task)})`,
          ],
        ),
        [
          "Models",
          `${models.kind}; last answer ${time(models.lastAnswerAt)}; last error ${time(models.lastErrorAt)}${models.lastError ? ` (${models.lastError})` : ""}`,
        ],
        [
          "Price of bitcoin",
          `${price.usd} USD, ${price.source}${price.ageSeconds === null ? "" : `, ${price.ageSeconds} s old`}`,
        ],
      ],
    ],
    [
      "Processes",
      processes.map(
        ({ id, side, alive, lastSeenAt, startedAt }): Row => [
          `${side} ${id}`,
          `${alive ? "alive" : "silent"}, last seen ${time(lastSeenAt)}, since ${time(startedAt)}`,
        ],
      ),
    ],
  ];
  const html = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Node status</title><style>${STYLE}</style></head>
<body><main><h1>Node status</h1>
<p>${time(status.checkedAt)}. To act, open /admin.</p>
<section aria-label="Problems"><h2>${problems.length === 0 ? "Nothing is wrong" : `${problems.length} to look at`}</h2>
${problems.map(({ code, what, whatToDo }) => `<article><h3>${text(code)}</h3><p>${text(what)}</p><p><b>What to do:</b> ${text(whatToDo)}</p></article>`).join("\n")}
</section>
${sections.map(([heading, rows]) => section(heading, rows)).join("\n")}
</main></body></html>
`;
  return { html, style: STYLE };
}

const STYLE =
  "body{margin:0;background:#0e1126;color:#f3e9d2;font:16px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}" +
  "main{max-width:860px;margin:0 auto;padding:16px}h1{font-size:28px}h2{font-size:20px;margin-top:32px}h3{font-size:16px;margin:0;color:#ff7a6b}" +
  "article{border:1px solid #ff7a6b;border-radius:10px;padding:12px;margin:12px 0}article p{margin:8px 0 0}" +
  "dl{display:grid;grid-template-columns:minmax(120px,240px) 1fr;gap:4px 16px;margin:0}dt{color:#c9c1b4}dd{margin:0}" +
  "@media (max-width:520px){dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:8px}}";

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
const sats = (amount: number | null): string => (amount === null ? "not known" : `${amount} sats`);
const msat = (amount: number): string => `${amount} msat`;
const yes = (answer: boolean | null): string => (answer === null ? "not known" : answer ? "yes" : "no");
const time = (iso: string | null): string =>
  iso === null ? "never" : iso.replace("T", " ").replace(/\.\d+Z$/, " UTC");

const nextTry = ({ running, givenUp, nextTryAt }: NodeStatus["queue"]["failing"][number]): string =>
  running ? "runs just now" : givenUp ? "not tried again by itself" : `next try ${time(nextTryAt)}`;

function booksWords({ books: { ok, provenWrong, offMsat } }: NodeStatus): string {
  if (provenWrong) return `proven wrong by ${offMsat} msat`;
  if (ok === null) return "not held against the wallet yet";
  return ok ? "they balance with the wallet" : `off by ${offMsat} msat at the newest reading`;
}
