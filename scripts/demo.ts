/**
 * `npm run demo`: one paid job on the terminal, end to end, through the real API: asked, judged, paid, done, the change
 * back. Embedded Postgres, simulated wallet, canned agent; everything in a folder that is gone afterwards.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createApi } from "~/server/api";
import { createContainer } from "~/server/container";
import { openAppDatabase } from "~/server/database-store";
import { settingsFrom } from "~/server/env";
import { startHttp } from "~/server/http";
import { startWorker } from "~/worker/main";
import { anyInvoice } from "./demo/any-invoice";
import { api, until } from "./demo/client";

const REQUEST = "Write a haiku about a wizard who counts every coin";
const folder = await mkdtemp(join(tmpdir(), "timmy-demo-"));
const stops: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })];

try {
  say("Starting a workshop on an embedded database …");
  // No setting of this machine is used, and nothing outside is asked: not even for the price of bitcoin.
  const settings = await settingsFrom({
    DATA_DIR: folder,
    LOG_LEVEL: "error",
    COINGECKO_URL: "http://127.0.0.1:9",
    PORT: "0",
  });
  const database = await openAppDatabase(settings, () => undefined);
  stops.push(() => database.stop());
  const container = await createContainer(settings, database.url);
  stops.push(() => container.close());
  const worker = await startWorker(container);
  stops.push(() => worker.stop());
  const http = await startHttp({ host: "127.0.0.1", port: 0, log: container.log });
  stops.push(() => http.close(1000));
  http.serveApi(createApi(container));
  await run(api(`http://127.0.0.1:${http.port}`));
  const proof = await container.services.books.prove();
  if (!proof.ok || !proof.value.ok) throw new Error("the books do not hold");
  say(`The wallet holds ${proof.value.terms.walletMsat / 1000n} sats, and the books say the same. Done.`);
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  for (const stop of stops.reverse()) await stop();
}

async function run({ get, post }: ReturnType<typeof api>): Promise<void> {
  say(`You ask: “${REQUEST}”`);
  const job = await post("/api/jobs", { request: REQUEST });
  say(`Judging it costs ${job.evalInvoice.amountSats} sats. Invoice: ${short(job.evalInvoice.paymentRequest)}`);
  await post(`/api/dev/stub/pay/${job.evalInvoice.paymentHash}`, {});
  say("Paid with play money. alpha judges …");

  const quoted = await until(() => get(`/api/jobs/${job.jobId}`), "awaiting_work_payment");
  const { pricingBreakdown: price, workInvoice } = quoted;
  say(
    `Accepted. The work costs at most ${price.quoteSats} sats (tokens ${price.estimatedCostUsd} USD, infra ${price.infraUsd} USD, margin ${price.marginPct} %).`,
  );
  await post(`/api/dev/stub/pay/${workInvoice.paymentHash}`, {});
  say("Paid. beta works …\n");

  const done = await until(() => get(`/api/jobs/${job.jobId}`), "complete");
  console.log(done.result.replace(/^/gm, "    "), "\n");
  const cost = done.costLedger;
  say(
    `It took ${cost.totalTokens} tokens: ${cost.actualCostUsd} USD. Charged ${cost.actualAmountSats} of ${cost.workAmountSats} sats, change ${cost.refundAmountSats} sats.`,
  );

  await post(`/api/jobs/${job.jobId}/refund`, { refundToken: job.refundToken, invoice: anyInvoice(done.owedSats) });
  await until(async () => ({ ...(await get(`/api/jobs/${job.jobId}`)).costLedger }), "paid", "refundState");
  say(`The change of ${cost.refundAmountSats} sats is paid back.`);
}

function say(line: string): void {
  console.log(line);
}
function short(invoice: string): string {
  return `${invoice.slice(0, 24)}…`;
}
