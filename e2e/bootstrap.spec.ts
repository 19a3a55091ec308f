import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { texts } from "../src/ui/texts";
import { bootstrapTexts } from "../src/ui/texts/bootstrap";
import { type App, startApp } from "./app";
import { orderNode, orderPaidNode, PATIENCE, seeNode, takeKey } from "./bootstrap-steps";
import { test as base, expect } from "./fixtures";
import { claimToInvoice, expectNoSideways, playMoney } from "./job-steps";

const t = bootstrapTexts;

/** Apps of their own: one whose nodes fail, one whose nodes take their time and whose invoices run out. */
const test = base.extend<object, { failingApp: App; slowApp: App }>({
  failingApp: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the dependencies of a fixture from its pattern
    async ({}, use) => {
      const app = await startApp({ BOOTSTRAP_SIMULATED_NODES: "fail", ORDERS_PER_MINUTE: "1000" });
      await use(app);
      await app.stop();
    },
    { scope: "worker", timeout: 300_000 },
  ],
  slowApp: [
    // biome-ignore lint/correctness/noEmptyPattern: as above
    async ({}, use) => {
      const app = await startApp({
        BOOTSTRAP_SIMULATED_SECONDS: "25",
        BOOTSTRAP_INVOICE_EXPIRY_SECONDS: "20",
        ORDERS_PER_MINUTE: "1000",
      });
      await use(app);
      await app.stop();
    },
    { scope: "worker", timeout: 300_000 },
  ],
});

async function expectAccessible(page: Page, where: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const said = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
  expect(said, where).toEqual([]);
  await expectNoSideways(page);
}
test.describe.configure({ timeout: 300_000 });
const pem = (page: Page) => page.getByLabel(t.key.label);

test("ordered, paid, ready; the key is taken once, by a yes; the second tab gets the note", async ({
  page,
  context,
  baseURL,
}) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: baseURL ?? "" });
  const addresses: string[] = [];
  context.on("request", (request) => addresses.push(request.url()));
  await page.goto("/bootstrap");
  await expect(page.getByText("kept at least 30 days")).toBeVisible();
  await expect(page.getByText(t.know[0])).toBeVisible();
  await expect(page.getByText(t.list.empty)).toBeVisible();
  await expect(page.getByRole("button", { name: /^Order a node · 10,000 sats$/ })).toBeVisible();
  await expectAccessible(page, "what is sold");

  const url = await orderNode(page);
  await seeNode(page, "awaiting_payment");
  await expectAccessible(page, "to be paid");
  await page.reload();
  await seeNode(page, "awaiting_payment");
  await playMoney(page).click();
  await seeNode(page, "ready");
  await expect(page.getByText(/^192\.0\.2\.\d+$/)).toBeVisible();
  await expectAccessible(page, "ready, the key waits");

  // Neither a reload nor a second tab nor a no takes it.
  await page.reload();
  await seeNode(page, "ready");
  const other = await context.newPage();
  await other.goto(url);
  await seeNode(other, "ready");
  await expect(other.getByRole("button", { name: t.key.take })).toBeVisible();
  await page.getByRole("button", { name: t.key.take }).click();
  await expect(page.getByText(t.key.ask)).toBeVisible();
  await expectAccessible(page, "asked whether to take the key");
  await page.getByRole("dialog").getByRole("button", { name: t.key.no }).click();
  await expect(pem(page)).toHaveCount(0);

  const key = await takeKey(page);
  expect(key).toMatch(/^-----BEGIN RSA PRIVATE KEY-----\n[\s\S]+\n-----END RSA PRIVATE KEY-----\n$/);
  await expectAccessible(page, "the key in hand");
  await page.getByRole("button", { name: t.key.copy }).click();
  await expect(page.getByText(texts.common.copied)).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(key);
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: t.key.download }).click(),
  ]);
  expect(file.suggestedFilename()).toBe("node-key");
  const chunks: Buffer[] = [];
  for await (const chunk of await file.createReadStream()) chunks.push(chunk as Buffer);
  expect(Buffer.concat(chunks).toString("utf8")).toBe(key);

  await expect(other.getByText("was given out once")).toBeVisible();
  await expect(other.getByRole("button", { name: t.key.take })).toHaveCount(0);
  await page.getByRole("button", { name: t.key.hide }).click();
  await expect(pem(page)).toHaveCount(0);
  await page.reload();
  await expect(page.getByText("was given out once")).toBeVisible();
  await expectAccessible(page, "the key is gone");
  await page.getByRole("button", { name: t.ready.copy("bash /opt/timmy-node/ops.sh sync") }).click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe("bash /opt/timmy-node/ops.sh sync");

  await page.goto("/bootstrap");
  await expect(page.getByText(t.states.ready, { exact: true })).toBeVisible();
  await expectAccessible(page, "one node");
  const { refundToken } = await page.evaluate(() => JSON.parse(window.localStorage.getItem("timmy.nodes") ?? "[]")[0]);
  expect(refundToken).toMatch(/^[\w-]{16,}$/);
  expect(addresses.filter((address) => address.includes(refundToken))).toEqual([]);
});

test("whoever leaves with the key unsaved is asked first", async ({ page }) => {
  await orderPaidNode(page);
  await seeNode(page, "ready");
  await takeKey(page);
  const asked = page.waitForEvent("dialog");
  const left = page.goto("/bootstrap").catch(() => undefined);
  const dialog = await asked;
  expect(dialog.type()).toBe("beforeunload");
  await dialog.dismiss();
  await left;
  await expect(pem(page)).toBeVisible();
});

test("by keyboard alone, and focus is never lost", async ({ page }) => {
  await page.goto("/bootstrap");
  await page.getByRole("button", { name: /^Order a node · / }).focus();
  await page.keyboard.press("Enter");
  await seeNode(page, "awaiting_payment");
  await playMoney(page).focus();
  await page.keyboard.press("Enter");
  await seeNode(page, "ready");
  await expect(page.getByRole("heading", { name: t.ready.heading })).toBeFocused();
  await page.getByRole("button", { name: t.key.take }).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog").getByRole("button", { name: t.key.no })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(page.getByRole("button", { name: t.key.take })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog").getByRole("button", { name: t.key.no })).toBeFocused();
  // Whoever says no and asks again at once, before the browser has told of the first end, is asked again.
  await page.getByRole("dialog").evaluate((dialog) => {
    (dialog as HTMLDialogElement).close();
    (document.activeElement as HTMLElement).click();
  });
  await expect(page.getByRole("dialog").getByRole("button", { name: t.key.no })).toBeFocused();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: t.key.download })).toBeFocused();
});

test("an order is nobody else's: no headers let it be kept, and its key comes by a link when asked for", async ({
  page,
  browser,
  baseURL,
}) => {
  const url = await orderNode(page);
  const reply = await page.request.get(url);
  expect(reply.headers()).toMatchObject({
    "cache-control": expect.stringContaining("no-store"),
    "x-robots-tag": expect.stringContaining("noindex"),
    "referrer-policy": "no-referrer",
  });
  const { refundToken } = await page.evaluate(() => JSON.parse(window.localStorage.getItem("timmy.nodes") ?? "[]")[0]);

  const elsewhere = await browser.newContext({ baseURL: baseURL ?? "" });
  const second = await elsewhere.newPage();
  await second.goto(url);
  await expect(second.getByRole("heading", { name: t.keys.noneHeading })).toBeVisible();
  await expectAccessible(second, "without the order's key");
  await second.getByLabel(t.keys.label).fill(url);
  await second.getByRole("button", { name: t.keys.use }).click();
  await expect(second.getByText(t.keys.wrong)).toBeVisible();
  await second.getByLabel(t.keys.label).fill(`${url}#refund=${refundToken}`);
  await second.getByRole("button", { name: t.keys.use }).click();
  await seeNode(second, "awaiting_payment");
  await elsewhere.close();

  const third = await browser.newContext({ baseURL: baseURL ?? "" });
  const linked = await third.newPage();
  await linked.goto(`${url}#refund=${refundToken}`);
  await seeNode(linked, "awaiting_payment");
  expect(linked.url()).toBe(url);
  // A link that is wrong does not take the place of a key that is there.
  await linked.goto("about:blank");
  await linked.goto(`${url}#refund=${"x".repeat(43)}`);
  await seeNode(linked, "awaiting_payment");
  await third.close();

  // Where the wrong one comes first, the right one takes its place: the server has refused it.
  const fourth = await browser.newContext({ baseURL: baseURL ?? "" });
  const corrected = await fourth.newPage();
  await corrected.goto(`${url}#refund=${"x".repeat(43)}`);
  await expect(corrected.getByRole("heading", { name: t.page.unknown.heading })).toBeVisible();
  await corrected.goto(`${url}#refund=${refundToken}`);
  await seeNode(corrected, "awaiting_payment");
  await fourth.close();
});

test.describe("where nodes fail", () => {
  test.use({ baseURL: async ({ failingApp }, use) => use(failingApp.url) });

  test("what happened, and the whole fee back", async ({ page }) => {
    await orderPaidNode(page);
    await seeNode(page, "failed");
    await expect(page.getByText("failed to set itself up")).toBeVisible();
    await expect(page.getByText(t.failed.money)).toBeVisible();
    await expectAccessible(page, "failed");
    await page.reload();
    await seeNode(page, "failed");
    expect(await claimToInvoice(page)).toBe(10_000);
    await expect(page.getByText(t.failed.moneyBack)).toBeVisible();
    await page.reload();
    await expect(page.getByRole("heading", { name: /paid out$/ })).toBeVisible();
    await expect(page.getByRole("link", { name: t.failed.again })).toBeVisible();
    await expectAccessible(page, "failed, and paid back");
  });
});

test.describe("where it takes its time", () => {
  test.use({ baseURL: async ({ slowApp }, use) => use(slowApp.url) });

  test("each step is seen as it happens, through a reload", async ({ page }) => {
    await orderPaidNode(page);
    await seeNode(page, "provisioning");
    await expect(page.getByRole("heading", { name: t.making.heading })).toBeFocused();
    const step = (name: string) => page.getByRole("listitem").filter({ hasText: name });
    await expect(step(t.making.steps.volume)).toHaveAttribute("aria-current", "step", PATIENCE);
    await expect(page.getByTestId("stage")).toHaveText("Creating the disk");
    await expectAccessible(page, "being made");
    await page.reload();
    await seeNode(page, "provisioning");
    await expect(step(t.making.steps.server)).toHaveAttribute("aria-current", "step");
    await expect(step(t.making.steps.sshKey)).toHaveAttribute("data-mark", "done");
    await expect(step(t.making.steps.setUp)).toHaveAttribute("aria-current", "step");
    await seeNode(page, "ready");
  });

  test("expired: nothing was charged, nothing was made", async ({ page }) => {
    await orderNode(page);
    await expect(page.getByRole("timer")).toContainText("Expires in 0:");
    await seeNode(page, "expired");
    await expect(page.getByText(t.expired.text)).toBeVisible();
    await expect(page.getByRole("img", { name: /^QR code/ })).toHaveCount(0);
    await expectAccessible(page, "expired");
    await page.getByRole("link", { name: t.expired.again }).click();
    await expect(page.getByRole("button", { name: /^Order a node · / })).toBeVisible();
  });
});

test.describe("a link that leads nowhere", () => {
  test.use({ expectedErrors: /404|403/ });

  test("an unknown order and a wrong key say so, with a way on", async ({ page }) => {
    await page.goto(`/bootstrap/4ecb3ac1-7b9d-4a43-8f0e-1b2c3d4e5f60#refund=${"x".repeat(43)}`);
    await expect(page.getByRole("heading", { name: t.page.unknown.heading })).toBeVisible();
    await expectAccessible(page, "an unknown order");
    await page.goto("/bootstrap/cut-short");
    await expect(page.getByRole("link", { name: "To the workshop" })).toBeVisible();
  });
});
