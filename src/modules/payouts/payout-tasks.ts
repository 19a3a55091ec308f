import { z } from "zod";
import { PAYOUT_TASK } from "./payout-claim";
import type { PayoutService } from "./payout-service";

const PayoutPayload = z.object({ payoutId: z.uuid() });

export const payoutTasks = (payouts: PayoutService) => ({
  [PAYOUT_TASK]: (payload: unknown) => payouts.run(PayoutPayload.parse(payload).payoutId),
});
