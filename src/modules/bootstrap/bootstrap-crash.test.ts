import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Moment, NOTHING_THERE, type NodeShop, nodeShop, ONE_OF_EACH } from "~/testing/node-shop";
import { unwrap } from "~/testing/unwrap";

// A process ends between any two steps: what it was about to send is not sent, or what it sent is not heard of. The task
// is then taken again, as the queue does for the dead.
let shop: NodeShop;
beforeAll(async () => {
  shop = await nodeShop();
});
afterAll(() => shop?.close());
beforeEach(() => {
  shop.at(() => undefined);
  shop.world.says({ state: "starting", stage: "Bitcoin Core is starting" });
});

const both = (step: string): Moment[] => [`before ${step}`, `after ${step}`];
const MAKING = ["key pair", "make sshKey", "make authKey", "make volume", "make server", "address", "health"];
const REMOVING = ["remove server", "remove volume", "remove authKey", "remove sshKey"];

/** Ends the process at this moment, so many times. */
function dieAt(moment: Moment, times = 1): () => number {
  let deaths = 0;
  shop.at((now) => {
    if (now !== moment || deaths >= times) return;
    deaths += 1;
    throw new Error("the process ends here");
  });
  return () => deaths;
}
const row = (id: string) =>
  shop.db.prisma.bootstrapOrder.findUniqueOrThrow({ where: { id }, include: { parts: true } });
const theBooksBalance = async () => expect(unwrap(await shop.services.books.prove())).toMatchObject({ ok: true });
const made = (step: string) => shop.moments.filter((moment) => moment === `after ${step}`).length;
const postedTimes = (eventKey: string) => shop.db.prisma.ledgerTransfer.count({ where: { eventKey, line: 1 } });

describe("whoever goes on finds what was made", () => {
  test.each(MAKING.flatMap(both))("cut off %s: one of each, and it gets ready", async (moment) => {
    const order = await shop.paid();
    const deaths = dieAt(moment);
    for (let task = 0; task < 20; task += 1) await shop.next(order);
    expect(deaths()).toBe(1);
    await shop.comesUp(order.bootstrapJobId);
    await shop.workOff(order);
    expect(unwrap(await shop.peek(order))).toMatchObject({ state: "ready", sshKeyWaiting: true });
    expect(await shop.there(order.bootstrapJobId)).toEqual({ ...ONE_OF_EACH, authKeys: 1 });
    expect(await postedTimes(`bootstrap:${order.bootstrapJobId}:ready`)).toBe(1);
    await theBooksBalance();
  });

  test("cut off at every step in turn, twice: still one of each", async () => {
    const order = await shop.paid();
    const died = new Map<Moment, number>();
    shop.at((moment) => {
      const times = died.get(moment) ?? 0;
      if (times >= 2) return;
      died.set(moment, times + 1);
      throw new Error("the process ends here");
    });
    while ((await row(order.bootstrapJobId)).serverIp === null) await shop.next(order);
    await shop.comesUp(order.bootstrapJobId);
    await shop.workOff(order);
    expect([...died.keys()].sort()).toEqual(MAKING.flatMap(both).sort());
    expect(unwrap(await shop.peek(order))).toMatchObject({ state: "ready" });
    expect(await shop.there(order.bootstrapJobId)).toEqual({ ...ONE_OF_EACH, authKeys: 1 });
  });
});

describe("each step is written down", () => {
  test.each(["sshKey", "authKey", "volume", "server"] as const)(
    "%s: with its time before it is sent, with its id once it is made",
    async (part) => {
      const order = await shop.paid();
      const id = order.bootstrapJobId;
      const find = async () => (await row(id)).parts.find((made) => made.part === part);
      let before: Awaited<ReturnType<typeof find>>;
      shop.at(async (moment) => {
        if (moment === `before make ${part}`) before = await find();
      });
      await shop.next(order);
      expect(before).toMatchObject({ triedAt: expect.any(Date), madeAt: null, providerId: null });
      expect(await find()).toMatchObject({ madeAt: expect.any(Date), providerId: expect.any(String) });
      expect((await row(id)).publicKey).toMatch(/^ssh-rsa /);
      shop.at(() => undefined);
      await shop.comesUp(id);
      await shop.workOff(order);
    },
  );

  test("the secret of an auth key is kept sealed until the server is made, and no longer", async () => {
    const order = await shop.paid();
    const secretOf = async () =>
      (await row(order.bootstrapJobId)).parts.find(({ part }) => part === "authKey")?.sealedSecret ?? null;
    let between: Awaited<ReturnType<typeof secretOf>> = null;
    shop.at(async (moment) => {
      if (moment === "before make server") between = await secretOf();
    });
    await shop.next(order);
    expect(between).not.toBeNull();
    expect(Buffer.from(between ?? []).toString("latin1")).not.toContain("tskey");
    expect(await secretOf()).toBeNull();
    shop.at(() => undefined);
    await shop.comesUp(order.bootstrapJobId);
    await shop.workOff(order);
  });

  test("what was sent and cannot be found yet is not sent again before it must have arrived", async () => {
    const order = await shop.paid();
    dieAt("before make server"); // as if it had been sent: written down it is
    await shop.next(order);
    const tried = (await row(order.bootstrapJobId)).parts.find(({ part }) => part === "server")?.triedAt;
    const servers = made("make server");
    while ((await shop.there(order.bootstrapJobId)).servers === 0) await shop.next(order);
    expect(shop.world.clock.now().getTime() - (tried?.getTime() ?? 0)).toBeGreaterThanOrEqual(60_000);
    expect(made("make server") - servers).toBeLessThan(6);
    await shop.comesUp(order.bootstrapJobId);
    await shop.workOff(order);
  });
});

describe("what failed is removed", () => {
  const failing = async () => {
    const order = await shop.paid();
    await shop.next(order);
    expect(await shop.there(order.bootstrapJobId)).toEqual(ONE_OF_EACH);
    shop.world.says({ state: "failed", stage: "LND never answered" });
    return order;
  };
  const allGone = async (id: string) => {
    expect(await shop.there(id)).toEqual(NOTHING_THERE);
    const { removalDueAt, parts } = await row(id);
    expect(removalDueAt).toBeNull();
    expect(parts.map(({ part, removedAt }) => [part, removedAt !== null]).sort()).toEqual([
      ["authKey", true],
      ["server", true],
      ["sshKey", true],
      ["volume", true],
    ]);
  };

  test.each(REMOVING.flatMap(both))("also where the process ends %s", async (moment) => {
    const order = await failing();
    const deaths = dieAt(moment);
    await shop.workOff(order);
    expect(deaths()).toBe(1);
    await allGone(order.bootstrapJobId);
    expect(unwrap(await shop.peek(order))).toMatchObject({ state: "failed", owedSats: 10_000 });
    await theBooksBalance();
  });

  test("also what was made of it without anybody having heard", async () => {
    const order = await shop.paid();
    const died = dieAt("after make server", 1000);
    while (unwrap(await shop.peek(order)).state === "provisioning") {
      await shop.next(order);
      shop.world.clock.advance(300_000);
    }
    expect(died()).toBeGreaterThan(5);
    expect((await row(order.bootstrapJobId)).parts).toHaveLength(4);
    expect((await row(order.bootstrapJobId)).parts.find(({ part }) => part === "server")?.providerId).toBeNull();
    await shop.workOff(order);
    expect(await shop.there(order.bootstrapJobId)).toEqual(NOTHING_THERE);
  });

  test("again and again, with growing pauses and an alarm, while the provider will not", async () => {
    const order = await failing();
    const id = order.bootstrapJobId;
    const refusal = { status: 403, json: { id: "forbidden", message: "You are not authorized" } };
    const droplet = shop.world.digitalocean.droplets.find(({ name }) => name.endsWith(id))?.id;
    shop.world.digitalocean.trouble(`DELETE /v2/droplets/${droplet}`, ...Array.from({ length: 12 }, () => refusal));
    const alarms = shop.alarms.length;
    const times: number[] = [];
    shop.at((moment) => moment === "before remove server" && times.push(shop.world.clock.now().getTime()));
    await shop.workOff(order);
    const pauses = times.slice(1).map((time, at) => time - (times[at] ?? 0));
    expect(pauses).toHaveLength(12);
    expect(pauses[0]).toBeGreaterThanOrEqual(9_000);
    for (const [at, pause] of pauses.entries()) expect(pause).toBeGreaterThanOrEqual((pauses[at - 1] ?? 0) - 1_000);
    expect(pauses.at(-1)).toBeGreaterThan(3_500_000);
    expect(pauses.at(-1)).toBeLessThan(3_700_000);
    expect(shop.alarms.length - alarms).toBe(12);
    await allGone(id);
  });

  test("a volume that is still attached is waited for", async () => {
    shop.world.digitalocean.detachesAfter = 3;
    const order = await failing();
    shop.world.digitalocean.detachesAfter = 0;
    await shop.workOff(order);
    await allGone(order.bootstrapJobId);
  });

  test("a task that was lost comes back", async () => {
    const order = await failing();
    await shop.next(order);
    await shop.db.pool.query("DELETE FROM graphile_worker._private_jobs");
    shop.world.clock.advance(60_000);
    await shop.services.tasks["rescue-nodes"]();
    await shop.workOff(order);
    await allGone(order.bootstrapJobId);
  });

  test("by nobody but the provider that made it", async () => {
    const order = await failing();
    const id = order.bootstrapJobId;
    const isOf = (provider: string) =>
      shop.db.pool.query("UPDATE bootstrap_order SET provider = $1 WHERE id = $2", [provider, id]);
    shop.at((moment) => (moment === "after health" ? isOf("simulated") : undefined));
    for (let task = 0; task < 5; task += 1) await shop.next(order);
    expect(unwrap(await shop.peek(order))).toMatchObject({ state: "failed", owedSats: 10_000 });
    expect(await shop.there(id)).toEqual(ONE_OF_EACH);
    expect((await row(id)).note).toContain("made with simulated");
    await isOf("digitalocean");
    await shop.workOff(order);
    await allGone(id);
  });
});

test("a task of a node that was lost comes back at its deadline", async () => {
  const order = await shop.paid();
  await shop.db.pool.query("DELETE FROM graphile_worker._private_jobs");
  shop.world.clock.advance(3_600_000);
  await shop.services.tasks["rescue-nodes"]();
  expect(await shop.next(order)).toBe(false); // not yet: it may still be on its way
  shop.world.clock.advance(31_000);
  await shop.services.tasks["rescue-nodes"]();
  await shop.workOff(order);
  expect(unwrap(await shop.peek(order))).toMatchObject({ state: "failed", owedSats: 10_000 });
});
