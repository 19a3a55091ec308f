"use client";

import { useState } from "react";
import { problemWords } from "~/ui/api/problem-words";
import { satsText } from "~/ui/controls/amounts";
import { Notice } from "~/ui/controls/notice";
import { texts } from "~/ui/texts";
import styles from "./claim-change.module.css";
import type { ClaimWay } from "./claim-target";
import { TargetForm } from "./target-form";
import { type Owed, type Refund, useClaim } from "./use-claim";
import { WithdrawCodePanel } from "./withdraw-code";

const t = texts.claim;
const WAYS = [
  { way: "invoice", name: t.invoice },
  { way: "lightningAddress", name: t.address },
  { way: "lnurl", name: t.lnurl },
] as const satisfies { way: ClaimWay; name: string }[];

type Props = { order: Owed; why: string; refund: Refund; onChanged: () => void };

/** The three ways out for what belongs to the payer. */
export function ClaimChange({ order, why, refund, onChanged }: Props) {
  const [way, setWay] = useState<ClaimWay>("invoice");
  const claim = useClaim(refund, onChanged);
  const amount = satsText(order.owedSats);
  return (
    <section className={styles.claim} aria-labelledby="claim-heading">
      <h2 id="claim-heading" tabIndex={-1}>
        {t.heading(amount)}
      </h2>
      <p className={styles.dim}>
        {why} {t.never}
      </p>
      {order.payout?.state === "failed" && <Notice look="calm">{t.failedNote}</Notice>}
      <fieldset className={styles.ways}>
        <legend className="for-screen-readers">{t.ways}</legend>
        {WAYS.map((choice) => (
          <label key={choice.way} className={styles.way}>
            <input
              type="radio"
              name="claim-way"
              checked={way === choice.way}
              onChange={() => {
                setWay(choice.way);
                claim.clear();
              }}
            />
            <span>{choice.name}</span>
          </label>
        ))}
      </fieldset>
      {way === "lnurl" ? (
        <WithdrawCodePanel
          code={claim.code}
          amount={amount}
          busy={claim.claiming}
          onAsk={() => void claim.claim({ lnurl: true })}
        />
      ) : (
        <TargetForm
          key={way}
          way={way}
          amountSats={order.owedSats}
          busy={claim.claiming}
          onSend={(target) => void claim.claim(way === "invoice" ? { invoice: target } : { lightningAddress: target })}
        />
      )}
      {claim.problem && <Notice look="rue">{problemWords(claim.problem)}</Notice>}
    </section>
  );
}
