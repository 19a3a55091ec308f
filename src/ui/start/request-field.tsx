"use client";

import { type KeyboardEvent, type Ref, useId } from "react";
import { texts } from "~/ui/texts";
import { faultWords, REQUEST_LIMIT, type RequestCheck } from "./request-check";
import styles from "./request-field.module.css";

const t = texts.start;

type Props = {
  ref: Ref<HTMLTextAreaElement>;
  label: string;
  placeholder: string;
  rows: number;
  text: string;
  check: RequestCheck;
  /** Whether somebody has tried to send it. */
  submitted: boolean;
  onChange: (text: string) => void;
};

/** Where a request is written, how much room is left, and what is wrong with it. Ctrl or Cmd with Enter sends its form. */
export function RequestField({ ref, label, placeholder, rows, text, check, submitted, onChange }: Props) {
  const ids = { field: useId(), counter: useId(), fault: useId() };
  // An empty field is only a fault once somebody sends it; a long one as soon as it is.
  const fault = check.fault === "missing" && !submitted ? null : faultWords(check);

  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.key !== "Enter" || !(event.metaKey || event.ctrlKey)) return;
    event.preventDefault();
    event.currentTarget.form?.requestSubmit();
  };
  return (
    <div className={styles.box}>
      <label htmlFor={ids.field} className="for-screen-readers">
        {label}
      </label>
      <textarea
        id={ids.field}
        ref={ref}
        className={styles.field}
        rows={rows}
        value={text}
        placeholder={placeholder}
        aria-describedby={`${ids.counter} ${ids.fault}`}
        aria-invalid={fault !== null}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={onKeyDown}
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
  );
}
