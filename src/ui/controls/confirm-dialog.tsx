"use client";

import { type ReactNode, useEffect, useId, useRef } from "react";
import { Button } from "./button";
import styles from "./confirm-dialog.module.css";

type Props = {
  open: boolean;
  heading: string;
  children: ReactNode;
  yes: string;
  no: string;
  busy?: boolean;
  onYes: () => void;
  onNo: () => void;
};

/** Asks before something that cannot be undone. The browser's own dialog: it keeps focus in, and Escape means no. */
export function ConfirmDialog({ open, heading, children, yes, no, busy = false, onYes, onNo }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const headingId = useId();

  useEffect(() => {
    const element = dialog.current;
    if (!element || element.open === open) return;
    if (open) element.showModal();
    else element.close();
  }, [open]);

  return (
    <dialog ref={dialog} className={styles.dialog} aria-labelledby={headingId} onClose={onNo}>
      <h2 id={headingId} className={styles.heading}>
        {heading}
      </h2>
      <div className={styles.text}>{children}</div>
      <div className={styles.actions}>
        <Button onClick={onNo} autoFocus>
          {no}
        </Button>
        <Button look="rue" busy={busy} onClick={onYes}>
          {yes}
        </Button>
      </div>
    </dialog>
  );
}
