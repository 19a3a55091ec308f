"use client";

import { useEffect, useState } from "react";
import type { JobView } from "~/modules/jobs/job-schema";
import { Icon } from "~/ui/controls/icon";
import { texts } from "~/ui/texts";
import styles from "./paid-mark.module.css";

const SHOWN_MS = 2_600;
type State = JobView["state"];
const isPayment = (from: State | undefined, to: State): boolean =>
  (from === "awaiting_eval_payment" && to === "evaluating") || (from === "awaiting_work_payment" && to === "executing");

/** A coin that turns once and is gone, when a payment arrives before one's eyes. With reduced motion: a tick. */
export function PaidMark({ state }: { state: State }) {
  const [before, setBefore] = useState<State | undefined>(undefined);
  const [shown, setShown] = useState(false);
  if (before !== state) {
    if (isPayment(before, state)) setShown(true);
    setBefore(state);
  }

  useEffect(() => {
    if (!shown) return;
    const timer = setTimeout(() => setShown(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [shown]);

  return (
    <div className={styles.place} role="status">
      {shown && (
        <p className={styles.mark}>
          <span className={styles.coin}>
            <Icon name="tick" size={28} />
          </span>
          {texts.job.paidMark}
        </p>
      )}
    </div>
  );
}
