import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { texts } from "../src/ui/texts";
import { type App, startApp } from "./app";
import { test as base, expect } from "./fixtures";
import { askInRoom, claimToInvoice, expectNoSideways, payForAll, playMoney, seeState } from "./job-steps";
import { bubble, enter, log, say, tab, watchForThinking } from "./room-steps";
import { wire } from "./wire";

const t = texts.room;

/** An app of its own, in which one may talk as much as these journeys do. */
const test = base.extend<object, { talkative: App }>({
  talkative: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the dependencies of a fixture from its pattern
    async ({}, use) => {
      const app = await startApp({ CHAT_PER_MINUTE: "1000", ORDERS_PER_MINUTE: "1000", MAX_OPEN_ORDERS: "1000" });
      await use(app);
      await app.stop();
    },
    { scope: "worker", timeout: 300_000 },
  ],
  baseURL: async ({ talkative }, use) => use(talkative.url),
});

const lineWith = (page: Page, text: string) => page.getByRole("log").getByText(text, { exact: true });

test("what is said is read by everybody, with Timmy's answer, and a reload keeps it", async ({
  page,
  browser,
  baseURL,
}) => {
  await enter(page);
  const other = await browser.newContext({ baseURL: baseURL ?? "" });
  const second = await other.newPage();
  await enter(second);
  for (const one of [page, second]) await expect(one.getByTestId("visitors")).toHaveText(t.visitors(2));

  const line = `Good evening, it is ${Date.now()}`;
  const thinking = await watchForThinking(page);
  await say(page, line);
  await thinking();
  await tab(second, "log").click();
  await expect(lineWith(second, line)).toBeVisible();
  await expect(bubble(second).getByText(t.thinking)).toHaveCount(0);
  const answered = await bubble(second).locator("p").last().innerText();
  expect(answered.length).toBeGreaterThan(5);
  await expect(bubble(page)).toContainText(answered);

  const told = await log(page);
  expect(told.filter((said) => said === `visitor: ${line}`)).toHaveLength(1);
  expect(told.at(-1)).toBe(`timmy: ${answered}`);
  await expect(page.getByRole("log").getByText(t.log.you, { exact: true })).toBeVisible();
  expect((await log(second)).filter((said) => said.endsWith(line))).toHaveLength(1);

  await page.reload();
  await tab(page, "log").click();
  await expect(lineWith(page, line)).toBeVisible();
  await other.close();
  await expect(page.getByTestId("visitors")).toHaveText(t.visitors(1));
});

test("hostile lines are words, and links are no links", async ({ page }) => {
  await enter(page);
  const line = '<img src=x onerror=alert(1)> [click](javascript:alert(1)) https://evil.example "><script>1</script>';
  await say(page, line);
  await tab(page, "log").click();
  await expect(lineWith(page, line)).toBeVisible();
  await expect(page.getByRole("log").locator("a, img, script")).toHaveCount(0);
});

test("a line that does not reach Timmy stays where it was typed", async ({ page }) => {
  await enter(page);
  await page.route(/workshop\.say/, (route) => route.fulfill({ status: 502, body: "" }));
  await say(page, "Into the wind");
  await expect(page.getByRole("alert").filter({ hasText: t.say.failed })).toBeVisible();
  await expect(page.getByLabel(t.say.label)).toHaveValue("Into the wind");
  await page.unroute(/workshop\.say/);
  await page.keyboard.press("Enter");
  await tab(page, "log").click();
  await expect(lineWith(page, "Into the wind")).toBeVisible();
});
test.use({ expectedErrors: /502/ });

test.describe("a connection that breaks", () => {
  let line: Awaited<ReturnType<typeof wire>>;
  test.use({
    expectedErrors: /ERR_|Failed to fetch|net::/,
    baseURL: async ({ talkative }, use) => {
      line = await wire(talkative.url);
      await use(line.url);
      line.close();
    },
  });

  test("what was said meanwhile is there when it is back: none lost, none twice", async ({
    page,
    request,
    talkative,
  }) => {
    await enter(page);
    const sayElsewhere = (text: string) =>
      request
        .post(`${talkative.url}/api/trpc/workshop.say`, { data: { text } })
        .then((reply) => expect(reply.ok()).toBe(true));
    const stamp = Date.now();
    await sayElsewhere(`before ${stamp}`);
    await tab(page, "log").click();
    await expect(lineWith(page, `before ${stamp}`)).toBeVisible();
    line.cut();
    await expect(page.getByTestId("visitors")).toHaveAttribute("data-connection", "lost");
    for (let n = 0; n < 3; n += 1) await sayElsewhere(`meanwhile ${n} ${stamp}`);
    line.mend();
    await expect(page.getByTestId("visitors")).toHaveAttribute("data-connection", "live");
    await sayElsewhere(`after ${stamp}`);
    await expect(lineWith(page, `after ${stamp}`)).toBeVisible();
    const mine = (await log(page)).filter((said) => said.includes(String(stamp)));
    const expected = ["before", "meanwhile 0", "meanwhile 1", "meanwhile 2", "after"];
    expect(mine).toEqual(expected.map((text) => `visitor: ${text} ${stamp}`));
  });
});

test("the whole way of a job beside the room: paid, watched, receipt, change, and on after a reload", async ({
  page,
}) => {
  await enter(page);
  await askInRoom(page, "A haiku for the wall");
  await expectNoSideways(page);
  await page.reload();
  await seeState(page, "awaiting_eval_payment");
  await payForAll(page);
  await seeState(page, "complete");
  await expect(page.getByText("This is a canned answer (simulated).")).toBeVisible();
  await page.getByRole("button", { name: t.receipt.see }).click();
  await expect(tab(page, "receipt")).toHaveAttribute("aria-selected", "true");
  await expect(page.getByRole("region", { name: "Receipt" }).getByText("Charged for the work")).toBeVisible();
  await expectNoSideways(page);
  await tab(page, "hire").click();
  await claimToInvoice(page);

  await page.getByRole("button", { name: t.job.another }).first().click();
  await expect(page.getByLabel("Your request")).toBeVisible();
  await expect(page.getByRole("listitem").filter({ hasText: "A haiku for the wall" })).toContainText("Done");
  await page.goBack();
  await seeState(page, "complete");
  await page.goForward();
  await tab(page, "receipt").click();
  await expect(page.getByRole("region", { name: "Receipt" })).toBeVisible();
});

test("another visitor sees the house at work and the coins come in, and nothing of the job", async ({
  page,
  browser,
  baseURL,
}) => {
  const other = await browser.newContext({ baseURL: baseURL ?? "" });
  const watcher = await other.newPage();
  await enter(watcher);
  const states: string[] = [];
  await watcher.exposeFunction("noteState", (state: string) => states.push(state));
  await watcher.evaluate(() => {
    const note = (window as unknown as { noteState: (state: string) => void }).noteState;
    const look = () => {
      for (const helper of document.querySelectorAll<HTMLElement>("[data-agent][data-state=working]")) {
        note(helper.dataset.agent ?? "");
      }
    };
    new MutationObserver(look).observe(document.body, { subtree: true, attributeFilter: ["data-state"] });
  });
  await enter(page);
  await askInRoom(page, "A very private wish [slow]");
  await payForAll(page);
  await expect.poll(() => [...new Set(states)].sort()).toEqual(["alpha", "beta", "delta"]);
  await seeState(page, "complete");
  const told = (await log(watcher)).join("\n");
  expect(told).toMatch(/delta: .*sats/);
  expect(told).not.toContain("private wish");
  await other.close();
});

test("an order called off is asked anew in the same place", async ({ page }) => {
  await enter(page);
  await askInRoom(page, "Something I regret");
  const first = page.url();
  await page.getByRole("button", { name: "Call it off" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Call it off" }).click();
  await seeState(page, "cancelled");
  await page.getByRole("button", { name: /^Ask again/ }).click();
  await seeState(page, "awaiting_eval_payment");
  expect(page.url()).not.toBe(first);
  expect(new URL(page.url()).pathname).toBe("/");
});

test("turned down: something else is asked for in the same place", async ({ page }) => {
  await enter(page);
  await askInRoom(page, "Something improper [reject]");
  await playMoney(page).click();
  await seeState(page, "rejected");
  await page.getByRole("button", { name: "Ask for something else" }).last().click();
  await expect(page.getByLabel("Your request")).toBeVisible();
});

test("the tabs go by keyboard, and what is typed waits behind them", async ({ page }) => {
  await enter(page);
  await page.getByLabel("Your request").fill("A half-written wish");
  await tab(page, "hire").focus();
  for (const name of ["session", "receipt", "log", "hire", "session"] as const) {
    await page.keyboard.press("ArrowRight");
    await expect(tab(page, name)).toBeFocused();
    await expect(tab(page, name)).toHaveAttribute("aria-selected", "true");
    await expect(page.getByRole("tabpanel")).toHaveCount(1);
  }
  await page.keyboard.press("End");
  await expect(tab(page, "log")).toBeFocused();
  await page.keyboard.press("ArrowLeft");
  await expect(tab(page, "receipt")).toBeFocused();
  await page.keyboard.press("Home");
  await expect(page.getByLabel("Your request")).toHaveValue("A half-written wish");
});

test("one can speak wherever one is on the page, and nothing is wider than the screen", async ({ page }) => {
  await enter(page);
  await expectNoSideways(page);
  for (const name of ["session", "receipt", "log", "hire"] as const) {
    await tab(page, name).click();
    await page.mouse.wheel(0, 4000);
    const field = page.getByLabel(t.say.label);
    const box = await field.boundingBox();
    const height = page.viewportSize()?.height ?? 0;
    expect(box && box.y > 0 && box.y + box.height <= height, name).toBe(true);
    await field.fill(`From ${name}`);
    await field.fill("");
    await expectNoSideways(page);
  }
});

test("axe finds nothing serious behind any tab", async ({ page }) => {
  await enter(page);
  const thinking = await watchForThinking(page);
  await say(page, "For all eyes and ears");
  await thinking();
  await expect(bubble(page).getByText(t.thinking)).toHaveCount(0);
  const check = async (where: string) => {
    const { violations } = await new AxeBuilder({ page }).analyze();
    const grave = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
    expect(
      grave.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`),
      where,
    ).toEqual([]);
  };
  for (const name of ["session", "receipt", "log", "hire"] as const) {
    await tab(page, name).click();
    await check(name);
  }
  await askInRoom(page, "Something for all");
  await check("waiting for the eval fee");
  await payForAll(page);
  await seeState(page, "complete");
  await check("done");
  await tab(page, "receipt").click();
  await expect(page.getByRole("region", { name: "Receipt" })).toBeVisible();
  await check("a receipt");
});
