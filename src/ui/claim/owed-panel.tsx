"use client";

import { satsText } from "~/ui/controls/amounts";
import { Icon } from "~/ui/controls/icon";
import { texts } from "~/ui/texts";
import { ClaimChange } from "./claim-change";
import styles from "./claim-change.module.css";
import type { Owed, Refund } from "./use-claim";

const t = texts.claim;

type Props = {
  order: Owed;
  /** Where these sats come from. */
  why: string;
  /** Why nothing can be claimed here: the key is elsewhere. */
  noKey: string;
  /** Null where this browser does not have the key. */
  refund: Refund | null;
  onChanged: () => void;
};

/**
 * Everything about sats that go back: to be claimed, on their way, arrived. Renders nothing where none were ever owed.
 */
export function OwedPanel({ order, why, noKey, refund, onChanged }: Props) {
  const { owedSats, payout } = order;
  if (owedSats > 0 && payout?.state !== "pending") {
    if (refund !== null) return <ClaimChange order={order} why={why} refund={refund} onChanged={onChanged} />;
    return (
      <section className={styles.claim} aria-labelledby="claim-heading">
        <h2 id="claim-heading" tabIndex={-1}>
          {t.noKeyHeading(satsText(owedSats))}
        </h2>
        <p className={styles.dim}>
          {noKey} {t.never}
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
