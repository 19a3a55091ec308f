import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { simulatedProvider } from "~/adapters/simulated-provider/simulated-provider";
import type { CreatedBootstrap } from "~/modules/bootstrap/bootstrap-schema";
import { createServices } from "~/server/services";
import { NOTHING_THERE, type NodeShop, nodeShop, ONE_OF_EACH, ORIGIN } from "~/testing/node-shop";
import { runQueueOnce } from "~/testing/queue";
import { unwrap } from "~/testing/unwrap";

let shop: NodeShop;
beforeAll(async () => {
  shop = await nodeShop();
});
afterAll(() => shop?.close());
beforeEach(() => {
  shop.at(() => undefined);
  shop.world.says(null);
});

const FEE = 10_000;
const view = async (order: CreatedBootstrap) => unwrap(await shop.view(order));
const peek = async (order: CreatedBootstrap) => unwrap(await shop.peek(order));
const theBooksBalance = async () => expect(unwrap(await shop.services.books.prove())).toMatchObject({ ok: true });
const accountsOf = async (owner: string) => {
  const rows = await shop.db.prisma.ledgerAccount.findMany({ where: { owner } });
  return { escrow: 0n, owed: 0n, in_flight: 0n, ...Object.fromEntries(rows.map((row) => [row.kind, row.balanceMsat])) };
};
const revenue = async () =>
  (await shop.db.pool.query("SELECT credits_msat - debits_msat AS msat FROM ledger_totals() WHERE kind = 'revenue'"))
    .rows[0]?.msat;
/** Comes up as soon as there is a machine that is asked. */
const comesUpWhenAsked = ({ bootstrapJobId }: CreatedBootstrap) =>
  shop.at((moment) => (moment === "before health" ? shop.comesUp(bootstrapJobId) : undefined));
const failedAtOnce = () =>
  shop.world.digitalocean.trouble("POST /v2/droplets", {
    status: 403,
    json: { id: "forbidden", message: "You are not authorized" },
  });

describe("a node for a fee", () => {
  test("from the order to the machine, the key and the sats that were earned", async () => {
    const order = await shop.order();
    expect(order).toMatchObject({ state: "awaiting_payment", stubMode: true, invoice: { amountSats: FEE } });
    expect(order.message).toContain(`${ORIGIN}/api/dev/stub/pay/${order.invoice.paymentHash}`);
    expect(order.terms).toContain("30 days");

    await shop.payOutside(order.invoice.paymentHash);
    expect(await view(order)).toMatchObject({ state: "provisioning", owedSats: 0 });
    expect(await accountsOf(order.bootstrapJobId)).toMatchObject({ escrow: BigInt(FEE) * 1000n });
    const before = BigInt(await revenue());

    comesUpWhenAsked(order);
    await shop.workOff(order);
    const ready = await view(order);
    expect(ready).toMatchObject({
      state: "ready",
      nodeIp: "203.0.113.7",
      tailscaleHostname: `timmy-node-${order.bootstrapJobId}.tail4242.ts.net`,
      owedSats: 0,
    });
    expect(ready.lnbitsUrl).toContain(":5000");
    expect(ready.nextSteps?.join("\n")).toContain("bash /opt/timmy-node/ops.sh sync");
    expect(ready.sshPrivateKey).toMatch(/^-----BEGIN RSA PRIVATE KEY-----\n/);
    expect(await shop.there(order.bootstrapJobId)).toEqual({ ...ONE_OF_EACH, authKeys: 1 });
    expect(await accountsOf(order.bootstrapJobId)).toEqual({ escrow: 0n, owed: 0n, in_flight: 0n });
    expect(BigInt(await revenue()) - before).toBe(BigInt(FEE) * 1000n);
    await theBooksBalance();
  });

  test("the key that is told is the one whose other half the machine has", async () => {
    const order = await shop.paid();
    comesUpWhenAsked(order);
    await shop.workOff(order);
    const row = await shop.db.prisma.bootstrapOrder.findUnique({ where: { id: order.bootstrapJobId } });
    const [droplet] = shop.world.digitalocean.droplets.slice(-1);
    const uploaded = shop.world.digitalocean.keys.find(({ public_key }) => public_key === row?.publicKey);
    expect(droplet?.request.ssh_keys).toEqual([uploaded?.fingerprint]);
  });

  test("what happens meanwhile is told, and never the key", async () => {
    const order = await shop.paid();
    expect((await peek(order)).message).toContain("your node is being set up");
    await shop.next(order);
    expect((await peek(order)).message).toContain("The machine is starting");
    shop.world.says({ state: "starting", stage: "Bitcoin Core is starting" });
    await shop.next(order);
    expect((await peek(order)).message).toContain("Bitcoin Core is starting");
    await shop.comesUp(order.bootstrapJobId);
    await shop.workOff(order);
    for (let look = 0; look < 3; look += 1) {
      expect(await peek(order)).toMatchObject({ state: "ready", sshKeyWaiting: true });
      expect(JSON.stringify(await peek(order))).not.toContain("PRIVATE KEY");
    }
    expect(await view(order)).toHaveProperty("sshPrivateKey");
    expect(await view(order)).not.toHaveProperty("sshPrivateKey");
    expect((await view(order)).sshKeyNote).toContain("given out once");
    expect(await peek(order)).toMatchObject({ sshKeyWaiting: false });
  });

  test("is read and refunded by its token alone", async () => {
    const { bootstrapJobId, refundToken } = await shop.order();
    const other = await shop.order();
    const { bootstrap } = shop.services;
    for (const call of [
      (token?: string) => bootstrap.view(bootstrapJobId, token, ORIGIN),
      (token?: string) => bootstrap.peek(bootstrapJobId, token, ORIGIN),
      (token?: string) => bootstrap.guard(bootstrapJobId, token),
      (token?: string) => bootstrap.refund(bootstrapJobId, token, { invoice: shop.target(FEE) }),
    ]) {
      expect(await call(undefined)).toEqual({ ok: false, error: { code: "refundTokenMissing" } });
      expect(await call(other.refundToken)).toEqual({ ok: false, error: { code: "refundTokenWrong" } });
    }
    expect(await bootstrap.view("nothing", refundToken, ORIGIN)).toMatchObject({
      error: { code: "bootstrapNotFound" },
    });
    expect(await bootstrap.guard(crypto.randomUUID(), refundToken)).toMatchObject({
      error: { code: "bootstrapNotFound" },
    });
  });

  test("counts among what one client may leave unpaid", async () => {
    const limited = await nodeShop({ settings: { MAX_OPEN_ORDERS: "3" } });
    try {
      const { bootstrap, jobs } = limited.services;
      const client = { clientKey: "greedy", pubkey: null };
      unwrap(await jobs.create({ request: "x", ...client }));
      const orders = await Promise.all(
        Array.from({ length: 6 }, () => bootstrap.create({ ...client, origin: ORIGIN })),
      );
      expect(orders.filter(({ ok }) => ok)).toHaveLength(2);
      expect(await jobs.create({ request: "x", ...client })).toMatchObject({ error: { code: "tooManyOpenOrders" } });
    } finally {
      await limited.close();
    }
  });
});

describe("a wallet in trouble", () => {
  test("ordering keeps nothing half-made", async () => {
    const before = await shop.db.prisma.bootstrapOrder.count();
    shop.wallet.down();
    const order = await shop.services.bootstrap.create({ clientKey: "me", pubkey: null, origin: ORIGIN });
    expect(order).toMatchObject({ error: { code: "walletDown" } });
    shop.wallet.up();
    expect(await shop.db.prisma.bootstrapOrder.count()).toBe(before);
  });
});

describe("a node that fails", () => {
  test("owes its fee at once, which is really paid back, and nothing of it is left outside", async () => {
    const order = await shop.paid();
    failedAtOnce();
    await shop.next(order);
    const failed = await view(order);
    expect(failed).toMatchObject({ state: "failed", owedSats: FEE });
    expect(failed.errorMessage).toContain("The fee is owed back to you");
    expect(JSON.stringify(failed)).not.toMatch(/authorized|\b403\b|DigitalOcean/);
    expect(shop.alarms.at(-1)).toContain("403");

    const { bootstrap } = shop.services;
    const target = shop.target(FEE);
    const claim = () => bootstrap.refund(order.bootstrapJobId, order.refundToken, { invoice: target });
    expect(unwrap(await claim())).toMatchObject({ refundState: "pending", amountSats: FEE });
    await shop.workOff(order);
    await shop.work();
    expect(unwrap(await claim())).toMatchObject({ refundState: "paid", owedSats: 0 });
    expect(await view(order)).toMatchObject({ state: "failed", owedSats: 0, payout: { state: "paid" } });
    expect(await shop.there(order.bootstrapJobId)).toEqual(NOTHING_THERE);
    const again = await bootstrap.refund(order.bootstrapJobId, order.refundToken, { invoice: shop.target(FEE) });
    expect(again).toMatchObject({ error: { code: "nothingOwed" } });
    await theBooksBalance();
  });

  test.each([
    [
      "says so itself",
      () => shop.world.says({ state: "failed", stage: "LND never answered" }),
      "failed to set itself up",
    ],
    [
      "may not be made: too many",
      () => {
        shop.world.digitalocean.dropletLimit = 0;
      },
      "could not create the node",
    ],
  ])("%s", async (_, trouble, words) => {
    const order = await shop.paid();
    trouble();
    await shop.workOff(order);
    shop.world.digitalocean.dropletLimit = 100;
    const failed = await view(order);
    expect(failed).toMatchObject({ state: "failed", owedSats: FEE });
    expect(failed.errorMessage).toContain(words);
    expect(await shop.there(order.bootstrapJobId)).toEqual(NOTHING_THERE);
    const { sealedPrivateKey } =
      (await shop.db.prisma.bootstrapOrder.findUnique({ where: { id: order.bootstrapJobId } })) ?? {};
    expect(sealedPrivateKey).toBeNull();
    await theBooksBalance();
  });

  test("has no address after two minutes", async () => {
    const order = await shop.paid();
    shop.world.digitalocean.slow = { newFor: 10_000, withoutAddressFor: 0 };
    const begun = shop.world.clock.now().getTime();
    while ((await peek(order)).state === "provisioning") await shop.next(order);
    shop.world.digitalocean.slow = { newFor: 0, withoutAddressFor: 0 };
    const waitedMs = shop.world.clock.now().getTime() - begun;
    expect(waitedMs).toBeGreaterThanOrEqual(120_000);
    expect(waitedMs).toBeLessThan(180_000);
    expect((await view(order)).errorMessage).toContain("no address");
    await shop.workOff(order);
    expect(await shop.there(order.bootstrapJobId)).toEqual(NOTHING_THERE);
  });

  test("is not ready by its deadline, however patient the provider is", async () => {
    const order = await shop.paid();
    const begun = shop.world.clock.now().getTime();
    while ((await peek(order)).state === "provisioning") await shop.next(order);
    expect(shop.world.clock.now().getTime() - begun).toBeGreaterThanOrEqual(3_600_000);
    expect(shop.world.clock.now().getTime() - begun).toBeLessThan(3_700_000);
    expect(await view(order)).toMatchObject({ state: "failed", owedSats: FEE });
    await shop.workOff(order);
    expect(await shop.there(order.bootstrapJobId)).toEqual(NOTHING_THERE);
  });
});

test("trouble that passes is waited out: rate limits, a provider that is down, answers that are lost", async () => {
  const order = await shop.paid();
  const { digitalocean } = shop.world;
  digitalocean.trouble("POST /v2/account/keys", "lost", { status: 429, headers: { "retry-after": "40" }, json: {} });
  digitalocean.trouble("POST /v2/volumes", "lost", { status: 500, json: {} });
  digitalocean.trouble("POST /v2/droplets", { status: 503, json: {} }, "lost", "cut");
  comesUpWhenAsked(order);
  await shop.workOff(order);
  expect(await view(order)).toMatchObject({ state: "ready" });
  expect(await shop.there(order.bootstrapJobId)).toEqual({ ...ONE_OF_EACH, authKeys: 1 });
  expect(digitalocean.mistakes).toEqual([]);
});

test("an invoice that nobody pays expires, and a late payment is owed", async () => {
  const order = await shop.order();
  await shop.payOutside(order.invoice.paymentHash);
  await shop.services.invoices.expire(order.invoice.paymentHash);
  expect(await peek(order)).toMatchObject({ state: "expired", owedSats: 0 });
  unwrap(await shop.services.invoices.lookUp(order.invoice.paymentHash));
  const late = await view(order);
  expect(late).toMatchObject({ state: "expired", owedSats: FEE });
  expect(late.message).toContain(`${FEE} sats are owed to you`);
  const { bootstrap } = shop.services;
  const claim = { invoice: shop.target(FEE) };
  unwrap(await bootstrap.refund(order.bootstrapJobId, order.refundToken, claim));
  await shop.work();
  expect(await view(order)).toMatchObject({ owedSats: 0, payout: { state: "paid" } });
  expect(await shop.next(order)).toBe(false);
  await theBooksBalance();
});

test("a fee that is owed is claimed by a withdraw code or into a session as well", async () => {
  const order = await shop.paid();
  failedAtOnce();
  await shop.workOff(order);
  const { bootstrap } = shop.services;
  const way = { lnurl: true as const, origin: ORIGIN };
  expect(unwrap(await bootstrap.refund(order.bootstrapJobId, order.refundToken, way))).toMatchObject({
    amountSats: FEE,
  });
});

test("what was begun with one provider is not gone on with by another, and its fee is owed in the end", async () => {
  const order = await shop.paid();
  await shop.db.pool.query("UPDATE bootstrap_order SET provider = 'simulated' WHERE id = $1", [order.bootstrapJobId]);
  while ((await peek(order)).state === "provisioning") await shop.next(order);
  expect(await view(order)).toMatchObject({ state: "failed", owedSats: FEE });
  await shop.workOff(order);
});

test("a fee that arrives where no real machine can be made any more is owed: nobody gets a simulated one for real sats", async () => {
  const order = await shop.order();
  await shop.payOutside(order.invoice.paymentHash);
  // Started anew meanwhile, without the provider's token.
  const settings = { ...shop.settings, production: true, walletKind: "lnbits", nodesKind: "none" } as const;
  const without = createServices({ ...shop.outside, nodes: simulatedProvider({ pauseMs: 0 }) }, settings);
  try {
    unwrap(await without.invoices.lookUp(order.invoice.paymentHash));
    await runQueueOnce(shop.db, without.tasks);
    expect(await peek(order)).toMatchObject({ state: "failed", owedSats: FEE });
    expect(shop.alarms.at(-1)).toContain("a node could not be set up");
    await theBooksBalance();
  } finally {
    await without.workshop.close();
  }
});

describe("the offer", () => {
  test("says what the fee buys before anything is ordered", () => {
    expect(shop.services.bootstrap.offer()).toMatchObject({ feeSats: FEE, stubMode: true, available: true });
  });

  test("is none where real sats would be asked for a simulated node", async () => {
    const { bootstrapService } = await import("./bootstrap-service");
    const service = bootstrapService({
      ...({} as Parameters<typeof bootstrapService>[0]), // whatever else is asked would throw
      provider: { kind: "simulated" } as Parameters<typeof bootstrapService>[0]["provider"],
      settings: {
        feeSats: 10_000n as never,
        invoiceExpirySeconds: 1800,
        timeoutSeconds: 3600,
        terms: "",
        simulatedWallet: false,
        devPay: false,
        production: true,
      },
    });
    expect(service.offer()).toMatchObject({ available: false });
    expect(await service.create({ clientKey: "me", pubkey: null, origin: ORIGIN })).toEqual({
      ok: false,
      error: { code: "bootstrapUnavailable" },
    });
  });
});
