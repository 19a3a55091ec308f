"use client";

import { type FormEvent, useId, useRef, useState } from "react";
import { problemWords } from "~/ui/api/problem-words";
import { useAsk } from "~/ui/ask/use-ask";
import { satsText } from "~/ui/controls/amounts";
import { Button } from "~/ui/controls/button";
import { Notice } from "~/ui/controls/notice";
import { texts } from "~/ui/texts";
import { Costs } from "./costs";
import { RehearsalNote } from "./rehearsal-note";
import { checkRequest, faultWords, REQUEST_LIMIT } from "./request-check";
import styles from "./request-form.module.css";
import { useEstimate } from "./use-estimate";

const t = texts.start;

export function RequestForm() {
  const [text, setText] = useState("");
  const [submitted, setSubmitted] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const { ask, asking, problem } = useAsk();
  const ids = { field: useId(), counter: useId(), fault: useId() };

  const check = checkRequest(text);
  const { estimate, failed, isExample } = useEstimate(check.fault === null ? check.request : null);
  // An empty field is only a fault once somebody sends it; a long one as soon as it is.
  const fault = check.fault === "missing" && !submitted ? null : faultWords(check);

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
      <div className={styles.box}>
        <label htmlFor={ids.field} className="for-screen-readers">
          {t.label}
        </label>
        <textarea
          id={ids.field}
          ref={field}
          className={styles.field}
          rows={4}
          value={text}
          placeholder={t.placeholder}
          aria-describedby={`${ids.counter} ${ids.fault}`}
          aria-invalid={fault !== null}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) submit(event);
          }}
        />
        <div className={styles.under}>
          <p id={ids.fault} className={styles.fault} role="status">
            {fault}
          </p>
          <p id={ids.counter} className={styles.counter} data-over={check.fault === "tooLong"}>
            <span aria-hidden="true" className="amount">
              {check.used} / {REQUEST_LIMIT}
            </span>
            <span className="for-screen-readers">{t.counter(check.used, REQUEST_LIMIT)}</span>
          </p>
        </div>
      </div>

      <Costs estimate={estimate} failed={failed} isExample={isExample} />

      <Button type="submit" look="primary" busy={asking} className={styles.submit ?? ""}>
        {asking ? t.judging : estimate ? t.judge(satsText(estimate.evalFeeSats)) : t.judgeNoPrice}
      </Button>
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
