"use client";

import { type ReactNode, useEffect, useState } from "react";
import { texts } from "~/ui/texts";
import { Button, type ButtonLook } from "./button";
import styles from "./copy-button.module.css";
import { copyText } from "./copy-text";
import { Icon } from "./icon";

type Outcome = "copied" | "failed" | null;
const SHOWN_MS = 2_500;

/** Copies and says so in the button; where copying is not allowed, shows the text to be selected by hand. */
export function CopyButton({ text, look, children }: { text: () => string; look?: ButtonLook; children: ReactNode }) {
  const [outcome, setOutcome] = useState<Outcome>(null);

  useEffect(() => {
    if (outcome !== "copied") return;
    const timer = setTimeout(() => setOutcome(null), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [outcome]);

  return (
    <>
      <Button look={look ?? "plain"} onClick={async () => setOutcome((await copyText(text())) ? "copied" : "failed")}>
        <Icon name={outcome === "copied" ? "tick" : "copy"} />
        <span className={styles.label}>
          <span className={outcome === "copied" ? styles.hidden : undefined}>{children}</span>
          <span className={styles.copied} role="status">
            {outcome === "copied" && texts.common.copied}
          </span>
        </span>
      </Button>
      {outcome === "failed" && (
        <label className={styles.byHand}>
          {texts.common.copyFailed}
          <input readOnly value={text()} onFocus={(event) => event.currentTarget.select()} />
        </label>
      )}
    </>
  );
}
