import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, inject } from "vitest";
import { creditSats, type Msat, wireSats } from "~/core/money";
import { type LnbitsTestWallet, lnbitsAccounts } from "~/testing/lnbits-server";
import { outsideInvoice } from "~/testing/outside-node";
import { describeWalletContract, type WalletUnderTest } from "~/testing/wallet-contract";
import { decodeInvoice } from "../bolt11/decode-invoice";
import { lnbitsWallet } from "./lnbits-wallet";

const server = inject("lnbits");

async function start(devPayer: "another wallet" | "our own"): Promise<WalletUnderTest> {
  const accounts = lnbitsAccounts(server);
  const [ours, visitor, stranger] = await Promise.all(["ours", "visitor", "stranger"].map(accounts.newWallet));
  if (!ours || !visitor || !stranger) throw new Error("three wallets were asked for");
  await Promise.all([
    accounts.topUp(visitor, 10_000_000),
    accounts.topUp(stranger, 10_000_000),
    accounts.topUp(ours, 1_000),
  ]);
  const walletOf = (keys: LnbitsTestWallet, devPayerKey?: string) =>
    lnbitsWallet({
      config: {
        url: server.url,
        apiKey: keys.adminkey,
        invoiceKey: keys.inkey,
        timeoutMs: 10_000,
        ...(devPayerKey === undefined ? {} : { devPayerKey }),
      },
      decodeInvoice,
    });
  const wallet = walletOf(ours, devPayer === "our own" ? undefined : visitor.adminkey);
  const [visitors, strangers] = [walletOf(visitor), walletOf(stranger)];

  async function invoiceOfVisitor(amountMsat: Msat, expirySeconds = 600) {
    const order = { amountSats: creditSats(amountMsat), memo: "for me", expirySeconds, reference: randomUUID() };
    const created = await visitors.createInvoice(order);
    if (!created.ok) throw new Error(`${wireSats(order.amountSats)}: ${JSON.stringify(created.error)}`);
    return created.value;
  }

  return {
    wallet,
    devPayer: wallet.devPayer,
    async payFromOutside(invoice) {
      expect(await visitors.pay({ ...invoice, reference: randomUUID() })).toMatchObject({ outcome: "paid" });
    },
    outsideInvoice: (amountMsat, options) => invoiceOfVisitor(amountMsat, options?.expirySeconds),
    async outsideInvoicePaidByAnother(amountMsat) {
      const invoice = await invoiceOfVisitor(amountMsat);
      expect(await strangers.pay({ ...invoice, reference: randomUUID() })).toMatchObject({ outcome: "paid" });
      return invoice;
    },
    foreignInvoice: (amountMsat) => outsideInvoice({ amountMsat, network: "bcrt" }),
    // Nobody can turn LNbits' clock: it is waited for.
    passExpiry: (expiresAt) => sleep(Math.max(0, expiresAt.getTime() - Date.now() + 10)),
  };
}

describeWalletContract("LNbits, with a developer's wallet beside it", () => start("another wallet"));
describeWalletContract("LNbits, paying a developer's invoices itself", () => start("our own"));
