"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTRPC } from "~/ui/api/trpc";
import { satsText, wholeNumber } from "~/ui/controls/amounts";
import { Notice } from "~/ui/controls/notice";
import { SitePage } from "~/ui/site/site-page";
import { poolTexts } from "~/ui/texts/pool";
import { GrantLog } from "./grant-log";
import { PoolChart } from "./pool-chart";
import styles from "./pool-page.module.css";
import { TierBudgets } from "./tier-budgets";

const t = poolTexts;
const RANGES = [7, 30, 90] as const;
const ASK_AGAIN_MS = 30_000;

export function PoolPage() {
  const trpc = useTRPC();
  const [days, setDays] = useState<(typeof RANGES)[number]>(30);
  const report = useQuery(
    trpc.pool.report.queryOptions({ days }, { placeholderData: keepPreviousData, refetchInterval: ASK_AGAIN_MS }),
  );
  const pool = report.data;
  return (
    <SitePage>
      <div className={styles.head}>
        <h1>{t.heading}</h1>
        <p>{pool ? t.lead(String(pool.creditPct)) : t.leadUnknown}</p>
      </div>
      {!pool && (report.isError ? <Notice look="rue">{t.failed}</Notice> : <p role="status">{t.loading}</p>)}
      {pool && (
        <>
          <section className={styles.balance} aria-labelledby="pool-balance">
            <h2 id="pool-balance">{t.balance}</h2>
            <p className={styles.sum} data-testid="pool-balance">
              <span className="amount">{wholeNumber(pool.balanceSats)}</span> {pool.balanceSats === 1 ? "sat" : "sats"}
            </p>
            {pool.reservedSats > 0 && <p className={styles.dim}>{t.reserved(satsText(pool.reservedSats))}</p>}
          </section>
          <section className={styles.flows} aria-labelledby="pool-flows">
            <div className={styles.bar}>
              <h2 id="pool-flows">{t.chart.heading}</h2>
              <fieldset className={styles.ranges}>
                <legend className="for-screen-readers">{t.chart.ranges}</legend>
                {RANGES.map((range) => (
                  <label key={range}>
                    <input type="radio" name="range" checked={days === range} onChange={() => setDays(range)} />
                    <span>{t.chart.range(range)}</span>
                  </label>
                ))}
              </fieldset>
            </div>
            <PoolChart days={pool.days} />
          </section>
        </>
      )}
      <div className={styles.pair}>
        <TierBudgets />
        <GrantLog />
      </div>
    </SitePage>
  );
}
