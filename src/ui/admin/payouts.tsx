"use client";

import { useEffect, useRef, useState } from "react";
import type { NodeStatus } from "~/modules/operator/operator-schema";
import { satsText } from "~/ui/controls/amounts";
import { Button } from "~/ui/controls/button";
import { adminTexts } from "~/ui/texts/admin";
import styles from "./admin.module.css";
import { Part, When } from "./facts";
import { SettleForm } from "./settle-form";

const t = adminTexts.payouts;
const METHODS: Readonly<Record<string, string>> = t.method;

/** What is on its way out, and what to do where it is stuck. */
export function Payouts({ token, payouts }: { token: string; payouts: NodeStatus["payouts"] }) {
  const [settling, setSettling] = useState<string | null>(null);
  const [done, setDone] = useState<string | null>(null);
  const told = useRef<HTMLParagraphElement>(null);
  // The form that had the focus is gone.
  useEffect(() => {
    if (done !== null) told.current?.focus();
  }, [done]);
  const open = payouts.inFlight.find(({ payoutId }) => payoutId === settling);
  return (
    <Part id="payouts" heading={t.heading}>
      <p className={styles.hint}>{payouts.switchedOff ? t.switchedOff : t.cap(satsText(payouts.maxSatsPerHour))}</p>
      <p ref={told} tabIndex={-1} role="status" className={styles.done}>
        {done}
      </p>
      {payouts.inFlight.length === 0 && <p>{t.none}</p>}
      <ul className={styles.list}>
        {payouts.inFlight.map((payout) => (
          <li key={payout.payoutId} className={payout.stuck ? styles.stuck : undefined}>
            <div>
              <p>
                <b>{t.line(satsText(payout.amountSats), METHODS[payout.method] ?? payout.method)}</b>{" "}
                <span className="amount">{payout.payoutId.slice(0, 8)}</span>{" "}
                {payout.stuck && <span className={styles.badge}>{t.stuck}</span>}
              </p>
              <p className={styles.hint}>
                {payout.orderKind} {payout.order}: {t.state[payout.state]} {t.since}{" "}
                <When iso={payout.sentAt ?? payout.createdAt} />
              </p>
              {payout.note && (
                <p className={styles.hint}>
                  {t.why} {payout.note}
                </p>
              )}
            </div>
            {settling !== payout.payoutId && (
              <Button
                aria-label={`${t.settle}: ${payout.payoutId.slice(0, 8)}`}
                onClick={() => {
                  setDone(null);
                  setSettling(payout.payoutId);
                }}
              >
                {t.settle}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {open && (
        <SettleForm
          key={open.payoutId}
          token={token}
          payout={open}
          onDone={(words) => {
            setSettling(null);
            setDone(words);
          }}
          onCancel={() => setSettling(null)}
        />
      )}
    </Part>
  );
}
