"use client";

import { type ReactNode, type RefObject, useId } from "react";
import { Button } from "./button";
import styles from "./confirm-dialog.module.css";

type Props = {
  /** Whether it is open, the element itself knows: `showModal()` asks, `close()` ends it. */
  dialog: RefObject<HTMLDialogElement | null>;
  heading: string;
  children: ReactNode;
  yes: string;
  no: string;
  busy?: boolean;
  onYes: () => void;
};

/** Asks before something that cannot be undone. The browser's own dialog: it keeps focus in, and Escape means no. */
export function ConfirmDialog({ dialog, heading, children, yes, no, busy = false, onYes }: Props) {
  const headingId = useId();
  return (
    <dialog ref={dialog} className={styles.dialog} aria-labelledby={headingId}>
      <h2 id={headingId} className={styles.heading}>
        {heading}
      </h2>
      <div className={styles.text}>{children}</div>
      <div className={styles.actions}>
        <Button onClick={() => dialog.current?.close()}>{no}</Button>
        <Button look="rue" busy={busy} onClick={onYes}>
          {yes}
        </Button>
      </div>
    </dialog>
  );
}
