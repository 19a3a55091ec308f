"use client";

import { useEffect } from "react";
import { texts } from "~/ui/texts";
import styles from "./payment-panel.module.css";
import { clockText, useCountdown } from "./use-countdown";

const ASK_EVERY_MS = 5_000;

/** A quiet countdown. Its end is not the invoice's: the wallet is asked, and the server says how it ended. */
export function Expiry({ at, onTimeUp }: { at: string; onTimeUp: () => void }) {
  const left = useCountdown(at);
  const over = left === 0;

  useEffect(() => {
    if (!over) return;
    onTimeUp();
    const timer = setInterval(onTimeUp, ASK_EVERY_MS);
    return () => clearInterval(timer);
  }, [over, onTimeUp]);

  if (over) {
    return (
      <p className={styles.expiry} role="status">
        {texts.pay.expiryAsking}
      </p>
    );
  }
  return (
    <p className={styles.expiry} role="timer" aria-live="off">
      {texts.pay.expiresIn(clockText(left))}
    </p>
  );
}
