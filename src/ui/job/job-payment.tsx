"use client";

import { useQuery } from "@tanstack/react-query";
import type { JobView } from "~/modules/jobs/job-schema";
import { useTRPC } from "~/ui/api/trpc";
import { satsText } from "~/ui/controls/amounts";
import { PaymentPanel } from "~/ui/pay/payment-panel";
import { PriceBreakdown } from "~/ui/pay/price-breakdown";
import { texts } from "~/ui/texts";
import { CancelJob } from "./cancel-job";

const t = texts.pay;
type Props = { job: JobView; refundToken: string | null; lookNow: () => void };

/** The one invoice that the job waits for. Keyed by it: a new invoice is a new panel, never a second one. */
export function JobPayment({ job, refundToken, lookNow }: Props) {
  const btcPriceUsd = useBtcPrice(job);
  const cancel = refundToken === null ? null : <CancelJob job={job} refundToken={refundToken} onCancelled={lookNow} />;
  if (job.state === "awaiting_eval_payment" && job.evalInvoice) {
    return (
      <PaymentPanel
        key={job.evalInvoice.paymentHash}
        heading={t.evalHeading}
        text={t.evalText}
        invoice={job.evalInvoice}
        btcPriceUsd={btcPriceUsd}
        onTimeUp={lookNow}
      >
        {cancel}
      </PaymentPanel>
    );
  }
  if (job.state === "awaiting_work_payment" && job.workInvoice) {
    return (
      <PaymentPanel
        key={job.workInvoice.paymentHash}
        heading={t.workHeading}
        text={workText(job.pricingBreakdown)}
        invoice={job.workInvoice}
        btcPriceUsd={btcPriceUsd}
        onTimeUp={lookNow}
      >
        {job.pricingBreakdown && <PriceBreakdown prices={job.pricingBreakdown} />}
        {cancel}
      </PaymentPanel>
    );
  }
  return null;
}

/** What the amount is, and who pays the rest of the price. */
const workText = (prices: JobView["pricingBreakdown"]): string =>
  prices && prices.absorbedSats > 0
    ? t.workPart(satsText(prices.absorbedSats), satsText(prices.quoteSats))
    : t.workText;

/** The bitcoin price that the job was quoted at, or, before that, the present one. */
function useBtcPrice({ request, pricingBreakdown }: JobView): number | undefined {
  const trpc = useTRPC();
  const estimate = useQuery(
    trpc.estimate.queryOptions(
      { request: request ?? "" },
      { enabled: request !== undefined && pricingBreakdown === undefined, staleTime: Number.POSITIVE_INFINITY },
    ),
  );
  return pricingBreakdown?.btcPriceUsd ?? estimate.data?.btcPriceUsd;
}
