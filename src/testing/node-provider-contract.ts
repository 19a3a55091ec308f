import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { makeRsaKeyPair } from "~/adapters/ssh-key/rsa-key-pair";
import type { Given, MadePart, NodeOrder, NodePart, NodeProvider } from "~/ports/node-provider";
import { unwrap } from "./unwrap";

/** A provider, and the world around it: machines that set themselves up, and time. */
export type ProviderUnderTest = {
  provider: NodeProvider;
  /** The machine of this order comes up by itself and is done. */
  comesUp(order: NodeOrder, authKey: string | null): Promise<void>;
  /** How many of this part there are for an order; null where nobody can tell. */
  count(part: NodePart, order: NodeOrder): number | null;
  stop?(): Promise<void>;
};

const PATIENCE = { timeout: 15_000, interval: 20 };
const NOTHING: Given = { triedAt: null, authKey: null, volumeId: null };

/** What the rest of the house relies on, whoever rents out the machines. */
export function describeNodeProviderContract(name: string, start: () => Promise<ProviderUnderTest>): void {
  describe(`the node provider contract: ${name}`, () => {
    let world: ProviderUnderTest;
    let provider: NodeProvider;
    let publicKey: string;
    beforeAll(async () => {
      world = await start();
      provider = world.provider;
      publicKey = (await makeRsaKeyPair()).publicKey;
    });
    afterAll(async () => world?.stop?.());

    const newOrder = (): NodeOrder => ({ orderId: randomUUID(), publicKey });

    async function makeAll(order: NodeOrder): Promise<Map<NodePart, MadePart>> {
      const made = new Map<NodePart, MadePart>();
      for (const part of provider.parts) {
        const given: Given = {
          triedAt: null,
          authKey: made.get("authKey")?.secret ?? null,
          volumeId: made.get("volume")?.id ?? null,
        };
        made.set(part, unwrap(await provider.make(part, order, given)));
      }
      return made;
    }
    async function removeAll(order: NodeOrder, made?: Map<NodePart, MadePart>) {
      for (const part of [...provider.parts].reverse()) {
        const recorded = { id: made?.get(part)?.id ?? null, triedAt: null };
        await vi.waitFor(async () => unwrap(await provider.remove(part, order, recorded)), PATIENCE);
      }
    }
    const expectCounts = (order: NodeOrder, wanted: number) => {
      for (const part of provider.parts) expect([part, world.count(part, order) ?? wanted]).toEqual([part, wanted]);
    };

    test("a node has a key and a server, the server last", () => {
      expect(provider.parts).toContain("sshKey");
      expect(provider.parts.at(-1)).toBe("server");
      expect(new Set(provider.parts).size).toBe(provider.parts.length);
    });

    test("from the first part to a healthy node, and back to nothing", async () => {
      const order = newOrder();
      const made = await makeAll(order);
      expectCounts(order, 1);
      const serverId = made.get("server")?.id ?? "";

      const address = await vi.waitFor(async () => {
        const found = unwrap(await provider.findAddress(serverId));
        expect(found).not.toBeNull();
        return found;
      }, PATIENCE);
      expect(address?.ip).toMatch(/^\d{1,3}(\.\d{1,3}){3}$/);

      await world.comesUp(order, made.get("authKey")?.secret ?? null);
      const server = { serverId, ip: address?.ip ?? "" };
      const health = await vi.waitFor(async () => {
        const now = unwrap(await provider.checkHealth(order, server));
        expect(now.state).toBe("healthy");
        return now;
      }, PATIENCE);
      const host = health.state === "healthy" ? (health.tailscaleHostname ?? "localhost") : "";
      expect(health).toMatchObject({ lnbitsUrl: `http://${host}:5000` });

      await removeAll(order, made);
      expectCounts(order, 0);
      await removeAll(order, made);
    });

    test("what is made again is what was there; only an auth key is a new one, in place of the old", async () => {
      const order = newOrder();
      const first = await makeAll(order);
      for (const part of provider.parts) {
        const again = unwrap(await provider.make(part, order, { ...NOTHING, authKey: "another" }));
        if (part === "authKey") expect(again.secret).not.toBe(first.get(part)?.secret);
        else expect([part, again]).toEqual([part, first.get(part)]);
      }
      expectCounts(order, 1);
      await removeAll(order);
      expectCounts(order, 0);
    });

    test("nothing is removed of what never was", async () => {
      const [order, other] = [newOrder(), { ...newOrder(), publicKey: (await makeRsaKeyPair()).publicKey }];
      await makeAll(other);
      await removeAll(order);
      expectCounts(other, 1);
      await removeAll(other);
    });

    test("only an auth key is a secret", async () => {
      const order = newOrder();
      for (const [part, { secret }] of await makeAll(order))
        expect([part, secret !== null]).toEqual([part, part === "authKey"]);
      await removeAll(order);
    });
  });
}
