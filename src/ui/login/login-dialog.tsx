"use client";

import { type RefObject, useEffect, useId } from "react";
import { problemWords } from "~/ui/api/problem-words";
import { Button } from "~/ui/controls/button";
import { loginTexts } from "~/ui/texts/login";
import styles from "./login.module.css";
import { type LoginStep, useLogin, useLoginState } from "./use-login";

const t = loginTexts;

type Props = {
  /** Whether it is open, the element itself knows: `showModal()` begins. */
  dialog: RefObject<HTMLDialogElement | null>;
  onDone: () => void;
};

/** Logging in, step by step, with a way out of each. */
export function LoginDialog({ dialog, onDone }: Props) {
  const headingId = useId();
  const { step, begin, leave } = useLogin();
  const { login } = useLoginState();
  const done = login !== null;

  useEffect(() => {
    if (done) dialog.current?.close();
  }, [done, dialog]);

  // Nothing behind an open dialog can take the focus, so whoever waits for its end is told after it has closed.
  const closed = () => {
    // The browser tells of it a moment later: by then it may be open again.
    if (dialog.current?.open) return;
    leave();
    if (done) onDone();
  };
  const busy = step.at !== "start" && step.at !== "failed";
  return (
    <dialog ref={dialog} className={styles.dialog} aria-labelledby={headingId} onClose={closed}>
      <h2 id={headingId}>{headingOf(step)}</h2>
      <p role="status">{wordsOf(step)}</p>
      <div className={styles.actions}>
        <Button look="primary" busy={busy} onClick={() => void begin()}>
          {step.at === "failed" ? t.again : t.start}
        </Button>
        <Button onClick={() => dialog.current?.close()}>{t.cancel}</Button>
      </div>
    </dialog>
  );
}

const FAILURE_HEADINGS = {
  absent: t.absentHeading,
  refused: t.refusedHeading,
  silent: t.silentHeading,
  wrongKey: t.failedHeading,
  server: t.failedHeading,
} as const;

const headingOf = (step: LoginStep): string => (step.at === "failed" ? FAILURE_HEADINGS[step.failure] : t.heading);

function wordsOf(step: LoginStep): string {
  if (step.at === "start") return t.lead;
  if (step.at !== "failed") return t[step.at];
  return step.failure === "server" ? problemWords(step.problem) : t[step.failure];
}
