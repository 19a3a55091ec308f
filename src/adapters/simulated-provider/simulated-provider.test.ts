import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import type { NodeOrder } from "~/ports/node-provider";
import { describeNodeProviderContract } from "~/testing/node-provider-contract";
import { unwrap } from "~/testing/unwrap";
import { simulatedProvider } from "./simulated-provider";

describeNodeProviderContract("simulated", async () => ({
  provider: simulatedProvider({ pauseMs: 0 }),
  comesUp: async () => undefined,
  count: () => null,
}));

const newOrder = (): NodeOrder => ({ orderId: randomUUID(), publicKey: "ssh-rsa AAAA" });
const NOTHING = { triedAt: null, authKey: null, volumeId: null };

test("every address is one for documentation, and a process that starts anew says the same", async () => {
  for (let n = 0; n < 300; n += 1) {
    const { id } = unwrap(await simulatedProvider({ pauseMs: 0 }).make("server", newOrder(), NOTHING));
    const address = unwrap(await simulatedProvider({ pauseMs: 0 }).findAddress(id));
    expect(address?.ip).toMatch(/^192\.0\.2\.([1-9]\d?|1\d\d|2[0-4]\d|25[0-4])$/);
    expect(unwrap(await simulatedProvider().findAddress(id))).toEqual(address);
  }
});

test("a server of somebody else's is not found", async () => {
  for (const id of ["404", "simulated-server-404", `simulated-volume-${randomUUID()}`]) {
    expect(await simulatedProvider().findAddress(id)).toMatchObject({ error: { code: "providerNotFound" } });
  }
});

test("a node takes as long as it is told to", async () => {
  const provider = simulatedProvider({ pauseMs: 200 });
  const order = newOrder();
  const startedAt = performance.now();
  for (const part of provider.parts) unwrap(await provider.make(part, order, NOTHING));
  unwrap(await provider.checkHealth(order, { serverId: "", ip: "" }));
  expect(performance.now() - startedAt).toBeGreaterThan(190);
});

test("one that is to fail says so when it is asked how it is, and has an address until then", async () => {
  const provider = simulatedProvider({ pauseMs: 0, fails: true });
  const order = newOrder();
  const { id } = unwrap(await provider.make("server", order, NOTHING));
  expect(unwrap(await provider.findAddress(id))).not.toBeNull();
  expect(unwrap(await provider.checkHealth(order, { serverId: id, ip: "" }))).toMatchObject({ state: "failed" });
});
