import { expect, test } from "./fixtures";
import { ask, claimToInvoice, expectNoSideways, owedSats, payForAll, playMoney, seeState } from "./job-steps";

test("a whole job on play money, with the change claimed to an invoice", async ({ page }) => {
  await page.goto("/");
  await expect(page.getByText("Nothing hired yet.")).toBeVisible();
  await expectNoSideways(page);

  await ask(page, "Write a haiku about patience");
  await expect(page.getByText("You can close this page")).toBeVisible();
  await expectNoSideways(page);
  await playMoney(page).click();
  await seeState(page, "awaiting_work_payment");
  await page.getByText("How the price is worked out").click();
  await expect(page.getByText("Ceiling price")).toBeVisible();
  await expectNoSideways(page);
  await playMoney(page).click();

  await seeState(page, "complete");
  await expect(page.getByText("This is a canned answer (simulated).")).toBeVisible();
  const receipt = page.getByRole("region", { name: "Receipt" });
  await expect(receipt.getByText("Price of one bitcoin")).toBeVisible();
  await expectNoSideways(page);

  const sats = await claimToInvoice(page);
  await expect(receipt).toContainText(new RegExp(`${sats} sats?, paid out`));

  await page.getByRole("link", { name: "Timmy's Workshop" }).click();
  const row = page.getByRole("listitem").filter({ hasText: "Write a haiku about patience" });
  await expect(row).toContainText("Done");
});

test("change comes back in play money too, without a wallet at hand", async ({ page }) => {
  await ask(page, "A riddle about rivers");
  await payForAll(page);
  const sats = await owedSats(page);
  await page.getByRole("button", { name: "Claim with play money" }).click();
  await expect(page.getByRole("heading", { name: /paid out$/ })).toHaveText(new RegExp(`^${sats} sats?`));
});

test("what was paid for adds up on the receipt that is downloaded", async ({ page }) => {
  await ask(page, "Three names for a cat");
  await payForAll(page);
  await seeState(page, "complete");
  const downloading = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download JSON" }).click();
  const chunks: Buffer[] = [];
  for await (const chunk of await (await downloading).createReadStream()) chunks.push(chunk as Buffer);
  const { costLedger, owedSats } = JSON.parse(Buffer.concat(chunks).toString("utf8"));
  expect(costLedger.actualAmountSats + costLedger.refundAmountSats).toBe(costLedger.workAmountSats);
  expect(owedSats).toBe(costLedger.refundAmountSats);
});

test("a reload in every state goes on where it was", async ({ page }) => {
  await ask(page, "A long story about snow [slow]");
  await page.reload();
  await seeState(page, "awaiting_eval_payment");
  await playMoney(page).click();
  // Judging is quick: whichever state the reload finds, the job arrives at its price.
  await page.reload();
  await seeState(page, "awaiting_work_payment");
  await page.reload();
  await playMoney(page).click();
  await seeState(page, "executing");
  await expect(page.getByText("This is a canned answer")).toBeVisible();
  await page.reload();
  await seeState(page, "executing");
  await expect(page.getByText("This is a canned answer")).toBeVisible();
  await seeState(page, "complete");
  await page.reload();
  await claimToInvoice(page);
  await page.reload();
  await expect(page.getByRole("heading", { name: /paid out$/ })).toBeVisible();
});

test("the answer that was cut short says so", async ({ page }) => {
  await ask(page, "A very long story [truncate]");
  await payForAll(page);
  await seeState(page, "complete");
  await expect(page.getByText("Timmy ran out of parchment")).toBeVisible();
});

test("deleted texts are gone, the change is not", async ({ page }) => {
  await ask(page, "A secret wish");
  await payForAll(page);
  await seeState(page, "complete");
  await page.getByRole("button", { name: "Delete the text" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await expect(page.getByText("The text of this job was deleted.")).toBeVisible();
  await expect(page.getByText("A secret wish")).toHaveCount(0);
  await page.reload();
  await claimToInvoice(page);
  await page.goto("/");
  await expect(page.getByRole("link", { name: "A job whose text was deleted" })).toBeVisible();
});
