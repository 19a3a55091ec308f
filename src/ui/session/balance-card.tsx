import type { SessionView } from "~/modules/sessions/session-schema";
import { fiatText, wholeNumber } from "~/ui/controls/amounts";
import { Notice } from "~/ui/controls/notice";
import { sessionTexts } from "~/ui/texts/sessions";
import styles from "./balance-card.module.css";
import { stateOf } from "./use-session";

const t = sessionTexts;

/** What there is to spend, large; and, in plain words, when it is not enough for anything. */
export function BalanceCard({ view, btcPriceUsd }: { view: SessionView; btcPriceUsd: number | undefined }) {
  const { balanceSats } = view;
  const state = stateOf(view);
  const holds = view.requests.some((request) => request.state === "running");
  return (
    <section className={styles.card} aria-labelledby="balance-heading" data-state={state}>
      <div className={styles.top}>
        <h2 id="balance-heading">{t.balance.heading}</h2>
        <span className={styles.state}>{t.states[state]}</span>
      </div>
      <p className={styles.amount} data-testid="balance">
        <span className="amount">{wholeNumber(balanceSats)}</span> {balanceSats === 1 ? "sat" : "sats"}
        {btcPriceUsd !== undefined && <small>{fiatText(balanceSats, btcPriceUsd)}</small>}
      </p>
      {holds && <p className={styles.dim}>{t.balance.holding}</p>}
      {state === "paused" && (
        <Notice look="calm" icon="hourglass">
          {t.balance.paused}
        </Notice>
      )}
    </section>
  );
}
