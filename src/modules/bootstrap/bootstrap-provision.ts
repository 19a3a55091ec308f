import { assert } from "~/core/assert";
import type { Alone } from "~/db/alone";
import type { Database, Tx } from "~/db/client";
import type { MakeSshKeyPair, NodePart, NodeProvider, NodeProviderFailure } from "~/ports/node-provider";
import { ADDRESS_WAIT_MS, addressPauseMs, healthPauseMs } from "./bootstrap";
import { type BootstrapStepDeps, PROVISION_TASK, provisionKey, step } from "./bootstrap-step";
import {
  beginRun,
  holdRun,
  keepAddress,
  keepKeyPair,
  keepMessage,
  keepNote,
  markMade,
  markTried,
  type PartRow,
  type Run,
  readParts,
} from "./bootstrap-store";
import { TEXTS } from "./bootstrap-texts";

/** How secrets are kept in the database; `context` ties one to its row. */
export type Sealing = {
  seal(content: string | Uint8Array, context: string): Uint8Array<ArrayBuffer>;
  open(sealed: Uint8Array, context: string): Buffer;
};
/** Sealed into the key, so that it opens for this order alone. */
export const privateKeyContext = (orderId: string) => `private key of node ${orderId}`;
const authKeyContext = (orderId: string) => `auth key of node ${orderId}`;
/** The name under which one process at a time works on what an order is made of outside. */
export const outsideOf = (orderId: string) => `node ${orderId}`;

export type ProvisionDeps = BootstrapStepDeps & {
  db: Database;
  provider: NodeProvider;
  makeKeyPair: MakeSshKeyPair;
  sealing: Sealing;
  alone: Alone;
  alarm: (message: string) => void;
  /** False where real sats are paid and there is nobody to make real machines: then none is made, and no fee earned. */
  sold: boolean;
};

/** Where a run stops: at an end, or for a later run to continue. `note` is for the operator. */
type Outcome =
  | { kind: "ready"; tailscaleHostname: string | null; lnbitsUrl: string }
  | { kind: "failed"; errorMessage: string; note: string }
  | { kind: "later"; pauseMs: number; note?: string }
  /** The order no longer belongs to this run. */
  | { kind: "stale" };
type Reached<T> = { kind: "reached"; value: T } | Outcome;
const reached = <T>(value: T) => ({ kind: "reached" as const, value });

const STALE: Outcome = { kind: "stale" };
/** Another process is working on this order. */
const LATER_MS = 15_000;
/** It was begun with a provider that is no longer configured. */
const OTHER_PROVIDER_MS = 60_000;

/**
 * Sets up the node of a paid order, as far as one run gets. What leaves the process is written down before and after, so
 * that the next run goes on where any other stopped. Nothing is waited for here: the next run is put in the queue.
 */
export function bootstrapProvision(deps: ProvisionDeps) {
  const { db, provider, sealing, clock } = deps;

  async function run(orderId: string, shutdown: AbortSignal): Promise<void> {
    const free = await deps.alone(outsideOf(orderId), (held) => runAlone(orderId, AbortSignal.any([shutdown, held])));
    if (!free) await enqueueRun(db.prisma, orderId, LATER_MS);
  }

  async function runAlone(orderId: string, stop: AbortSignal): Promise<void> {
    const begun = await beginRun(db, orderId);
    if (begun) await conclude(begun, await advance(begun, stop));
  }

  async function advance(run: Run, stop: AbortSignal): Promise<Outcome> {
    if (clock.now() >= run.deadlineAt) return failed(TEXTS.timedOut, "not ready by its deadline");
    if (provider.kind !== run.provider) {
      return {
        kind: "later",
        pauseMs: OTHER_PROVIDER_MS,
        note: `begun with ${run.provider}, which is not configured now`,
      };
    }
    // Its invoice was made while nodes were sold. A simulated one is no answer to real sats.
    if (!deps.sold) return notMade("nobody is set up to make real machines (DO_API_TOKEN)");
    const publicKey = run.publicKey ?? (await makeKeyPair(run));
    if (publicKey === null) return STALE;
    const order = { orderId: run.id, publicKey };
    const server = await makeParts(run, order, stop);
    if (server.kind !== "reached") return server;
    const address = await awaitAddress(run, server.value, stop);
    if (address.kind !== "reached") return address;
    return awaitHealth(run, order, { ...server.value, ip: address.value }, stop);
  }

  /** Before anything is made outside: should this be lost, nothing else is. */
  async function makeKeyPair(run: Run): Promise<string | null> {
    const { publicKey, privateKeyPem } = await deps.makeKeyPair();
    const sealed = sealing.seal(privateKeyPem, privateKeyContext(run.id));
    const kept = await record(run, (tx) => keepKeyPair(tx, run.id, publicKey, sealed));
    return kept ? publicKey : null;
  }

  type Order = { orderId: string; publicKey: string };
  type Server = { serverId: string; madeAt: Date };

  async function makeParts(run: Run, order: Order, stop: AbortSignal): Promise<Reached<Server>> {
    const parts = new Map((await readParts(db, run.id)).map((row) => [row.part, row]));
    for (const part of provider.parts) {
      if (parts.get(part)?.madeAt) continue;
      const made = await makePart(run, order, part, parts, stop);
      if (made.kind !== "reached") return made;
      parts.set(part, made.value);
    }
    const server = parts.get("server");
    assert(server?.providerId && server.madeAt, "a node is a server at least");
    return reached({ serverId: server.providerId, madeAt: server.madeAt });
  }

  async function makePart(
    run: Run,
    order: Order,
    part: NodePart,
    parts: ReadonlyMap<NodePart, PartRow>,
    stop: AbortSignal,
  ): Promise<Reached<PartRow>> {
    const before = parts.get(part)?.triedAt ?? null;
    const triedAt = clock.now();
    const mine = await record(run, async (tx) => {
      await markTried(tx, run.id, part, triedAt);
      if (run.message !== TEXTS.making[part]) await keepMessage(tx, run.id, TEXTS.making[part]);
    });
    if (!mine) return STALE;
    stop.throwIfAborted();
    const given = {
      triedAt: before,
      authKey: authKeyOf(run, parts),
      volumeId: parts.get("volume")?.providerId ?? null,
    };
    const made = await provider.make(part, order, given);
    if (!made.ok) {
      // These failures are known to have sent nothing, so the time of the last try stays as it was.
      const nothingSent = made.error.code === "providerBusy" || made.error.code === "providerRateLimited";
      if (nothingSent && !(await record(run, (tx) => markTried(tx, run.id, part, before)))) return STALE;
      return outcomeOf(made.error, part);
    }
    const { id: providerId, secret } = made.value;
    const sealedSecret = secret === null ? null : sealing.seal(secret, authKeyContext(run.id));
    const madeAt = clock.now();
    const kept = await record(run, (tx) => markMade(tx, run.id, { part, providerId, sealedSecret, madeAt }));
    return kept ? reached({ part, triedAt, providerId, sealedSecret, madeAt, removedAt: null }) : STALE;
  }

  function authKeyOf(run: Run, parts: ReadonlyMap<NodePart, PartRow>): string | null {
    const sealed = parts.get("authKey")?.sealedSecret;
    return sealed ? sealing.open(sealed, authKeyContext(run.id)).toString() : null;
  }

  async function awaitAddress(run: Run, { serverId, madeAt }: Server, stop: AbortSignal): Promise<Reached<string>> {
    if (run.serverIp !== null) return reached(run.serverIp);
    stop.throwIfAborted();
    const found = await provider.findAddress(serverId);
    if (!found.ok) return outcomeOf(found.error, "address");
    if (found.value !== null) {
      const { ip } = found.value;
      return (await record(run, (tx) => keepAddress(tx, run.id, ip))) ? reached(ip) : STALE;
    }
    const waitedMs = clock.now().getTime() - madeAt.getTime();
    if (waitedMs >= ADDRESS_WAIT_MS) return failed(TEXTS.noAddress, "no public address in time");
    await say(run, TEXTS.awaitingAddress);
    return { kind: "later", pauseMs: Math.min(addressPauseMs(waitedMs), ADDRESS_WAIT_MS - waitedMs) };
  }

  async function awaitHealth(run: Run, order: Order, server: Server & { ip: string }, stop: AbortSignal) {
    stop.throwIfAborted();
    const asked = await provider.checkHealth(order, server);
    if (!asked.ok) return outcomeOf(asked.error, "health");
    const health = asked.value;
    switch (health.state) {
      case "healthy":
        return { kind: "ready" as const, tailscaleHostname: health.tailscaleHostname, lnbitsUrl: health.lnbitsUrl };
      case "failed":
        return failed(TEXTS.brokenSetUp, health.detail);
      case "starting": {
        await say(run, health.stage);
        return { kind: "later" as const, pauseMs: healthPauseMs(clock.now().getTime() - server.madeAt.getTime()) };
      }
    }
  }

  const failed = (reason: string, note: string): Outcome => ({
    kind: "failed",
    errorMessage: `${reason} ${TEXTS.feeOwed}`,
    note,
  });

  function outcomeOf(failure: NodeProviderFailure, what: NodePart | "address" | "health"): Outcome {
    const note = `${what}: ${failure.code}: ${failure.detail}`;
    if ("retryAfterSeconds" in failure) return { kind: "later", pauseMs: failure.retryAfterSeconds * 1000, note };
    return notMade(note);
  }

  function notMade(note: string): Outcome {
    deps.alarm(`a node could not be set up: ${note}`);
    return failed(TEXTS.notMade, note);
  }

  /** Writes down what this run did, unless the order is not its own any more. */
  const record = (run: Run, write: (tx: Tx) => Promise<void>): Promise<boolean> =>
    db.inTx(async (tx) => {
      if (!(await holdRun(tx, run))) return false;
      await write(tx);
      return true;
    });

  /** Tells the visitor what happens now, where that is news. */
  async function say(run: Run, message: string): Promise<void> {
    if (message !== run.message) await record(run, (tx) => keepMessage(tx, run.id, message));
  }

  async function conclude(run: Run, outcome: Outcome): Promise<void> {
    if (outcome.kind === "stale") return;
    await db.inTx(async (tx) => {
      const order = await holdRun(tx, run);
      if (!order) return;
      if (outcome.kind === "later") {
        if (outcome.note !== undefined) await keepNote(tx, run.id, outcome.note);
        const leftMs = run.deadlineAt.getTime() - clock.now().getTime();
        return enqueueRun(tx, run.id, Math.min(outcome.pauseMs, leftMs));
      }
      const { kind, ...change } = outcome;
      await step(tx, order, kind === "ready" ? "nodeReady" : "nodeFailed", change, deps);
    });
  }

  const enqueueRun = (tx: Tx, orderId: string, pauseMs: number): Promise<void> => {
    const runAt = new Date(clock.now().getTime() + Math.max(pauseMs, 0));
    return deps.enqueue(tx, PROVISION_TASK, { orderId }, { jobKey: provisionKey(orderId), runAt });
  };

  return { run };
}
