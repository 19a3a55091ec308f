import { problemOf } from "~/ui/api/problem";
import { takeSpareKey } from "~/ui/kept/spare-keys";
import { rememberJobKey } from "./known-jobs";

/**
 * Does what needs a job's key. Where the server refuses that as wrong and a link has brought another one, that one takes
 * its place and is tried; `again` tells the second try, which must not share the first one's Idempotency-Key.
 */
export async function withRefundKey<T>(
  jobId: string,
  refundToken: string,
  act: (refundToken: string, again: boolean) => Promise<T>,
): Promise<T> {
  try {
    return await act(refundToken, false);
  } catch (error) {
    const spare = problemOf(error).code === "REFUND_TOKEN_WRONG" ? takeSpareKey(jobId, refundToken) : null;
    if (spare === null) throw error;
    rememberJobKey(jobId, spare);
    return act(spare, true);
  }
}
