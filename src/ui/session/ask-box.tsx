"use client";

import { type FormEvent, useId, useRef, useState } from "react";
import { problemWords } from "~/ui/api/problem-words";
import { satsText } from "~/ui/controls/amounts";
import { Button } from "~/ui/controls/button";
import { Notice } from "~/ui/controls/notice";
import { checkRequest } from "~/ui/start/request-check";
import { RequestField } from "~/ui/start/request-field";
import { useEstimate } from "~/ui/start/use-estimate";
import { sessionTexts } from "~/ui/texts/sessions";
import styles from "./ask-box.module.css";
import type { useAsking } from "./use-asking";

const t = sessionTexts.ask;
type Props = {
  asking: ReturnType<typeof useAsking>;
  /** There is no balance to ask from, or an invoice waits: paying is the first thing to do then. */
  payingFirst: boolean;
  onTopUp: (amountSats: number) => void;
};

/** Where one writes, what it may cost at most, and what is missing for it. */
export function AskBox({ asking: { asking, busy, ask }, payingFirst, onTopUp }: Props) {
  const [text, setText] = useState("");
  const [submitted, setSubmitted] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const heading = useId();
  const check = checkRequest(text);
  const { estimate } = useEstimate(check.fault === null ? check.request : null);
  const answered = asking?.outcome && "answer" in asking.outcome ? asking.question : null;
  const [cleared, setCleared] = useState<typeof asking>(null);
  // Answered: room for the next one, unless that is being written already.
  if (answered !== null && asking !== cleared) {
    setCleared(asking);
    if (check.request === answered) setText("");
  }
  const refused = asking?.outcome && "problem" in asking.outcome ? asking.outcome : null;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setSubmitted(true);
    if (check.fault !== null) field.current?.focus();
    else if (!busy) {
      setSubmitted(false);
      void ask(check.request);
    }
  };

  return (
    <form className={styles.form} onSubmit={submit} noValidate aria-labelledby={heading}>
      <h2 id={heading} tabIndex={-1} data-takes-focus>
        {t.heading}
      </h2>
      <RequestField
        ref={field}
        label={t.label}
        placeholder={t.placeholder}
        rows={3}
        text={text}
        check={check}
        submitted={submitted}
        onChange={setText}
      />
      <Button type="submit" look={payingFirst ? "plain" : "primary"} busy={busy}>
        {busy ? t.asking : estimate ? t.submit(satsText(estimate.sessionEstimatedSats)) : t.submitNoPrice}
      </Button>
      <p className={styles.note}>{t.note}</p>
      {refused && (
        <Notice look="rue">
          {refused.tooLittle ? t.tooLittle(satsText(refused.tooLittle.missingSats)) : problemWords(refused.problem)}
        </Notice>
      )}
      {refused?.tooLittle && <TopUpBy amountSats={refused.tooLittle.topup.amountSats} onTopUp={onTopUp} />}
    </form>
  );
}

const TopUpBy = ({ amountSats, onTopUp }: { amountSats: number; onTopUp: Props["onTopUp"] }) => (
  <Button onClick={() => onTopUp(amountSats)}>{t.topUpBy(satsText(amountSats))}</Button>
);
