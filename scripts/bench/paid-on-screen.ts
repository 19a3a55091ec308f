import { texts } from "~/ui/texts";
import { startApp } from "./app";
import { type Bench, dropDatabase } from "./bench";
import { openBrowser, openPage, SCREEN } from "./browser";
import { visitor } from "./client";
import { figure, latency, note, title } from "./report";
import { median } from "./spread";

const STATES = texts.job.states;

/** What the page notes of itself. */
type Noting = { noteNextState: () => void; nextState: Promise<{ words: string; inPage: number; painted: number }> };

/**
 * (k) From the settlement of an invoice until the open page says so, without a reload: booked, announced, sent, drawn.
 * Counted from the departure of the call that has the simulated wallet pay, so the paying itself is in it. Both ends
 * are read off the one clock of this machine, in whole milliseconds.
 */
export async function paidOnScreen(bench: Bench): Promise<void> {
  const [rounds, perRound] = bench.quick ? [2, 2] : [7, 6];
  title(`(k) settlement → "paid" on screen, ${rounds} rounds of ${perRound} jobs with two payments each, one by one`);
  const databaseUrl = await bench.database("bench_screen");
  const app = await startApp({ DATA_DIR: bench.folder, DATABASE_URL: databaseUrl, INVOICE_EXPIRY_SECONDS: "3600" });
  bench.atEnd(app.stop);
  const browser = await openBrowser(bench, { drawing: false });
  const page = await openPage(browser);
  await page.addInitScript(noteStates);
  await page.goto(app.url);
  const client = visitor(app.url);

  /** Milliseconds from the paying to the words of another state, and to the frame that has them. */
  async function pay(paymentHash: string | undefined, before: string): Promise<[inPage: number, painted: number]> {
    if (!paymentHash) throw new Error("a job waits for payment without an invoice");
    await page
      .getByTestId("state")
      .filter({ hasText: new RegExp(`^${before}$`) })
      .waitFor({ state: "attached" });
    await page.locator('p[role="status"][data-connection="live"]').waitFor();
    await page.evaluate(() => (window as unknown as Noting).noteNextState());
    const from = Date.now();
    const [seen] = await Promise.all([
      page.evaluate(() => (window as unknown as Noting).nextState),
      client.payStub(paymentHash),
    ]);
    if (!PAID.has(seen.words)) throw new Error(`a payment led to “${seen.words}”`);
    return [seen.inPage - from, seen.painted - from];
  }

  async function oneJob() {
    const { jobId, evalInvoice } = await client.ask("Write a haiku about patience");
    await page.goto(`${app.url}/#job=${jobId}`); // the same page: nothing is loaded anew
    const judging = await pay(evalInvoice?.paymentHash, STATES.awaiting_eval_payment);
    const { workInvoice } = await client.until(jobId, "awaiting_work_payment");
    const work = await pay(workInvoice?.paymentHash, STATES.awaiting_work_payment);
    await client.until(jobId, "complete"); // the next one must not meet what is left of this one
    return [judging, work];
  }

  const inPage: number[] = [];
  const painted: number[] = [];
  const medians: number[] = [];
  for (let round = -1; round < rounds; round += 1) {
    const took: [number, number][] = [];
    for (let turn = 0; turn < perRound; turn += 1) took.push(...(await oneJob()));
    if (round < 0) continue; // warming up
    inPage.push(...took.map(([words]) => words));
    painted.push(...took.map(([, frame]) => frame));
    medians.push(median(took.map(([words]) => words)));
  }
  note(`browser: ${browser.version()}, ${SCREEN.width} × ${SCREEN.height}, the flat room`);
  latency("the words of the paid state are in the page", inPage);
  latency("… and the frame that shows them begins", painted);
  figure("the words, medians of each round", medians, " ms", { atMost: 150 });

  await browser.close();
  await app.stop();
  await dropDatabase(databaseUrl);
}

/** Where a payment leads to; on a busy machine the judge may have decided before the page heard of his beginning. */
const PAID: ReadonlySet<string> = new Set([
  STATES.evaluating,
  STATES.awaiting_work_payment,
  STATES.executing,
  STATES.complete,
]);

/** Runs in the page: waits for another text of the state that is read out to screen readers. */
function noteStates(): void {
  const words = () => document.querySelector('[data-testid="state"]')?.textContent ?? "";
  const noting = window as unknown as Noting;
  noting.noteNextState = () => {
    const before = words();
    noting.nextState = new Promise((resolve) => {
      const observer = new MutationObserver(() => {
        const now = words();
        if (now === "" || now === before) return;
        observer.disconnect();
        const inPage = Date.now();
        requestAnimationFrame(() => resolve({ words: now, inPage, painted: Date.now() }));
      });
      observer.observe(document, { subtree: true, childList: true, characterData: true });
    });
  };
}
