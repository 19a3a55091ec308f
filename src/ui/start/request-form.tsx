"use client";

import { type FormEvent, useRef, useState } from "react";
import { problemWords } from "~/ui/api/problem-words";
import { useAsk } from "~/ui/ask/use-ask";
import { satsText } from "~/ui/controls/amounts";
import { Button } from "~/ui/controls/button";
import { Notice } from "~/ui/controls/notice";
import { texts } from "~/ui/texts";
import { Costs, CostsNote } from "./costs";
import { RehearsalNote } from "./rehearsal-note";
import { checkRequest } from "./request-check";
import { RequestField } from "./request-field";
import styles from "./request-form.module.css";
import { useEstimate } from "./use-estimate";

const t = texts.start;

export function RequestForm() {
  const [text, setText] = useState("");
  const [submitted, setSubmitted] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const { ask, asking, problem } = useAsk();

  const check = checkRequest(text);
  const { estimate, failed, isExample } = useEstimate(check.fault === null ? check.request : null);

  const fill = (next: string) => {
    setText(next);
    field.current?.focus();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setSubmitted(true);
    if (check.fault !== null) field.current?.focus();
    else if (!asking) void ask(check.request);
  };

  return (
    <form className={styles.form} onSubmit={submit} noValidate>
      <h2 className={styles.heading}>{t.heading}</h2>
      <RequestField
        ref={field}
        label={t.label}
        placeholder={t.placeholder}
        rows={4}
        text={text}
        check={check}
        submitted={submitted}
        onChange={setText}
      />

      <Costs estimate={estimate} />

      <Button type="submit" look="primary" busy={asking} className={styles.submit ?? ""}>
        {asking ? t.judging : estimate ? t.judge(satsText(estimate.evalFeeSats)) : t.judgeNoPrice}
      </Button>
      <CostsNote missing={failed && !estimate} isExample={isExample} />
      {problem && <Notice look="rue">{problemWords(problem)}</Notice>}
      {text === "" && (
        <fieldset className={styles.samples}>
          <legend className={styles.legend}>{t.samples}</legend>
          {t.sampleRequests.map((sample) => (
            <button key={sample} type="button" className={styles.sample} onClick={() => fill(sample)}>
              {sample}
            </button>
          ))}
        </fieldset>
      )}
      <RehearsalNote onPick={(mark) => fill(`${text.trimEnd()} ${mark}`.trimStart())} />
    </form>
  );
}
