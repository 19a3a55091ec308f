"use client";

import { type FormEvent, useId, useRef, useState } from "react";
import { Icon } from "~/ui/controls/icon";
import { texts } from "~/ui/texts";
import styles from "./say-bar.module.css";
import { SAY_LIMIT } from "./say-limit";

const t = texts.room.say;

/** Usable before anything else of the room is there. */
export function SayBar({ say }: { say: (text: string) => Promise<{ shared: boolean }> }) {
  const [text, setText] = useState("");
  const [saying, setSaying] = useState(false);
  const [failed, setFailed] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const fieldId = useId();
  const noteId = useId();

  async function submit(event: FormEvent) {
    event.preventDefault();
    const line = text.trim();
    field.current?.focus();
    if (line === "" || saying) return;
    setSaying(true);
    setFailed(false);
    setText("");
    try {
      const { shared } = await say(line);
      // Nobody heard it, so the words stay in the field to be sent again.
      if (!shared) setText((typed) => typed || line);
    } catch {
      setFailed(true);
      setText((typed) => typed || line);
    } finally {
      setSaying(false);
    }
  }

  return (
    <form className={styles.bar} onSubmit={submit}>
      <label htmlFor={fieldId} className="for-screen-readers">
        {t.label}
      </label>
      <input
        id={fieldId}
        ref={field}
        className={styles.field}
        value={text}
        maxLength={SAY_LIMIT}
        placeholder={t.placeholder}
        autoComplete="off"
        enterKeyHint="send"
        aria-describedby={noteId}
        onChange={(event) => setText(event.target.value)}
      />
      <button type="submit" className={styles.send} aria-disabled={saying || undefined}>
        <Icon name="hand" />
        <span className="for-screen-readers">{t.button}</span>
      </button>
      <p id={noteId} className={failed ? styles.failed : "for-screen-readers"} role={failed ? "alert" : undefined}>
        {failed ? t.failed : t.everybody}
      </p>
    </form>
  );
}
