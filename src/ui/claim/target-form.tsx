"use client";

import { type FormEvent, useId, useRef, useState } from "react";
import { useSimulated } from "~/ui/api/use-simulated";
import { satsText } from "~/ui/controls/amounts";
import { Button } from "~/ui/controls/button";
import { Notice } from "~/ui/controls/notice";
import { texts } from "~/ui/texts";
import styles from "./claim-change.module.css";
import { type ClaimWay, cleanTarget, targetFault } from "./claim-target";
import { usePlayInvoice } from "./use-play-invoice";

const t = texts.claim;
type Props = {
  way: Exclude<ClaimWay, "lnurl">;
  amountSats: number;
  busy: boolean;
  onSend: (target: string) => void;
};

/** Where the sats should go, typed or pasted. */
export function TargetForm({ way, amountSats, busy, onSend }: Props) {
  const amount = satsText(amountSats);
  const [text, setText] = useState("");
  const [fault, setFault] = useState<string | null>(null);
  const field = useRef<HTMLInputElement>(null);
  const ids = { field: useId(), hint: useId(), fault: useId() };
  const simulated = useSimulated();
  const play = usePlayInvoice(amountSats, onSend);

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
      {simulated.wallet && way === "invoice" && (
        <Button type="button" look="plain" busy={busy || play.making} onClick={play.make}>
          {t.play}
        </Button>
      )}
      {play.failed && <Notice look="rue">{t.playFailed}</Notice>}
    </form>
  );
}
