/**
 * `npm run lighthouse`: Lighthouse's mobile preset on the start page of the built app, five times; the median is the figure.
 * Drawn in software, the room would drown everything else: the browser has no WebGL, and the page shows its flat room.
 */
import { createServer } from "node:net";
import { type Browser, chromium } from "@playwright/test";
import lighthouse from "lighthouse";
import { startApp } from "../e2e/app";
import { findBrowser } from "./steps/browser.mjs";

const RUNS = 5;
const LEAST = { performance: 90, accessibility: 100, "best-practices": 100, seo: 100 } as const;
type Category = keyof typeof LEAST;
const categories = Object.keys(LEAST) as Category[];
type Scores = Record<Category, number>;

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const { port } = server.address() as { port: number };
  await new Promise((closed) => server.close(closed));
  return port;
}

/** One visit by a browser that has never been here. `faults` is what cost points. */
async function visit(url: string, found: { executablePath: string; args: string[] }) {
  const port = await freePort();
  let browser: Browser | undefined;
  try {
    browser = await chromium.launch({
      executablePath: found.executablePath,
      args: [...found.args, `--remote-debugging-port=${port}`, "--disable-3d-apis"],
    });
    const run = await lighthouse(url, { port, onlyCategories: categories, logLevel: "error" });
    if (!run || run.lhr.runtimeError) throw new Error(run?.lhr.runtimeError?.message ?? "Lighthouse gave no result");
    const { lhr } = run;
    const score = (category: Category) => Math.round((lhr.categories[category]?.score ?? 0) * 100);
    const scores = Object.fromEntries(categories.map((category) => [category, score(category)])) as Scores;
    const shown = [
      "first-contentful-paint",
      "largest-contentful-paint",
      "total-blocking-time",
      "cumulative-layout-shift",
    ];
    const metrics = shown.map((id) => `${id} ${lhr.audits[id]?.displayValue ?? "?"}`);
    const counted = new Set(
      categories.flatMap((it) => lhr.categories[it]?.auditRefs.filter((r) => r.weight > 0).map((r) => r.id) ?? []),
    );
    const faults = [...counted]
      .map((id) => lhr.audits[id])
      .filter((audit) => audit?.score !== null && (audit?.score ?? 1) < 0.9);
    return {
      scores,
      metrics,
      faults: faults.map((audit) => `${audit?.id}: ${audit?.title} ${audit?.displayValue ?? ""}`.trim()),
    };
  } finally {
    await browser?.close();
  }
}

const median = (values: number[]): number => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
const line = (scores: Scores): string => categories.map((category) => `${category} ${scores[category]}`).join(" · ");

const found = await findBrowser();
const app = await startApp();
try {
  const visits: Awaited<ReturnType<typeof visit>>[] = [];
  for (let n = 1; n <= RUNS; n += 1) {
    const one = await visit(`${app.url}/`, found);
    console.log(`${n}: ${line(one.scores)} (${one.metrics.join(", ")})`);
    visits.push(one);
  }
  const middle = Object.fromEntries(
    categories.map((it) => [it, median(visits.map(({ scores }) => scores[it]))]),
  ) as Scores;
  console.log(`median: ${line(middle)}`);
  const missed = categories.filter((category) => middle[category] < LEAST[category]);
  for (const fault of new Set(visits.flatMap(({ faults }) => faults))) console.log(`  ${fault}`);
  for (const category of missed) console.log(`too little: ${category} ${middle[category]} of ${LEAST[category]}`);
  process.exitCode = missed.length > 0 ? 1 : 0;
} finally {
  await app.stop();
}
