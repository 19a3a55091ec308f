"use client";

import { type FormEvent, useEffect, useId, useRef, useState } from "react";
import { type NodeStatus, SettledPayout } from "~/modules/operator/operator-schema";
import { satsText } from "~/ui/controls/amounts";
import { Button } from "~/ui/controls/button";
import { ConfirmDialog } from "~/ui/controls/confirm-dialog";
import { Notice } from "~/ui/controls/notice";
import { adminTexts } from "~/ui/texts/admin";
import styles from "./admin.module.css";
import { feeFault, preimageFault, reasonFault } from "./fields";
import { operatorWords } from "./operator-words";
import { TextField } from "./text-field";
import { useAct } from "./use-act";

const t = adminTexts.payouts;
type Payout = NodeStatus["payouts"]["inFlight"][number];
type Props = { token: string; payout: Payout; onDone: (words: string) => void; onCancel: () => void };

/** What became of a stuck payout, in the operator's words; asked once more before it counts. */
export function SettleForm({ token, payout, onDone, onCancel }: Props) {
  const [outcome, setOutcome] = useState<"failed" | "paid">("failed");
  const [preimage, setPreimage] = useState("");
  const [fee, setFee] = useState("");
  const [reason, setReason] = useState("");
  const [sent, setSent] = useState(false);
  const question = useRef<HTMLDialogElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const group = useId();
  const id = payout.payoutId.slice(0, 8);
  const { go, busy, problem, forget } = useAct(token, SettledPayout, ({ state }) => onDone(t.done(id, state)));
  const amount = satsText(payout.amountSats);
  const isPaid = outcome === "paid";
  const faults = {
    reason: reasonFault(reason),
    preimage: isPaid ? preimageFault(preimage) : null,
    fee: isPaid ? feeFault(fee) : null,
  };

  useEffect(() => heading.current?.focus(), []);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setSent(true);
    forget();
    if (Object.values(faults).every((fault) => fault === null)) question.current?.showModal();
  };
  const settle = async () => {
    await go(`/payouts/${payout.payoutId}/settle`, {
      outcome,
      reason: reason.trim(),
      ...(isPaid && preimage.trim() && { preimage: preimage.trim() }),
      ...(isPaid && fee.trim() && { feeSats: Number(fee) }),
    });
    question.current?.close();
  };
  return (
    <form className={styles.form} onSubmit={submit} noValidate>
      <h3 ref={heading} tabIndex={-1}>
        {t.heading2(id)}
      </h3>
      <p className={styles.hint}>{t.about}</p>
      <fieldset className={styles.choice}>
        <legend>{t.outcome}</legend>
        {(["failed", "paid"] as const).map((choice) => (
          <label key={choice}>
            <input type="radio" name={group} checked={outcome === choice} onChange={() => setOutcome(choice)} />
            <span>
              {t[choice]}
              <small>{t[`${choice}Hint`]}</small>
            </span>
          </label>
        ))}
      </fieldset>
      {isPaid && (
        <>
          <TextField label={t.preimage} value={preimage} onChange={setPreimage} fault={sent ? faults.preimage : null} />
          <TextField label={t.fee} value={fee} onChange={setFee} fault={sent ? faults.fee : null} inputMode="numeric" />
        </>
      )}
      <TextField
        label={adminTexts.reason.label}
        value={reason}
        onChange={setReason}
        fault={sent ? faults.reason : null}
      />
      {problem && <Notice look="rue">{operatorWords(problem)}</Notice>}
      <div className={styles.actions}>
        <Button type="submit" look="primary" busy={busy}>
          {t.go}
        </Button>
        <Button look="quiet" onClick={onCancel}>
          {t.cancel}
        </Button>
      </div>
      <ConfirmDialog
        dialog={question}
        heading={t.confirm(amount, id)}
        yes={t.yes}
        no={adminTexts.back}
        busy={busy}
        onYes={() => void settle()}
      >
        <p>{isPaid ? t.confirmPaid : t.confirmFailed}</p>
      </ConfirmDialog>
    </form>
  );
}
