/**
 * `npm run books [-- --json]`: the balance sheet, and the proof of the wallet against the books. Exits 1 if it fails.
 * `npm run books -- deposit|withdraw --sats N --reason TEXT`: books what the operator moved in the wallet.
 */
import { parseArgs } from "node:util";
import { sats } from "~/core/money";
import type { Proof } from "~/modules/books/books-proof";
import { createContainer } from "~/server/container";
import { openAppDatabase } from "~/server/database-store";
import { loadSettings, SettingsError } from "~/server/env";
import { printProof } from "./books/print-proof";

const USAGE = "usage: npm run books -- [--json] | deposit|withdraw --sats N --reason TEXT";
/** A difference counts when three readings over 30 s agree on it: payments may be on their way between two readings. */
const READINGS = 3;
const MOST_LISTED = 50;
const BETWEEN_READINGS_MS = 15_000;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { json: { type: "boolean", default: false }, sats: { type: "string" }, reason: { type: "string" } },
  });
  const [verb] = positionals;
  if (positionals.length > 1 || (verb && verb !== "deposit" && verb !== "withdraw")) throw new Usage();

  const settings = await loadSettings();
  const database = await openAppDatabase(settings, console.error);
  const container = await createContainer({ ...settings, logLevel: "silent" }, database.url);
  try {
    const { books, pool } = container.services;
    await books.openIfNew();
    await pool.seedIfNew();
    if (verb) return await move(books, verb, values);

    let proof = await reading(books);
    for (let taken = 1; !proof.ok && taken < READINGS; taken += 1) {
      console.error("The wallet and the books differ: reading again, a payment may be on its way…");
      await new Promise((resolve) => setTimeout(resolve, BETWEEN_READINGS_MS));
      proof = await reading(books);
    }
    const { payouts, devPay } = container.services;
    const unbooked = { payouts: await payouts.inFlight(MOST_LISTED), devPays: await devPay.open(MOST_LISTED) };
    printProof(proof, unbooked, values.json);
    return proof.ok ? 0 : 1;
  } finally {
    await container.close();
    await database.stop();
  }
}

type Books = Awaited<ReturnType<typeof createContainer>>["services"]["books"];

async function reading(books: Books): Promise<Proof> {
  const proof = await books.prove();
  if (!proof.ok) throw new Error(`the wallet does not answer: ${proof.error.detail}`);
  return proof.value;
}

async function move(books: Books, verb: string, given: { sats?: string; reason?: string }): Promise<number> {
  if (!given.sats || !/^[1-9]\d{0,15}$/.test(given.sats) || !given.reason?.trim()) throw new Usage();
  const amount = sats(BigInt(given.sats));
  if (verb === "deposit") {
    await books.deposit(amount, given.reason);
  } else {
    const withdrawn = await books.withdraw(amount, given.reason);
    if (!withdrawn.ok) {
      console.error(`Not booked: only ${withdrawn.error.freeSats} sats are free; the rest is owed, held or in flight.`);
      return 1;
    }
  }
  console.log(`Booked: ${verb} of ${amount} sats (${given.reason}).`);
  return 0;
}

class Usage extends Error {}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    const parseFault = error instanceof TypeError && "code" in error;
    if (error instanceof Usage || parseFault) console.error(USAGE);
    else if (error instanceof SettingsError) console.error(error.message);
    else console.error(`books: ${error instanceof Error ? error.message : String(error)}`);
    process.exit(2);
  },
);
