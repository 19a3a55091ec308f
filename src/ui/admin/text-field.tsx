"use client";

import { useId } from "react";
import styles from "./admin.module.css";

type Props = {
  label: string;
  value: string;
  onChange: (value: string) => void;
  /** What is wrong with it, once somebody wants to send it. */
  fault: string | null;
  inputMode?: "numeric" | "text";
};

/** One line to fill in, with what is wrong with it below. */
export function TextField({ label, value, onChange, fault, inputMode = "text" }: Props) {
  const ids = { field: useId(), fault: useId() };
  return (
    <div className={styles.line}>
      <label htmlFor={ids.field}>{label}</label>
      <input
        id={ids.field}
        className={styles.field}
        type="text"
        inputMode={inputMode}
        autoComplete="off"
        spellCheck={false}
        value={value}
        aria-describedby={ids.fault}
        aria-invalid={fault !== null}
        onChange={(event) => onChange(event.target.value)}
      />
      <p id={ids.fault} role="status" className={styles.fault}>
        {fault}
      </p>
    </div>
  );
}
