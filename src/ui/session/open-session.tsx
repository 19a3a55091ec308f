"use client";

import { type FormEvent, useState } from "react";
import { problemWords } from "~/ui/api/problem-words";
import { fiatText, satsText, wholeNumber } from "~/ui/controls/amounts";
import { Button } from "~/ui/controls/button";
import { Notice } from "~/ui/controls/notice";
import offerStyles from "~/ui/site/offer.module.css";
import { useEstimate } from "~/ui/start/use-estimate";
import { sessionTexts } from "~/ui/texts/sessions";
import { AmountField, amountIn } from "./amount-field";
import styles from "./sessions-page.module.css";
import { useOpening } from "./use-opening";

const t = sessionTexts.open;
const FIRST = "1000";

/** How much to pay in, what that is good for, and what it costs to open. */
export function OpenSession() {
  const [text, setText] = useState(FIRST);
  const { open, opening, problem } = useOpening();
  const { estimate, failed } = useEstimate(null);
  const amountSats = amountIn(text);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (amountSats !== null) void open(amountSats);
  };

  return (
    <form className={offerStyles.offer} onSubmit={submit} noValidate aria-labelledby="open-heading">
      <h2 id="open-heading">{t.heading}</h2>
      <AmountField label={t.amount} text={text} fault={amountSats === null} onChange={setText} />
      <p className={styles.reach} aria-live="polite">
        {amountSats !== null && estimate && (
          <>
            <span className="amount">{fiatText(amountSats, estimate.btcPriceUsd)}</span>{" "}
            {reach(amountSats, estimate.sessionEstimatedSats)}
          </>
        )}
      </p>
      <Button type="submit" look="primary" busy={opening}>
        {opening ? t.submitting : t.submit(satsText(amountSats ?? 0))}
      </Button>
      {problem && <Notice look="rue">{problemWords(problem)}</Notice>}
      <p className={offerStyles.small}>
        {estimate ? t.price(satsText(estimate.sessionEstimatedSats)) : failed ? t.priceFailed : "…"} {t.note}
      </p>
    </form>
  );
}

function reach(amountSats: number, requestSats: number): string {
  const requests = Math.floor(amountSats / requestSats);
  return requests === 0 ? t.reachNone : t.reach(wholeNumber(requests));
}
