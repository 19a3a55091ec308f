import type { Alone } from "~/db/alone";
import type { Database, Tx } from "~/db/client";
import type { Enqueue } from "~/db/queue";
import type { Clock } from "~/ports/clock";
import type { NodePart, NodeProvider, NodeProviderFailure } from "~/ports/node-provider";
import { removalPauseMs } from "./bootstrap";
import { outsideOf } from "./bootstrap-provision";
import { REMOVE_TASK, removeKey } from "./bootstrap-step";
import { endRemoval, markRemoved, type PartRow, putOffRemoval, type Removal, readRemoval } from "./bootstrap-store";

type Deps = {
  db: Database;
  clock: Clock;
  enqueue: Enqueue;
  provider: NodeProvider;
  alone: Alone;
  alarm: (message: string) => void;
};

/** The reverse of the order in which parts are made: nothing is removed that something else stands on. */
const REMOVING_ORDER: readonly NodePart[] = ["server", "volume", "authKey", "sshKey"];
/** Another process is working on this order. */
const LATER_MS = 15_000;

/** Removes what was made for an order that failed, again and again, until the provider says of each part that it is gone. */
export function bootstrapRemoval({ db, clock, enqueue, provider, alone, alarm }: Deps) {
  async function run(orderId: string, shutdown: AbortSignal): Promise<void> {
    const free = await alone(outsideOf(orderId), (held) => runAlone(orderId, AbortSignal.any([shutdown, held])));
    if (!free) await enqueueRun(db.prisma, orderId, after(LATER_MS));
  }

  async function runAlone(orderId: string, stop: AbortSignal): Promise<void> {
    const removal = await readRemoval(db, orderId);
    if (!removal) return;
    const parts = REMOVING_ORDER.flatMap((part) => removal.parts.find((row) => row.part === part) ?? []);
    for (const part of parts) {
      stop.throwIfAborted();
      const trouble = await remove(removal, part);
      if (trouble) return putOff(removal, part.part, trouble);
    }
    await endRemoval(db, orderId);
  }

  type Trouble = Pick<NodeProviderFailure, "detail"> & { code: string; retryAfterSeconds?: number };

  async function remove(removal: Removal, { part, providerId, triedAt }: PartRow): Promise<Trouble | null> {
    if (provider.kind !== removal.provider) {
      return { code: "otherProvider", detail: `made with ${removal.provider}, which is not configured now` };
    }
    if (removal.publicKey === null) throw new Error("parts were made before the key pair");
    const order = { orderId: removal.id, publicKey: removal.publicKey };
    const removed = await provider.remove(part, order, { id: providerId, triedAt });
    if (!removed.ok) return removed.error;
    await markRemoved(db, removal.id, part, clock.now());
    return null;
  }

  /**
   * Never given up: removing what costs rent is retried until it is gone, and the operator is told of what will not
   * resolve by itself.
   */
  async function putOff(removal: Removal, part: NodePart, trouble: Trouble): Promise<void> {
    const note = `removing ${part}: ${trouble.code}: ${trouble.detail}`;
    if (trouble.retryAfterSeconds === undefined) alarm(`what is left of a failed node could not be removed: ${note}`);
    const growing = removalPauseMs(clock.now().getTime() - removal.failedAt.getTime());
    const runAt = after(Math.max(growing, (trouble.retryAfterSeconds ?? 0) * 1000));
    await db.inTx(async (tx) => {
      await putOffRemoval(tx, removal.id, runAt, note);
      await enqueueRun(tx, removal.id, runAt);
    });
  }

  const after = (ms: number) => new Date(clock.now().getTime() + ms);
  const enqueueRun = (tx: Tx, orderId: string, runAt: Date): Promise<void> =>
    enqueue(tx, REMOVE_TASK, { orderId }, { jobKey: removeKey(orderId), runAt });

  return { run };
}
