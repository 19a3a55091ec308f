"use client";

import type { JobView } from "~/modules/jobs/job-schema";
import { satsText } from "~/ui/controls/amounts";
import { Icon } from "~/ui/controls/icon";
import { texts } from "~/ui/texts";
import { ClaimChange } from "./claim-change";
import styles from "./claim-change.module.css";

const t = texts.claim;

/** Everything about sats that go back: to be claimed, on their way, arrived. Nothing where none ever were owed. */
export function ClaimPanel({
  job,
  refundToken,
  onChanged,
}: {
  job: JobView;
  refundToken: string | null;
  onChanged: () => void;
}) {
  const { owedSats, payout } = job;
  if (owedSats > 0 && payout?.state !== "pending") {
    if (refundToken !== null) return <ClaimChange job={job} refundToken={refundToken} onChanged={onChanged} />;
    return (
      <section className={styles.claim} aria-labelledby="claim-heading">
        <h2 id="claim-heading" tabIndex={-1}>
          {t.noKeyHeading(satsText(owedSats))}
        </h2>
        <p className={styles.dim}>
          {t.noKey} {t.never}
        </p>
      </section>
    );
  }
  if (payout?.state !== "pending" && payout?.state !== "paid") return null;
  const amount = satsText(payout.amountSats);
  const pending = payout.state === "pending";
  return (
    <section className={styles.claim} aria-labelledby="claim-heading" data-payout={payout.state}>
      <h2 id="claim-heading" tabIndex={-1} className={styles.withIcon}>
        <Icon name={pending ? "hourglass" : "tick"} size={28} />
        {pending ? t.pendingHeading(amount) : t.paidHeading(amount)}
      </h2>
      <p className={styles.dim}>{pending ? t.pending : t.paid}</p>
    </section>
  );
}
