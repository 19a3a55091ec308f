"use client";

import { type FormEvent, useId, useState } from "react";
import { Button } from "~/ui/controls/button";
import { rememberSession, sessionIn } from "~/ui/known-sessions/known-sessions";
import { sessionTexts } from "~/ui/texts/sessions";
import styles from "./session-keys.module.css";

const t = sessionTexts.keys;

/** For a session whose keys another browser has: the place to bring them to. */
export function SessionKeys({ sessionId }: { sessionId: string }) {
  const [text, setText] = useState("");
  const [wrong, setWrong] = useState(false);
  const ids = { field: useId(), fault: useId() };

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const session = sessionIn(text);
    if (session?.sessionId === sessionId) rememberSession(session);
    else setWrong(true);
  };

  return (
    <form className={styles.keys} onSubmit={submit}>
      <h2>{t.noneHeading}</h2>
      <p>{t.none}</p>
      <label htmlFor={ids.field}>{t.label}</label>
      <textarea
        id={ids.field}
        rows={4}
        value={text}
        autoComplete="off"
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
      <Button type="submit" look="primary">
        {t.use}
      </Button>
    </form>
  );
}
