"use client";

import { type FormEvent, useId, useState } from "react";
import { Button } from "~/ui/controls/button";
import { rememberNode } from "~/ui/known-nodes/known-nodes";
import { nodeKeyIn } from "~/ui/known-nodes/node-link";
import { bootstrapTexts } from "~/ui/texts/bootstrap";
import styles from "./node-page.module.css";

const t = bootstrapTexts.keys;

/** For an order whose key another browser has: the place to bring it to. */
export function NodeKeyForm({
  bootstrapJobId,
  look = "primary",
}: {
  bootstrapJobId: string;
  look?: "primary" | "plain";
}) {
  const [text, setText] = useState("");
  const [wrong, setWrong] = useState(false);
  const ids = { field: useId(), fault: useId() };

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const refundToken = nodeKeyIn(text);
    if (refundToken === null) setWrong(true);
    else rememberNode({ bootstrapJobId, refundToken, createdAt: new Date().toISOString() });
  };

  return (
    <form className={styles.keys} onSubmit={submit} noValidate>
      <h2>{t.noneHeading}</h2>
      <p className={styles.dim}>{t.none}</p>
      <label htmlFor={ids.field}>{t.label}</label>
      <input
        id={ids.field}
        type="text"
        value={text}
        autoCapitalize="none"
        autoComplete="off"
        autoCorrect="off"
        spellCheck={false}
        aria-invalid={wrong}
        aria-describedby={ids.fault}
        onChange={(event) => {
          setText(event.target.value);
          setWrong(false);
        }}
      />
      <p id={ids.fault} role="status" className={styles.fault}>
        {wrong && t.wrong}
      </p>
      <Button type="submit" look={look}>
        {t.use}
      </Button>
    </form>
  );
}
