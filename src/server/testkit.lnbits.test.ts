import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, inject, test } from "vitest";
import { lnbitsAccounts } from "~/testing/lnbits-server";
import { appOn } from "~/testing/testkit-app";
import { runTestkit, signing, testkitOf } from "../../scripts/testkit/run-testkit";
import { openAppDatabase } from "./database-store";

/** What needs an invoice of a wallet outside, which no test server has. */
const NO_OTHER_WALLET = [
  "an invoice for another amount is 422",
  "the change is paid to an invoice",
  "what was paid is not paid again",
];

test("on a real LNbits everything passes but what needs a wallet outside", { timeout: 900_000 }, async () => {
  const lnbits = inject("lnbits");
  const accounts = lnbitsAccounts(lnbits);
  const [ours, visitor] = await Promise.all([accounts.newWallet("ours"), accounts.newWallet("visitor")]);
  await accounts.topUp(visitor, 1_000_000);
  const folder = await mkdtemp(join(tmpdir(), "timmy-testkit-"));
  const database = await openAppDatabase({ databaseUrl: null, dataDir: folder }, () => undefined);
  try {
    await using app = await appOn(database.url, {
      LNBITS_URL: lnbits.url,
      LNBITS_API_KEY: ours.adminkey,
      ENABLE_DEV_PAY: "1",
      LNBITS_DEV_PAYER_KEY: visitor.adminkey,
    });
    const run = await runTestkit(await testkitOf(app.url), signing());
    expect(run.lines.filter((line) => line.startsWith("not ok"))).toEqual([]);
    const skipped = run.lines.flatMap((line) => /^ok \d+ - (.*) # SKIP/.exec(line)?.[1] ?? []);
    expect(skipped).toEqual(NO_OTHER_WALLET);
    expect(run).toMatchObject({ code: 0, failed: 0 });
  } finally {
    await database.stop();
    await rm(folder, { recursive: true, force: true });
  }
});
