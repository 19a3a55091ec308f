"use client";

import { useId } from "react";
import { DEPOSIT_RANGE } from "~/modules/sessions/session-schema";
import { satsText, wholeNumber } from "~/ui/controls/amounts";
import { sessionTexts } from "~/ui/texts/sessions";
import styles from "./amount-field.module.css";

const t = sessionTexts.open;
const PRESETS = [500, 1_000, 5_000, 20_000] as const;
const [least, most] = [satsText(DEPOSIT_RANGE.leastSats), satsText(DEPOSIT_RANGE.mostSats)];

/** The amount that the text means, in sats; null for one that cannot be paid in. */
export function amountIn(text: string): number | null {
  const plain = text.replace(/[\s,.']/g, "");
  const amount = /^\d{1,9}$/.test(plain) ? Number(plain) : 0;
  return amount >= DEPOSIT_RANGE.leastSats && amount <= DEPOSIT_RANGE.mostSats ? amount : null;
}

type Props = { label: string; text: string; fault: boolean; onChange: (text: string) => void };

/** How much to pay in: typed, or one of the common amounts. */
export function AmountField({ label, text, fault, onChange }: Props) {
  const ids = { field: useId(), hint: useId() };
  return (
    <div className={styles.amount}>
      <label htmlFor={ids.field}>{label}</label>
      <fieldset className={styles.presets}>
        <legend className="for-screen-readers">{t.presets}</legend>
        {PRESETS.map((preset) => (
          <button
            key={preset}
            type="button"
            className={styles.preset}
            aria-pressed={amountIn(text) === preset}
            onClick={() => onChange(String(preset))}
          >
            {wholeNumber(preset)}
          </button>
        ))}
      </fieldset>
      <input
        id={ids.field}
        className={`${styles.field} amount`}
        inputMode="numeric"
        autoComplete="off"
        maxLength={12}
        value={text}
        aria-describedby={ids.hint}
        aria-invalid={fault}
        onChange={(event) => onChange(event.target.value)}
      />
      <p id={ids.hint} className={styles.hint} data-fault={fault} role="status">
        {fault ? t.outOfRange(least, most) : t.range(least, most)}
      </p>
    </div>
  );
}
