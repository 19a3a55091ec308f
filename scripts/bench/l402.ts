import { z } from "zod";
import { startApp } from "./app";
import { startBare } from "./bare";
import { type Bench, dropDatabase } from "./bench";
import { visitor } from "./client";
import { CONNECTIONS, load } from "./load";
import { figure, note, title } from "./report";
import { ratios } from "./spread";

const PER_SECOND = " /s";
const json = { "content-type": "application/json" };
const Challenge = z.object({ sessionId: z.string(), macaroon: z.string() });
const Opened = Challenge.extend({ depositInvoice: z.object({ paymentHash: z.string() }) });

/**
 * (i) L402 challenges and checks of a credential a second. A challenge is the 402 of `POST /api/l402/ask`: an order with
 * an invoice of the simulated wallet, whose making is written down too. A check is reading a session by its macaroon, and
 * refusing one that was signed by somebody else. Beside each its bare work, on `node:http` and `pg` (`bare-l402.ts`).
 */
export async function l402(bench: Bench): Promise<void> {
  const [rounds, seconds] = bench.quick ? [2, 1] : [5, 2];
  title(`(i) L402, ${CONNECTIONS} connections, ${rounds} interleaved rounds of ${seconds} s each`);
  const databaseUrl = await bench.database("bench_l402");
  const app = await startApp({
    DATA_DIR: bench.folder,
    DATABASE_URL: databaseUrl,
    INVOICE_EXPIRY_SECONDS: "3600",
    TRUST_PROXY: "1",
  });
  bench.atEnd(app.stop);
  const bare = await startBare(bench, "bare-l402.ts", databaseUrl);

  const ask = { method: "POST", headers: json, body: JSON.stringify({ request: "Write a haiku about patience" }) };
  const opened = Opened.parse(
    await (await fetch(`${app.url}/api/sessions`, { ...ask, body: JSON.stringify({ amountSats: 500 }) })).json(),
  );
  await visitor(app.url).payStub(opened.depositInvoice.paymentHash);
  const reading = (macaroon: string) => ({
    method: "GET",
    path: `/api/sessions/${opened.sessionId}`,
    headers: { authorization: `Bearer ${macaroon}` },
  });
  const bareMade = z.object({ credential: z.string() }).parse(await (await fetch(bare.url, { method: "POST" })).json());
  const bareReading = { method: "GET", path: "/", headers: { authorization: bareMade.credential } } as const;

  // Each connection is a client of its own, as the app tells them apart: one client's orders wait for each other.
  const asking = Array.from({ length: CONNECTIONS }, (_, n) => ({
    ...ask,
    method: "POST" as const,
    path: "/api/l402/ask",
    headers: { ...json, "x-forwarded-for": `198.51.100.${n + 1}` },
  }));
  const runs = {
    challenge: () => load(app.url, asking, seconds, 402),
    bareChallenge: () => load(bare.url, [{ method: "POST", path: "/" }], seconds, 200),
    verify: () => load(app.url, [{ ...reading(opened.macaroon), method: "GET" }], seconds, 200),
    refuse: () => load(app.url, [{ ...reading(forged(opened.macaroon)), method: "GET" }], seconds, 401),
    bareVerify: () => load(bare.url, [bareReading], seconds, 200),
  };
  const done: Record<keyof typeof runs, number[]> = {
    challenge: [],
    bareChallenge: [],
    verify: [],
    refuse: [],
    bareVerify: [],
  };
  for (let round = -1; round < rounds; round += 1) {
    for (const [name, run] of Object.entries(runs) as [keyof typeof runs, () => Promise<number>][]) {
      const perSecond = await run();
      if (round >= 0) done[name].push(perSecond);
    }
  }
  note("no aim is set for these; load, Postgres and servers share the machine");
  figure("challenges, with their orders and invoices", done.challenge, PER_SECOND);
  figure("bare: an invoice signed, one statement", done.bareChallenge, PER_SECOND);
  figure("a challenge beside the bare one", ratios(done.challenge, done.bareChallenge), " ×");
  figure("sessions read by their credential", done.verify, PER_SECOND);
  figure("credentials refused", done.refuse, PER_SECOND);
  figure("bare: one prepared join, one HMAC", done.bareVerify, PER_SECOND);
  figure("a session read beside the bare check", ratios(done.verify, done.bareVerify), " ×");
  figure("a refusal beside the bare check", ratios(done.refuse, done.bareVerify), " ×");

  await Promise.all([app.stop(), bare.stop()]);
  await dropDatabase(databaseUrl);
}

/** The same macaroon, its signature another: the last of its bytes. */
function forged(macaroon: string): string {
  const bytes = Buffer.from(macaroon, "base64url");
  bytes[bytes.length - 1] = (bytes[bytes.length - 1] ?? 0) ^ 1;
  return bytes.toString("base64url");
}
