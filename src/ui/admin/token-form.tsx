"use client";

import { type FormEvent, useId, useRef, useState } from "react";
import { Button } from "~/ui/controls/button";
import { InCode } from "~/ui/controls/in-code";
import { Notice } from "~/ui/controls/notice";
import { adminTexts } from "~/ui/texts/admin";
import styles from "./admin.module.css";

const t = adminTexts.token;

/** Asks for the token, and hands it on. */
export function TokenForm({ refusal, onToken }: { refusal: string | null; onToken: (token: string) => void }) {
  const [token, setToken] = useState("");
  const [missing, setMissing] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const ids = { field: useId(), hint: useId(), fault: useId() };

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (token.trim() === "") {
      setMissing(true);
      field.current?.focus();
    } else onToken(token.trim());
  };
  return (
    <form className={styles.door} onSubmit={submit} noValidate>
      <h2>{t.heading}</h2>
      {refusal && <Notice look="rue">{refusal}</Notice>}
      <label htmlFor={ids.field}>{t.label}</label>
      <input
        id={ids.field}
        ref={field}
        className={styles.field}
        type="password"
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        value={token}
        aria-describedby={`${ids.fault} ${ids.hint}`}
        aria-invalid={missing}
        onChange={(event) => {
          setToken(event.target.value);
          setMissing(false);
        }}
      />
      <p id={ids.fault} role="status" className={styles.fault}>
        {missing && t.missing}
      </p>
      <p id={ids.hint} className={styles.hint}>
        <InCode>{t.hint}</InCode>
      </p>
      <Button type="submit" look="primary">
        {t.enter}
      </Button>
    </form>
  );
}
