"use client";

import { TrustTier } from "~/modules/trust/trust-schema";
import { satsText } from "~/ui/controls/amounts";
import { useEstimate } from "~/ui/start/use-estimate";
import { loginTexts } from "~/ui/texts/login";
import { poolTexts } from "~/ui/texts/pool";
import styles from "./pool-page.module.css";

const t = poolTexts.budgets;

/** The daily budget of each tier. */
export function TierBudgets() {
  const { estimate } = useEstimate(null);
  return (
    <section className={styles.budgets} aria-labelledby="pool-budgets">
      <h2 id="pool-budgets">{t.heading}</h2>
      <p className={styles.dim}>{t.text}</p>
      <dl>
        {TrustTier.options.map((tier) => {
          const budget = estimate?.pool.dailyBudgets[tier];
          return (
            <div key={tier} data-mine={estimate?.identity.trust_tier === tier}>
              <dt>{loginTexts.tiers[tier]}</dt>
              <dd>{budget === undefined ? "…" : budget === 0 ? t.none : t.sats(satsText(budget))}</dd>
            </div>
          );
        })}
      </dl>
    </section>
  );
}
