import { randomBytes, randomUUID } from "node:crypto";
import { createServer } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { type MessagesApiServer, startMessagesApiServer } from "~/testing/messages-api-server";
import { startApp } from "./app";
import { startBare } from "./bare";
import { type Bench, dropDatabase } from "./bench";
import { visitor } from "./client";
import { type LnbitsStandIn, startLnbitsStandIn } from "./lnbits-stand-in";
import { figure, latency, note, title } from "./report";
import { median, ratios } from "./spread";

/** A way from the webhook to the prompt. Answers milliseconds. */
type Chain = () => Promise<number>;

/** (a) From the wallet's webhook for the paid work to the prompt's arrival at the model's server. */
export async function webhookToPrompt(bench: Bench): Promise<void> {
  const [rounds, perRound] = bench.quick ? [2, 5] : [7, 40];
  title(`(a) webhook in → work prompt out at the model's server, ${rounds} rounds of ${perRound}, one by one`);
  note("wallet: the LNbits adapter, asking a stand-in of LNbits that answers at once over HTTP; both sides ask it");
  const databaseUrl = await bench.database("bench_webhook");
  const [wallet, model] = await Promise.all([startLnbitsStandIn(), startMessagesApiServer()]);
  bench.atEnd(async () => Promise.all([wallet.stop(), model.stop()]));
  const outside = { databaseUrl, wallet, model };
  const app = await appChain(bench, outside);
  const bare = await bareChain(bench, outside);

  const appMs: number[] = [];
  const bareMs: number[] = [];
  const medians = { app: [] as number[], bare: [] as number[] };
  for (let round = -1; round < rounds; round += 1) {
    const chains: [Chain[], Chain[]] = [await app.prepare(perRound), await bare.prepare(perRound)];
    const took: [number[], number[]] = [[], []];
    for (let turn = 0; turn < perRound; turn += 1) {
      for (const side of [0, 1] as const) {
        const chain = chains[side][turn];
        if (chain) took[side].push(await chain());
      }
    }
    if (round < 0) continue; // warming up
    appMs.push(...took[0]);
    bareMs.push(...took[1]);
    medians.app.push(median(took[0]));
    medians.bare.push(median(took[1]));
  }
  latency("the app", appMs);
  latency("the bare chain", bareMs);
  figure("the app beside the bare chain, medians of each round", ratios(medians.app, medians.bare), " ×", {
    atMost: 3,
  });

  await Promise.all([app.stop(), bare.stop()]);
  await dropDatabase(databaseUrl);
}

type Outside = { databaseUrl: string; wallet: LnbitsStandIn; model: MessagesApiServer };

async function appChain(bench: Bench, { databaseUrl, wallet, model }: Outside) {
  const port = await freePort(); // the webhook's address has to be known before the start
  const app = await startApp({
    DATA_DIR: bench.folder,
    DATABASE_URL: databaseUrl,
    PORT: String(port),
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    LNBITS_URL: wallet.url,
    LNBITS_API_KEY: "bench",
    ANTHROPIC_API_KEY: "test-key",
    ANTHROPIC_BASE_URL: model.url,
    INVOICE_EXPIRY_SECONDS: "3600",
  });
  bench.atEnd(app.stop);
  const client = visitor(app.url);

  async function waitingForWork(): Promise<Chain> {
    const request = `Explain the number ${randomUUID()}`;
    const { jobId, evalInvoice } = await client.ask(request);
    await post(wallet.pay(evalInvoice?.paymentHash ?? ""), evalInvoice?.paymentHash ?? "");
    const { workInvoice } = await client.until(jobId, "awaiting_work_payment");
    return async () => {
      const paymentHash = workInvoice?.paymentHash ?? "";
      const webhook = wallet.pay(paymentHash);
      const from = now();
      const at = arrival(model, request);
      await post(webhook, paymentHash);
      const took = (await at) - from;
      await client.until(jobId, "complete"); // the next one must not meet what is left of this one
      return took;
    };
  }
  return {
    stop: app.stop,
    async prepare(count: number): Promise<Chain[]> {
      const chains: Chain[] = [];
      for (let made = 0; made < count; made += 1) chains.push(await waitingForWork());
      return chains;
    },
  };
}

async function bareChain(bench: Bench, { databaseUrl, wallet, model }: Outside) {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 1 });
  pool.on("error", () => undefined); // the end of the database is no error
  await pool.query(
    "CREATE TABLE bare_order (payment_hash text PRIMARY KEY, request text NOT NULL, paid boolean NOT NULL)",
  );
  const chain = await startBare(bench, "bare-chain.mjs", databaseUrl, wallet.url, model.url);

  async function order(): Promise<Chain> {
    const request = `Explain the number ${randomUUID()}`;
    const paymentHash = wallet.invoice();
    await pool.query("INSERT INTO bare_order VALUES ($1, $2, false)", [paymentHash, request]);
    return async () => {
      wallet.pay(paymentHash);
      const from = now();
      const at = arrival(model, request);
      await post(chain.url, paymentHash);
      const took = (await at) - from;
      await pause(50); // the answer streams in meanwhile
      return took;
    };
  }
  return {
    async stop() {
      await chain.stop();
      await pool.end();
    },
    prepare: (count: number) => Promise.all(Array.from({ length: count }, order)),
  };
}

/** The same clock as the model's server has: it runs in this process. */
const now = () => performance.timeOrigin + performance.now();

/** When the work prompt of that request arrives. */
async function arrival(model: MessagesApiServer, request: string): Promise<number> {
  for (;;) {
    const call = model.calls.find(({ purpose, request: sent }) => purpose === "work" && asks(sent, request));
    if (call) return call.at;
    await pause(2);
  }
}
const asks = (sent: MessagesApiServer["calls"][number]["request"], request: string) =>
  sent.messages.some(({ content }) => content === request);

const post = async (url: string, paymentHash: string) => {
  const reply = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ payment_hash: paymentHash, memo: randomBytes(8).toString("hex") }),
  });
  await reply.text();
};

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no free port");
  return address.port;
}
