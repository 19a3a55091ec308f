"use client";

import { satsText } from "~/ui/controls/amounts";
import { texts } from "~/ui/texts";
import styles from "./how-it-works.module.css";
import { useEstimate } from "./use-estimate";

const t = texts.start;

export function HowItWorks() {
  const { estimate } = useEstimate(null);
  const fee = estimate ? satsText(estimate.evalFeeSats) : t.feeFallback;
  return (
    <section className={styles.how} aria-labelledby="how">
      <h2 id="how">{t.howHeading}</h2>
      <ol>
        {t.how.map(({ title, text }) => (
          <li key={title}>
            <h3>{title}</h3>
            <p>{text(fee)}</p>
          </li>
        ))}
      </ol>
      <aside className={styles.notReturned}>
        <h3>{t.notReturnedHeading}</h3>
        <p>{t.notReturned(fee)}</p>
      </aside>
    </section>
  );
}
