/**
 * `npm run bench [-- a b c d e f g h i j k l m] [--quick]`: how fast it is, in ratios measured within one run on a Postgres that syncs
 * every commit. No figure is a test: it fails only when something breaks. Nothing real is asked.
 */
import { ensureBuilt } from "../steps/build.mjs";
import { cleanProcessEnv } from "../steps/clean-env.mjs";
import { type Bench, openBench } from "./bench";
import { chattingCrowd } from "./chatting-crowd";
import { freeTierDecisions } from "./free-tier-decisions";
import { jobReads } from "./job-reads";
import { l402 } from "./l402";
import { ledgerPostings } from "./ledger-postings";
import { longHistory } from "./long-history";
import { paidOnScreen } from "./paid-on-screen";
import { note, title } from "./report";
import { sceneFrames } from "./scene-frames";
import { sessionOverhead } from "./session-overhead";
import { starts } from "./starts";
import { watchers } from "./watchers";
import { webhookToPrompt } from "./webhook-to-prompt";

const PARTS: Readonly<Record<string, (bench: Bench) => Promise<void>>> = {
  a: webhookToPrompt,
  b: jobReads,
  c: ledgerPostings,
  d: starts,
  e: jobReads,
  f: longHistory,
  g: freeTierDecisions,
  h: sessionOverhead,
  i: l402,
  j: watchers,
  k: paidOnScreen,
  l: sceneFrames,
  m: chattingCrowd,
};

const words = process.argv.slice(2);
const quick = words.includes("--quick");
const wanted = words.filter((word) => word !== "--quick");
const unknown = wanted.filter((word) => !(word in PARTS));
if (unknown.length > 0) {
  console.error(
    `usage: npm run bench [-- ${Object.keys(PARTS).join(" ")}] [--quick]; not known: ${unknown.join(", ")}`,
  );
  process.exit(2);
}

cleanProcessEnv();
await ensureBuilt();
const bench = await openBench(quick);
const giveUp = () => bench.close().finally(() => process.exit(1));
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, giveUp);
process.once("uncaughtException", (error) => {
  console.error(error);
  void giveUp();
});
try {
  const chosen = Object.entries(PARTS).filter(([name]) => wanted.length === 0 || wanted.includes(name));
  // Reads and their memory are one part of two names.
  for (const part of new Set(chosen.map(([, part]) => part))) await part(bench);
  if (quick) {
    title("--quick: rounds this short show that the bench works, and nothing about speed.");
    note("Leave it out to measure.");
  }
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  await bench.close();
}
