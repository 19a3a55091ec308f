import type { Locator, Page } from "@playwright/test";
import jsQR from "jsqr";
import { expect, test } from "./fixtures";
import { ask, playMoney, seeState } from "./job-steps";

const MIN_QR_PX = 240;
const PIXELS_A_MODULE = 6;

/** Reads a QR code off the page, as a camera would: from its picture. */
async function scan(page: Page, code: Locator): Promise<string | null> {
  const svg = await code.evaluate((element) => new XMLSerializer().serializeToString(element));
  const modules = Number(/viewBox="0 0 (\d+)/.exec(svg)?.[1]);
  const { data, size } = await page.evaluate(
    async ({ svg, size }) => {
      const image = new Image(size, size);
      image.src = `data:image/svg+xml,${encodeURIComponent(svg.replace("<svg", `<svg width="${size}" height="${size}"`))}`;
      await image.decode();
      const canvas = new OffscreenCanvas(size, size);
      const pen = canvas.getContext("2d");
      pen?.drawImage(image, 0, 0, size, size);
      return { data: [...(pen?.getImageData(0, 0, size, size).data ?? [])], size };
    },
    { svg, size: modules * PIXELS_A_MODULE },
  );
  return jsQR(new Uint8ClampedArray(data), size, size)?.data ?? null;
}

const shownInvoice = async (page: Page): Promise<string> =>
  ((await page.getByRole("link", { name: "Open wallet" }).getAttribute("href")) ?? "").replace("lightning:", "");

test("the QR code holds the invoice in upper case, large enough to scan", async ({ page }) => {
  await ask(page, "A haiku on paper");
  const code = page.getByRole("img", { name: "QR code of the Lightning invoice for 10 sats" });
  const invoice = await shownInvoice(page);
  expect(invoice).toMatch(/^lnbcrt/);
  expect(await scan(page, code)).toBe(invoice.toUpperCase());
  expect((await code.boundingBox())?.width).toBeGreaterThanOrEqual(MIN_QR_PX);
  await expect(page.getByRole("img", { name: /^QR code/ })).toHaveCount(1);
});

test("the invoice is copied as it is", async ({ page, context, baseURL }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: baseURL ?? "" });
  await ask(page, "A haiku to copy");
  await page.getByRole("button", { name: "Copy invoice" }).click();
  await expect(page.getByText("Copied")).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(await shownInvoice(page));
});

test("a wallet in the browser that comes late may refuse, then pay", async ({ page, request, baseURL }) => {
  const asked: string[] = [];
  await page.exposeFunction("walletPays", async (invoice: string) => {
    asked.push(invoice);
    if (asked.length === 1) throw new Error("User rejected");
    const hash = await paymentHashOn(page, request, baseURL ?? "");
    await request.post(`${baseURL}/api/dev/stub/pay/${hash}`);
  });
  await page.addInitScript(() => {
    const pays = (window as unknown as { walletPays: (invoice: string) => Promise<void> }).walletPays;
    setTimeout(() => Object.assign(window, { webln: { enable: async () => {}, sendPayment: pays } }), 1500);
  });
  await ask(page, "A haiku by extension");
  const invoice = await shownInvoice(page);
  const button = page.getByRole("button", { name: "Pay with wallet" });
  await button.click();
  await expect(page.getByText("Your wallet did not pay.")).toBeVisible();
  // The way out stays open, on the same invoice.
  await expect(page.getByRole("img", { name: /^QR code/ })).toBeVisible();
  expect(await shownInvoice(page)).toBe(invoice);
  await button.click();
  await seeState(page, "awaiting_work_payment");
  expect(asked).toEqual([invoice, invoice]);
});

async function paymentHashOn(page: Page, request: Page["request"], baseURL: string): Promise<string> {
  const job = await (await request.get(`${baseURL}/api/jobs/${page.url().slice(-36)}`)).json();
  return job.evalInvoice.paymentHash;
}

test.describe("an invoice that was paid elsewhere in the meantime", () => {
  test.use({ expectedErrors: /409/ });

  test("play money cannot pay it twice, and the page goes on", async ({ page, request, baseURL }) => {
    await ask(page, "A haiku, paid twice");
    const hash = await paymentHashOn(page, request, baseURL ?? "");
    await page.route(/dev\/stub\/pay/, async (route) => {
      await request.post(`${baseURL}/api/dev/stub/pay/${hash}`);
      await route.continue();
    });
    await playMoney(page).click();
    await seeState(page, "awaiting_work_payment");
  });
});
