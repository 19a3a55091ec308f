import { z } from "zod";
import type { Database } from "~/db/client";
import type { Enqueue } from "~/db/queue";
import type { Clock } from "~/ports/clock";
import { PAYOUT_TASK, payoutKey } from "./payout-claim";
import type { PayoutService } from "./payout-service";
import { forgottenPayouts } from "./payout-store";

const PayoutPayload = z.object({ payoutId: z.uuid() });

type Deps = { db: Database; clock: Clock; enqueue: Enqueue; payouts: PayoutService };

/** No pause between two looks at a payout is nearly as long. */
const FORGOTTEN_MS = 300_000;
const BATCH = 100;

/** The handlers of the background queue for payouts. */
export function payoutTasks({ db, clock, enqueue, payouts }: Deps) {
  return {
    [PAYOUT_TASK]: (payload: unknown) => payouts.run(PayoutPayload.parse(payload).payoutId),

    /** A net under the queue: a payout whose task vanished, or was put off by a clock that was ahead, gets one again. */
    async "rescue-payouts"() {
      const by = new Date(clock.now().getTime() + FORGOTTEN_MS);
      for (const payoutId of await forgottenPayouts(db, payoutKey(""), by, BATCH)) {
        await enqueue(db.prisma, PAYOUT_TASK, { payoutId }, { jobKey: payoutKey(payoutId) });
      }
    },
  };
}
