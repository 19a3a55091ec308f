"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { useTRPC } from "~/ui/api/trpc";
import { satsText } from "~/ui/controls/amounts";
import { Button } from "~/ui/controls/button";
import { Notice } from "~/ui/controls/notice";
import { poolTexts } from "~/ui/texts/pool";
import styles from "./pool-page.module.css";

const t = poolTexts.grants;
const PAGE = 10;

/** The public log: days and amounts, a page at a time. */
export function GrantLog() {
  const trpc = useTRPC();
  const log = useInfiniteQuery(
    trpc.pool.grants.infiniteQueryOptions(
      { limit: PAGE },
      { getNextPageParam: (page) => page.nextCursor ?? undefined },
    ),
  );
  const grants = log.data?.pages.flatMap((page) => page.grants) ?? [];
  return (
    <section className={styles.grants} aria-labelledby="pool-grants">
      <h2 id="pool-grants">{t.heading}</h2>
      <p className={styles.dim}>{t.text}</p>
      {log.isError && <Notice look="rue">{poolTexts.failed}</Notice>}
      {log.data && grants.length === 0 && <p>{t.empty}</p>}
      {grants.length > 0 && (
        <table>
          <thead>
            <tr>
              <th scope="col">{t.columns.day}</th>
              <th scope="col">{t.columns.amount}</th>
            </tr>
          </thead>
          <tbody>
            {grants.map(({ day, amountSats }, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a log that only grows has nothing else to tell its lines by
              <tr key={at}>
                <td>{day}</td>
                <td className="amount">{satsText(amountSats)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {log.hasNextPage && (
        <Button look="quiet" busy={log.isFetchingNextPage} onClick={() => void log.fetchNextPage()}>
          {t.more}
        </Button>
      )}
    </section>
  );
}
