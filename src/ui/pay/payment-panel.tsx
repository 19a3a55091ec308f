"use client";

import type { ReactNode } from "react";
import type { JobView } from "~/modules/jobs/job-schema";
import { problemWords } from "~/ui/api/problem-words";
import { useSimulated } from "~/ui/api/use-simulated";
import { fiatText, satsText, wholeNumber } from "~/ui/controls/amounts";
import { Button, buttonClass } from "~/ui/controls/button";
import { CopyButton } from "~/ui/controls/copy-button";
import { Icon } from "~/ui/controls/icon";
import { Notice } from "~/ui/controls/notice";
import { QrCode } from "~/ui/controls/qr-code";
import { texts } from "~/ui/texts";
import { Expiry } from "./expiry";
import styles from "./payment-panel.module.css";
import { usePlayMoney } from "./use-play-money";
import { useWebLn } from "./use-webln";

const t = texts.pay;
type Invoice = NonNullable<JobView["evalInvoice"]>;
type Props = {
  heading: ReactNode;
  text: string;
  invoice: Invoice;
  btcPriceUsd: number | undefined;
  /** Asked for once the countdown is over: only the server can say that the invoice expired. */
  onTimeUp: () => void;
  /** How one comes back to it. */
  leaving?: string;
  children?: ReactNode;
};

/** One invoice, and every way to pay it. It stays as it is until the server says that it was paid or has expired. */
export function PaymentPanel({ heading, text, invoice, btcPriceUsd, onTimeUp, leaving, children }: Props) {
  const { paymentRequest, paymentHash, amountSats, expiresAt } = invoice;
  const webln = useWebLn(paymentRequest);
  const simulated = useSimulated();
  const play = usePlayMoney(paymentHash);
  return (
    <section className={styles.panel} aria-labelledby="pay-heading">
      <h2 id="pay-heading" tabIndex={-1} data-takes-focus>
        {heading}
      </h2>
      <p className={styles.text}>{text}</p>
      <p className={styles.amount}>
        <span>
          <span className="amount">{wholeNumber(amountSats)}</span> {satsText(amountSats).split(" ").at(-1)}
        </span>
        {btcPriceUsd !== undefined && <small>{fiatText(amountSats, btcPriceUsd)}</small>}
      </p>
      <div className={styles.code}>
        <QrCode text={paymentRequest} label={t.qr(satsText(amountSats))} />
        <Expiry at={expiresAt} onTimeUp={onTimeUp} />
      </div>
      <div className={styles.ways}>
        {simulated.wallet && (
          <div className={styles.play}>
            <Button look="primary" busy={play.paying} onClick={play.pay}>
              <Icon name="coin" />
              {play.paying ? t.playing : t.play}
            </Button>
            <small>{t.playNote}</small>
          </div>
        )}
        {webln.pay && (
          <Button
            look={simulated.wallet ? "plain" : "primary"}
            busy={webln.turn === "asking" || webln.turn === "sent"}
            onClick={webln.pay}
          >
            <Icon name="wallet" />
            {webln.turn === "asking" ? t.walletAsking : t.wallet}
          </Button>
        )}
        <div className={styles.pair}>
          <a
            href={`lightning:${paymentRequest}`}
            className={buttonClass(simulated.wallet || webln.pay ? "plain" : "primary")}
          >
            <Icon name="hand" />
            {t.open}
          </a>
          <CopyButton text={() => paymentRequest}>{t.copy}</CopyButton>
        </div>
      </div>
      {play.problem && <Notice look="rue">{problemWords(play.problem)}</Notice>}
      <div role="status">
        {webln.turn === "sent" && <Notice look="calm">{t.walletSent}</Notice>}
        {webln.turn === "refused" && <Notice look="calm">{t.walletRefused}</Notice>}
      </div>
      <p className={styles.safe}>{leaving ?? texts.job.leaveSafely}</p>
      {children}
    </section>
  );
}
