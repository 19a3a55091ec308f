import { setTimeout as sleep } from "node:timers/promises";
import { decodeInvoice } from "~/adapters/bolt11/decode-invoice";
import { simulatedWallet } from "~/adapters/simulated-wallet/simulated-wallet";
import { sats, toMsat } from "~/core/money";
import { simulatedWalletStore } from "~/db/simulated-wallet-store";
import type { CreatedBootstrap } from "~/modules/bootstrap/bootstrap-schema";
import type { NodeProvider } from "~/ports/node-provider";
import { type DigitalOceanWorld, digitaloceanWorld } from "./digitalocean-world";
import { outsideInvoice } from "./outside-node";
import { testKeyPair } from "./test-key-pair";
import { type TroubledWallet, troubledWallet } from "./troubled-wallet";
import { unwrap } from "./unwrap";
import { TEST_SECRET, type Workshop, workshop } from "./workshop";

/** A step that leaves the process, before it is taken or once it is done. */
export type Moment = `${"before" | "after"} ${string}`;

export type NodeShop = Workshop & {
  world: DigitalOceanWorld;
  wallet: TroubledWallet;
  /** Called at every moment from now on; what it throws is what the provider throws. */
  at(hook: (moment: Moment) => unknown): void;
  /** Every moment so far. */
  moments: Moment[];
  alarms: string[];
  order(): Promise<CreatedBootstrap>;
  /** Pays outside, and tells us. */
  pay(order: CreatedBootstrap): Promise<void>;
  paid(): Promise<CreatedBootstrap>;
  view(order: CreatedBootstrap): ReturnType<Workshop["services"]["bootstrap"]["view"]>;
  peek(order: CreatedBootstrap): ReturnType<Workshop["services"]["bootstrap"]["peek"]>;
  /**
   * Takes the order's next waiting task, letting the time pass until it is due; at once where its process died at it.
   * False when there is none.
   */
  next(order: CreatedBootstrap): Promise<boolean>;
  /** All of them, until none is left. */
  workOff(order: CreatedBootstrap): Promise<void>;
  /** The machine of the order comes up by itself. */
  comesUp(orderId: string): Promise<void>;
  /** What there is outside for an order. */
  there(orderId: string): Promise<{ servers: number; volumes: number; sshKeys: number; authKeys: number }>;
  /** Somebody else's invoice for so many sats, fresh by this shop's clock. */
  target(amountSats: number): string;
};

export const ORIGIN = "https://timmy.example";
const NOTHING_THERE = { servers: 0, volumes: 0, sshKeys: 0, authKeys: 0 };
export const ONE_OF_EACH = { servers: 1, volumes: 1, sshKeys: 1, authKeys: 1 };
export { NOTHING_THERE };

/** The whole business with the real adapters of a provider against local servers, and a clock and a wallet in hand. */
export async function nodeShop(options: { settings?: Record<string, string> } = {}): Promise<NodeShop> {
  const world = await digitaloceanWorld();
  const { clock } = world;
  world.digitalocean.dropletLimit = Number.POSITIVE_INFINITY;
  const moments: Moment[] = [];
  const alarms: string[] = [];
  let hook: (moment: Moment) => unknown = () => undefined;
  const reach = async (moment: Moment) => {
    moments.push(moment);
    await hook(moment);
  };
  let wallet: TroubledWallet | undefined;
  const shop = await workshop({
    ...options,
    outside: ({ db }) => {
      const store = simulatedWalletStore(db);
      const inner = simulatedWallet({ store, clock, decodeInvoice, secret: TEST_SECRET, openingSats: sats(100_000n) });
      wallet = troubledWallet(inner);
      return {
        clock,
        wallet,
        devPayer: inner.devPayer,
        alarm: (message) => void alarms.push(message),
        nodes: withMoments(world.provider, reach),
        makeKeyPair: () => around("key pair", testKeyPair, reach),
      };
    },
  });
  if (!wallet) throw new Error("the workshop was made without its wallet");
  const { bootstrap, invoices, books } = shop.services;
  await books.openIfNew();

  const order = async () => unwrap(await bootstrap.create({ clientKey: "me", pubkey: null, origin: ORIGIN }));
  async function pay({ invoice }: CreatedBootstrap): Promise<void> {
    await shop.payOutside(invoice.paymentHash);
    unwrap(await invoices.lookUp(invoice.paymentHash));
  }

  async function next({ bootstrapJobId }: CreatedBootstrap): Promise<boolean> {
    const { rows } = await shop.db.pool.query<{ id: string; run_at: Date; died: boolean }>(
      `SELECT id, run_at, last_error IS NOT NULL AS died FROM graphile_worker._private_jobs
       WHERE payload->>'orderId' = $1 AND locked_at IS NULL ORDER BY run_at, id LIMIT 1`,
      [bootstrapJobId],
    );
    const [task] = rows;
    if (!task) return false;
    const waitMs = task.run_at.getTime() - clock.now().getTime();
    if (waitMs > 0 && !task.died) clock.advance(waitMs);
    await shop.db.pool.query("UPDATE graphile_worker._private_jobs SET run_at = now() WHERE id = $1", [task.id]);
    await shop.work();
    await letGo(bootstrapJobId);
    return true;
  }

  /** The queue says that it is done before it has let go of the last task. */
  async function letGo(orderId: string): Promise<void> {
    for (;;) {
      const held = await shop.db.pool.query(
        "SELECT 1 FROM graphile_worker._private_jobs WHERE payload->>'orderId' = $1 AND locked_at IS NOT NULL",
        [orderId],
      );
      if (held.rowCount === 0) return;
      await sleep(5);
    }
  }

  async function comesUp(orderId: string): Promise<void> {
    const name = `timmy-node-${orderId}`;
    const droplet = world.digitalocean.droplets.find((made) => made.name === name);
    const authKey = droplet?.request.user_data?.split("\n")[1]?.split(" ")[2] ?? null;
    const joined = world.tailscale.devices.some(({ hostname }) => hostname === name);
    await world.comesUp({ orderId, publicKey: "" }, joined ? null : authKey);
  }

  return {
    ...shop,
    world,
    wallet,
    moments,
    alarms,
    order,
    pay,
    next,
    comesUp,
    at(wanted) {
      hook = wanted;
    },
    async paid() {
      const created = await order();
      await pay(created);
      return created;
    },
    view: ({ bootstrapJobId, refundToken }) => bootstrap.view(bootstrapJobId, refundToken, ORIGIN),
    peek: ({ bootstrapJobId, refundToken }) => bootstrap.peek(bootstrapJobId, refundToken, ORIGIN),
    async workOff(created) {
      for (let tasks = 0; await next(created); tasks += 1) if (tasks > 2000) throw new Error("there is no end to it");
    },
    async there(orderId) {
      const row = await shop.db.prisma.bootstrapOrder.findUnique({ where: { id: orderId } });
      const node = { orderId, publicKey: row?.publicKey ?? "none" };
      const [servers, volumes, sshKeys, authKeys] = (["server", "volume", "sshKey", "authKey"] as const).map((part) =>
        world.count(part, node),
      );
      return { servers: servers ?? 0, volumes: volumes ?? 0, sshKeys: sshKeys ?? 0, authKeys: authKeys ?? 0 };
    },
    target: (amountSats) =>
      outsideInvoice({ amountMsat: toMsat(sats(amountSats)), createdAt: clock.now() }).paymentRequest,
    async close() {
      await shop.close();
      await world.stop();
    },
  };
}

/** Every step of a provider, with its moments. */
function withMoments(inner: NodeProvider, reach: (moment: Moment) => Promise<void>): NodeProvider {
  return {
    kind: inner.kind,
    parts: inner.parts,
    make: (part, ...rest) => around(`make ${part}`, () => inner.make(part, ...rest), reach),
    findAddress: (serverId) => around("address", () => inner.findAddress(serverId), reach),
    checkHealth: (...args) => around("health", () => inner.checkHealth(...args), reach),
    remove: (part, ...rest) => around(`remove ${part}`, () => inner.remove(part, ...rest), reach),
  };
}

async function around<T>(step: string, take: () => Promise<T>, reach: (moment: Moment) => Promise<void>): Promise<T> {
  await reach(`before ${step}`);
  const done = await take();
  await reach(`after ${step}`);
  return done;
}
