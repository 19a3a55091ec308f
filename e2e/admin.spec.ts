import AxeBuilder from "@axe-core/playwright";
import type { APIRequestContext, Page } from "@playwright/test";
import pg from "pg";
import { anyInvoice } from "../scripts/demo/any-invoice";
import { ensureEmbeddedPostgres } from "../src/db/embedded-postgres";
import { type App, startApp } from "./app";
import { test as base, expect } from "./fixtures";

const ADMIN_TOKEN = "the token of an operator in a test";

type Sql = (statement: string) => Promise<Record<string, unknown>[]>;

/** An app of their own: its payouts are held back, so that there is something to settle by hand. */
const test = base.extend<object, { held: App; sql: Sql }>({
  held: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the dependencies of a fixture from its pattern
    async ({}, use) => {
      const app = await startApp({ PAYOUTS: "off", ADMIN_TOKEN, ADMIN_TRIES_PER_MINUTE: "1000" });
      await use(app);
      await app.stop();
    },
    { scope: "worker", timeout: 300_000 },
  ],
  /** Its database, to bring about what no visitor can. */
  sql: [
    async ({ held }, use) => {
      const postgres = await ensureEmbeddedPostgres({ dataDir: held.dataDir });
      const client = new pg.Client({ connectionString: postgres.url });
      await client.connect();
      await use(async (statement) => (await client.query(statement)).rows);
      await client.end();
      await postgres.stop();
    },
    { scope: "worker" },
  ],
  baseURL: async ({ held }, use) => use(held.url),
});
test.use({ expectedErrors: /401|422/ });

type Invoice = { paymentHash: string };
type Job = { jobId: string; refundToken: string; evalInvoice: Invoice };
type SeenJob = { state: string; owedSats: number; workInvoice?: Invoice };

/** A job that is done, and whose change is claimed: a payout that waits. Returns what reads the job. */
async function claimedJob(api: APIRequestContext): Promise<() => Promise<SeenJob>> {
  const created = await api.post("/api/jobs", { data: { request: "A haiku about keys" } });
  const { jobId, refundToken, evalInvoice } = (await created.json()) as Job;
  const read = async () => (await (await api.get(`/api/jobs/${jobId}`)).json()) as SeenJob;
  await api.post(`/api/dev/stub/pay/${evalInvoice.paymentHash}`);
  await expect.poll(async () => (await read()).state).toBe("awaiting_work_payment");
  await api.post(`/api/dev/stub/pay/${(await read()).workInvoice?.paymentHash}`);
  await expect.poll(async () => (await read()).state).toBe("complete");
  const invoice = anyInvoice((await read()).owedSats);
  expect((await api.post(`/api/jobs/${jobId}/refund`, { data: { refundToken, invoice } })).status()).toBe(200);
  return read;
}

async function expectAccessible(page: Page, where: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const grave = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  const said = grave.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
  expect(said, where).toEqual([]);
}

async function enter(page: Page, token = ADMIN_TOKEN): Promise<void> {
  await page.getByLabel("Operator's token").fill(token);
  await page.getByRole("button", { name: "Open the room" }).click();
}
const part = (page: Page, name: string) => page.getByRole("region", { name });

test("the door: a wrong token is refused, the right one opens, stays in the tab alone, and locks again", async ({
  page,
}) => {
  await page.goto("/admin");
  await expectAccessible(page, "the door");
  await page.getByRole("button", { name: "Open the room" }).click();
  await expect(page.getByText("Type the token first.")).toBeVisible();
  await enter(page, "not the token");
  await expect(page.getByText("That is not this server's token.")).toBeVisible();
  await expectAccessible(page, "the door, refused");
  await enter(page);
  await expect(part(page, "Money")).toBeVisible();
  expect(page.url()).not.toContain(encodeURIComponent(ADMIN_TOKEN));
  expect(await page.evaluate(() => JSON.stringify(localStorage))).not.toContain(ADMIN_TOKEN);
  await page.reload();
  await expect(part(page, "Money")).toBeVisible();
  await page.getByRole("button", { name: "Lock the room" }).click();
  await expect(page.getByLabel("Operator's token")).toBeVisible();
  await page.reload();
  await expect(page.getByLabel("Operator's token")).toBeVisible();
});

test("what is wrong comes with what to do; a payout that waits is settled by hand, and its sats are owed again", async ({
  page,
}) => {
  const job = await claimedJob(page.request);
  const { owedSats } = await job();
  await page.goto("/admin");
  await enter(page);
  const problem = page.getByRole("article").filter({ hasText: "PAYOUTS_OFF" });
  await expect(problem).toContainText("What to do:");
  const payouts = part(page, "Payouts in flight");
  await payouts.getByRole("button", { name: /^Settle by hand/ }).click();
  await expect(payouts.getByRole("heading", { name: /^Settle payout/ })).toBeFocused();
  await expectAccessible(page, "settling");
  await payouts.getByRole("button", { name: "Settle", exact: true }).click();
  await expect(payouts.getByText("At least three characters.")).toBeVisible();

  // Paid? Not without proof: the server asks for the preimage.
  await payouts.getByLabel("It was paid").check();
  await payouts.getByLabel(/^Reason/).fill("the payer wants it another way");
  await payouts.getByRole("button", { name: "Settle", exact: true }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Yes, settle it" }).click();
  await expect(payouts.getByText(/Give the preimage/)).toBeVisible();

  await payouts.getByLabel("It failed: owed again").check();
  await payouts.getByRole("button", { name: "Settle", exact: true }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("button", { name: "No, go back" })).toBeFocused();
  await expectAccessible(page, "asked whether to settle");
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
  await payouts.getByRole("button", { name: "Settle", exact: true }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Yes, settle it" }).click();
  await expect(payouts.getByText(/is settled as failed/)).toBeVisible();
  await expect(payouts.getByText("No payout is on its way.")).toBeVisible();
  await expect(part(page, "Done by hand")).toContainText("the payer wants it another way");
  expect((await job()).owedSats).toBe(owedSats);
});

test("the pool is topped up, with a reason, by keyboard alone", async ({ page }) => {
  await page.goto("/admin");
  await page.getByLabel("Operator's token").focus();
  await page.keyboard.type(ADMIN_TOKEN);
  await page.keyboard.press("Enter");
  const money = part(page, "Money");
  await money.getByLabel("Sats", { exact: true }).focus();
  await page.keyboard.type("50");
  await page.keyboard.press("Tab");
  await page.keyboard.type("more for newcomers");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog")).toContainText("Top up by 50 sats?");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(money.getByText(/^The pool now holds [\d,]+ sats\.$/)).toBeVisible();
  await expect(part(page, "Done by hand")).toContainText("50 sats: more for newcomers");
});

test("a task that failed is tried again by its button, once its cause is seen to: what is read before and after", async ({
  page,
  sql,
}) => {
  // Whatever a visitor does and whatever fails outside, tasks take for an expected end or put off by themselves: none fails.
  // What does it is damage, so the table of one task, which nothing else here asks, goes out of its way for a while.
  await sql("ALTER TABLE used_proof RENAME TO used_proof_elsewhere");
  const [task] = await sql("SELECT id::text FROM graphile_worker.add_job('forget-used-proofs', max_attempts => 1)");
  const retry = { name: `Try again now: forget-used-proofs ${task?.id}`, exact: true };
  await page.goto("/admin");
  await enter(page);
  const tasks = part(page, "Tasks that failed");
  const problem = page.getByRole("article").filter({ hasText: "TASKS_GIVEN_UP" });
  await expect(problem).toContainText("1 task has failed at its last try. Nothing is retried by itself.");
  await expect(problem).toContainText("What to do: Read the error of each below, fix its cause");
  await expect(tasks).toContainText(`forget-used-proofs: failed once ${task?.id}`);
  await expect(tasks).toContainText("The table … does not exist in the current database.");
  await expect(tasks).toContainText("That was its last try: it is not retried by itself.");

  await tasks.getByRole("button", retry).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("Try forget-used-proofs again now?");
  await expectAccessible(page, "asked whether to try again");
  await dialog.getByRole("button", { name: "Yes, try it" }).click();
  await expect(dialog.getByText("At least three characters.")).toBeVisible();

  await sql("ALTER TABLE used_proof_elsewhere RENAME TO used_proof");
  await dialog.getByLabel(/^Reason/).fill("its table is back");
  await dialog.getByRole("button", { name: "Yes, try it" }).click();
  await expect(tasks.getByText("forget-used-proofs will be tried again.")).toBeVisible();
  await expect(tasks.getByText("No task has failed.")).toBeVisible();
  await expect(problem).toHaveCount(0);
  await expect(part(page, "Done by hand")).toContainText(`forget-used-proofs ${task?.id}: its table is back`);
  expect(await sql(`SELECT 1 FROM graphile_worker._private_jobs WHERE id = ${task?.id}`)).toEqual([]);
});

test("everything is open to axe, and whatever is tapped is large enough", async ({ page }) => {
  await claimedJob(page.request);
  await page.goto("/admin");
  await enter(page);
  await page.getByText("The proof, term by term").click();
  await page.getByText("Every account").click();
  await expectAccessible(page, "the room");
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
  expect(wide, "nothing sticks out at the side").toBe(false);
  const small = await page.locator("button, a, summary, input[type=text]").evaluateAll((elements) =>
    elements.flatMap((element) => {
      const { width, height } = element.getBoundingClientRect();
      const inText = element.closest("p, li > p") !== null;
      return width === 0 || inText || height >= 44 ? [] : [`${element.textContent} (${height} px)`];
    }),
  );
  expect(small).toEqual([]);
});
