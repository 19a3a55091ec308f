"use client";

import { type FormEvent, useRef, useState } from "react";
import { ToppedUpPool } from "~/modules/operator/operator-schema";
import { satsText } from "~/ui/controls/amounts";
import { Button } from "~/ui/controls/button";
import { ConfirmDialog } from "~/ui/controls/confirm-dialog";
import { Notice } from "~/ui/controls/notice";
import { adminTexts } from "~/ui/texts/admin";
import styles from "./admin.module.css";
import { amountFault, reasonFault } from "./fields";
import { operatorWords } from "./operator-words";
import { TextField } from "./text-field";
import { useAct } from "./use-act";

const t = adminTexts.pool;

export function PoolTopup({ token }: { token: string }) {
  const [amount, setAmount] = useState("");
  const [reason, setReason] = useState("");
  const [sent, setSent] = useState(false);
  const question = useRef<HTMLDialogElement>(null);
  const [done, setDone] = useState<string | null>(null);
  const { go, busy, problem, forget } = useAct(token, ToppedUpPool, ({ poolSats }) => {
    setDone(t.done(satsText(poolSats)));
    setAmount("");
    setReason("");
    setSent(false);
  });
  const faults = { amount: amountFault(amount), reason: reasonFault(reason) };

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setSent(true);
    setDone(null);
    forget();
    if (faults.amount === null && faults.reason === null) question.current?.showModal();
  };
  const topUp = async () => {
    await go("/pool/topup", { amountSats: Number(amount), reason: reason.trim() });
    question.current?.close();
  };
  return (
    <form className={styles.form} onSubmit={submit} noValidate>
      <h3>{t.heading}</h3>
      <p className={styles.hint}>{t.about}</p>
      <TextField
        label={t.amount}
        value={amount}
        onChange={setAmount}
        fault={sent ? faults.amount : null}
        inputMode="numeric"
      />
      <TextField
        label={adminTexts.reason.label}
        value={reason}
        onChange={setReason}
        fault={sent ? faults.reason : null}
      />
      {problem && <Notice look="rue">{operatorWords(problem)}</Notice>}
      <p role="status" className={styles.done}>
        {done}
      </p>
      <Button type="submit" busy={busy}>
        {t.go}
      </Button>
      <ConfirmDialog
        dialog={question}
        heading={t.confirm(satsText(Number(amount)))}
        yes={t.yes}
        no={adminTexts.back}
        busy={busy}
        onYes={() => void topUp()}
      >
        <p>{t.confirmText}</p>
      </ConfirmDialog>
    </form>
  );
}
