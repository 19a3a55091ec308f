"use client";

import { useEffect, useState } from "react";
import { Icon } from "~/ui/controls/icon";
import { texts } from "~/ui/texts";
import styles from "./paid-mark.module.css";

const SHOWN_MS = 2_600;
/** Of jobs and of nodes: what a payment leads from, and to. */
const PAYMENTS: Readonly<Record<string, string>> = {
  awaiting_eval_payment: "evaluating",
  awaiting_work_payment: "executing",
  awaiting_payment: "provisioning",
};
const isPayment = (from: string | undefined, to: string): boolean => from !== undefined && PAYMENTS[from] === to;

/** A coin that turns once and vanishes, when a payment arrives while one is watching. With reduced motion: a tick. */
export function PaidMark({ state }: { state: string }) {
  const [before, setBefore] = useState<string | undefined>(undefined);
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
    <div className={styles.place} role="status" data-testid="paid-mark">
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
