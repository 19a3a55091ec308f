import { z } from "zod";
import type { Database } from "~/db/client";
import type { Enqueue } from "~/db/queue";
import type { Clock } from "~/ports/clock";
import type { bootstrapProvision } from "./bootstrap-provision";
import type { bootstrapRemoval } from "./bootstrap-removal";
import { PROVISION_TASK, provisionKey, REMOVE_TASK, removeKey } from "./bootstrap-step";
import { overdueOrders, overdueRemovals } from "./bootstrap-store";

const OrderPayload = z.object({ orderId: z.uuid() });
type Helpers = { abortSignal: AbortSignal };

type Deps = {
  db: Database;
  clock: Clock;
  enqueue: Enqueue;
  provision: ReturnType<typeof bootstrapProvision>;
  removal: ReturnType<typeof bootstrapRemoval>;
};

/** An order this far past its deadline has lost its task. */
const OVERDUE_MS = 30_000;
const BATCH = 100;

/** The handlers of provisioning and removal, and the net under both for tasks that were lost. */
export function bootstrapTasks({ db, clock, enqueue, provision, removal }: Deps) {
  return {
    [PROVISION_TASK]: (payload: unknown, helpers: Helpers) =>
      provision.run(OrderPayload.parse(payload).orderId, helpers.abortSignal),

    [REMOVE_TASK]: (payload: unknown, helpers: Helpers) =>
      removal.run(OrderPayload.parse(payload).orderId, helpers.abortSignal),

    /** A net under the queue: what lost its task gets one again. */
    async "rescue-nodes"() {
      const before = new Date(clock.now().getTime() - OVERDUE_MS);
      for (const orderId of await overdueOrders(db, before, BATCH)) {
        await enqueue(db.prisma, PROVISION_TASK, { orderId }, { jobKey: provisionKey(orderId) });
      }
      for (const orderId of await overdueRemovals(db, before, BATCH)) {
        await enqueue(db.prisma, REMOVE_TASK, { orderId }, { jobKey: removeKey(orderId) });
      }
    },
  };
}
