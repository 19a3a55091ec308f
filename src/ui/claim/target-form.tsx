"use client";

import { type FormEvent, useId, useRef, useState } from "react";
import { useSimulated } from "~/ui/api/use-simulated";
import { Button } from "~/ui/controls/button";
import { texts } from "~/ui/texts";
import styles from "./claim-change.module.css";
import { type ClaimWay, cleanTarget, targetFault } from "./claim-target";

const t = texts.claim;
type Props = { way: Exclude<ClaimWay, "lnurl">; amount: string; busy: boolean; onSend: (target: string) => void };

/** Where the sats shall go, typed or pasted. */
export function TargetForm({ way, amount, busy, onSend }: Props) {
  const [text, setText] = useState("");
  const [fault, setFault] = useState<string | null>(null);
  const field = useRef<HTMLInputElement>(null);
  const ids = { field: useId(), hint: useId(), fault: useId() };
  const simulated = useSimulated();

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const target = cleanTarget(text);
    const found = targetFault(way, target);
    setFault(found);
    if (found) field.current?.focus();
    else if (!busy) onSend(target);
  };

  return (
    <form className={styles.form} onSubmit={submit} noValidate>
      <label htmlFor={ids.field}>{way === "invoice" ? t.invoiceLabel(amount) : t.addressLabel}</label>
      <input
        id={ids.field}
        ref={field}
        className={styles.field}
        value={text}
        type="text"
        inputMode={way === "invoice" ? "text" : "email"}
        autoCapitalize="none"
        autoComplete="off"
        autoCorrect="off"
        spellCheck={false}
        placeholder={way === "invoice" ? "lnbc…" : "you@wallet.example"}
        aria-describedby={`${ids.hint} ${ids.fault}`}
        aria-invalid={fault !== null}
        onChange={(event) => {
          setText(event.target.value);
          setFault(null);
        }}
      />
      <p id={ids.fault} role="status" className={styles.fault}>
        {fault}
      </p>
      <p id={ids.hint} className={styles.hint}>
        {way === "invoice" ? t.invoiceHint(amount) : t.addressHint}
        {simulated.wallet && way === "invoice" && ` ${t.ifPlay}`}
      </p>
      <Button type="submit" look="primary" busy={busy}>
        {busy ? t.sending : t.send(amount)}
      </Button>
    </form>
  );
}
