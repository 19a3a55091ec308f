import { bootstrapTexts } from "../../src/ui/texts/bootstrap";
import { orderNode, orderPaidNode, PATIENCE, seeNode, takeKey } from "../bootstrap-steps";
import { playMoney } from "../job-steps";
import { expect, shot, test } from "./shot";

const t = bootstrapTexts;

test("a node, from the order to its key", async ({ page }) => {
  await page.goto("/bootstrap");
  await expect(page.getByText(t.list.empty)).toBeVisible();
  await expect(page.getByRole("button", { name: /^Order a node · 10,000 sats$/ })).toBeVisible();
  await shot(page, "bootstrap");
  await orderNode(page);
  await shot(page, "bootstrap-awaiting");
  await playMoney(page).click();
  await seeNode(page, "ready");
  await shot(page, "bootstrap-ready");
  await page.getByRole("button", { name: t.key.take }).click();
  await expect(page.getByRole("dialog")).toBeVisible();
  await shot(page, "bootstrap-key-asked", { whole: false });
  await page.getByRole("dialog").getByRole("button", { name: t.key.no }).click();
  await takeKey(page);
  await shot(page, "bootstrap-key");
  await page.getByRole("button", { name: t.key.hide }).click();
  await page.goto("/bootstrap");
  await expect(page.getByText(t.states.ready, { exact: true })).toBeVisible();
  await shot(page, "bootstrap-one");
  await page.goto(`/bootstrap/4ecb3ac1-7b9d-4a43-8f0e-1b2c3d4e5f60#refund=${"x".repeat(43)}`);
  await expect(page.getByRole("heading", { name: t.page.unknown.heading })).toBeVisible();
  await shot(page, "bootstrap-unknown");
});

test.describe("where nodes fail", () => {
  test.use({ baseURL: async ({ gloomyApp }, use) => use(gloomyApp) });

  test("failed", async ({ page }) => {
    await orderPaidNode(page);
    await seeNode(page, "failed");
    await expect(page.getByText(t.failed.money)).toBeVisible();
    await shot(page, "bootstrap-failed");
  });
});

test.describe("where it takes its time", () => {
  test.use({ baseURL: async ({ hastyApp }, use) => use(hastyApp) });

  test("being made", async ({ page }) => {
    await orderPaidNode(page);
    await seeNode(page, "provisioning");
    const server = page.getByRole("listitem").filter({ hasText: t.making.steps.server });
    await expect(server).toHaveAttribute("aria-current", "step", PATIENCE);
    await shot(page, "bootstrap-being-made");
  });

  test("expired", async ({ page }) => {
    await orderNode(page);
    await seeNode(page, "expired");
    await shot(page, "bootstrap-expired");
  });
});
