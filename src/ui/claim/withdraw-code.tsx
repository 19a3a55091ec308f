"use client";

import { Button, buttonClass } from "~/ui/controls/button";
import { CopyButton } from "~/ui/controls/copy-button";
import { QrCode } from "~/ui/controls/qr-code";
import { clockText, useCountdown } from "~/ui/pay/use-countdown";
import { texts } from "~/ui/texts";
import styles from "./claim-change.module.css";
import type { WithdrawCode } from "./use-claim";

const t = texts.claim;
type Props = { code: WithdrawCode | null; amount: string; busy: boolean; onAsk: () => void };

/** A withdraw code (LUD-03), made when asked for: the wallet that scans it fetches the sats. */
export function WithdrawCodePanel({ code, amount, busy, onAsk }: Props) {
  if (code) return <ShownCode code={code} amount={amount} busy={busy} onAsk={onAsk} />;
  return (
    <div className={styles.form}>
      <p className={styles.hint}>{t.lnurlHint}</p>
      <Button look="primary" busy={busy} onClick={onAsk}>
        {t.lnurlShow}
      </Button>
    </div>
  );
}

function ShownCode({ code: { lnurl, expiresAt }, amount, busy, onAsk }: Props & { code: WithdrawCode }) {
  const left = useCountdown(expiresAt);
  if (left === 0) {
    return (
      <div className={styles.form}>
        <p role="status">{t.lnurlOver}</p>
        <Button look="primary" busy={busy} onClick={onAsk}>
          {t.lnurlNew}
        </Button>
      </div>
    );
  }
  return (
    <div className={styles.form}>
      <p role="status">{t.lnurlReady(amount)}</p>
      <div className={styles.code}>
        <QrCode text={lnurl} label={t.lnurlQr(amount)} />
        <p className={styles.hint} role="timer" aria-live="off">
          {texts.pay.expiresIn(clockText(left))}
        </p>
      </div>
      <div className={styles.pair}>
        <a href={`lightning:${lnurl}`} className={buttonClass("plain")}>
          {t.lnurlOpen}
        </a>
        <CopyButton text={() => lnurl}>{t.lnurlCopy}</CopyButton>
      </div>
    </div>
  );
}
