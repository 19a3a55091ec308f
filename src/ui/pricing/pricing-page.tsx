"use client";

import { useQuery } from "@tanstack/react-query";
import type { inferRouterOutputs } from "@trpc/server";
import Link from "next/link";
import type { ReactNode } from "react";
import type { AppRouter } from "~/server/router";
import { useTRPC } from "~/ui/api/trpc";
import { bitcoinPriceText, satsText, usdText, wholeNumber } from "~/ui/controls/amounts";
import { type Figure, FigureList } from "~/ui/controls/figure-list";
import { Notice } from "~/ui/controls/notice";
import { Sats } from "~/ui/controls/sats";
import { SitePage } from "~/ui/site/site-page";
import { pricingTexts } from "~/ui/texts/pricing";
import styles from "./pricing-page.module.css";

const t = pricingTexts;
type Prices = inferRouterOutputs<AppRouter>["pricing"];
const ASK_AGAIN_MS = 60_000;

/** Everything that can cost something, at the prices of this moment. */
export function PricingPage() {
  const trpc = useTRPC();
  const prices = useQuery(trpc.pricing.queryOptions(undefined, { refetchInterval: ASK_AGAIN_MS }));
  return (
    <SitePage>
      <div className={styles.head}>
        <h1>{t.heading}</h1>
        <p>{t.lead}</p>
      </div>
      {prices.data ? (
        <PriceList prices={prices.data} />
      ) : prices.isError ? (
        <Notice look="rue">{t.failed}</Notice>
      ) : (
        <p role="status" className={styles.loading}>
          {t.loading}
        </p>
      )}
    </SitePage>
  );
}

function PriceList({ prices }: { prices: Prices }) {
  const fee = satsText(prices.evalFeeSats);
  const { session } = prices;
  return (
    <>
      <Requests prices={prices} />
      <div className={styles.cards}>
        <Card heading={t.judging.heading} sum={fee}>
          <p>{t.judging.text(fee)}</p>
        </Card>
        <Card heading={t.session.heading} sum={satsText(session.leastSats)} from>
          <p>{t.session.text(satsText(session.leastSats), satsText(session.mostSats))}</p>
          <Link href="/sessions">{t.session.link}</Link>
        </Card>
        <Card heading={t.node.heading} sum={satsText(prices.bootstrapFeeSats)}>
          <p>{t.node.text(satsText(prices.bootstrapFeeSats))}</p>
          <Link href="/bootstrap">{t.node.link}</Link>
        </Card>
        <Card heading={t.free.heading} sum={satsText(0)}>
          <p>{t.free.text}</p>
          <Link href="/pool">{t.free.link}</Link>
        </Card>
      </div>
      <div className={styles.pair}>
        <Kept fee={fee} />
        <How prices={prices} />
      </div>
    </>
  );
}

function Requests({ prices: { requests, btcPriceUsd } }: { prices: Prices }) {
  return (
    <table className={styles.requests}>
      <caption className="for-screen-readers">{t.table.caption}</caption>
      <thead>
        <tr>
          <th scope="col">{t.table.length}</th>
          <th scope="col">{t.table.job}</th>
          <th scope="col">{t.table.session}</th>
        </tr>
      </thead>
      <tbody>
        {requests.map(({ upToCharacters, jobSats, sessionSats }) => (
          <tr key={upToCharacters}>
            <th scope="row">{t.table.upTo(wholeNumber(upToCharacters))}</th>
            <td data-column={t.table.job}>
              <Sats amount={jobSats} btcPriceUsd={btcPriceUsd} />
            </td>
            <td data-column={t.table.session}>
              <Sats amount={sessionSats} btcPriceUsd={btcPriceUsd} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

type CardProps = { heading: string; sum: string; from?: boolean; children: ReactNode };

function Card({ heading, sum, from = false, children }: CardProps) {
  return (
    <section className={styles.card}>
      <h2>{heading}</h2>
      <p className={styles.sum}>
        {from && <small>{pricingTexts.from} </small>}
        <span className="amount">{sum}</span>
      </p>
      {children}
    </section>
  );
}

function Kept({ fee }: { fee: string }) {
  return (
    <section className={styles.kept}>
      <h2>{t.kept.heading}</h2>
      <ul>
        {t.kept.items(fee).map((item) => (
          <li key={item}>{item}</li>
        ))}
      </ul>
      <h2>{t.kept.backHeading}</h2>
      <ul>
        {t.kept.back.map((item) => (
          <li key={item}>{item}</li>
        ))}
      </ul>
      <p>{t.kept.never}</p>
    </section>
  );
}

function How({ prices: { rates, infraUsd, marginPct, btcPriceUsd, poolCreditPct } }: { prices: Prices }) {
  const inOut = (each: Prices["rates"]["judge"]) =>
    t.how.inOut(usdText(each.inputUsdPerMtok), usdText(each.outputUsdPerMtok));
  const rows: Figure[] = [
    [t.how.judge, inOut(rates.judge)],
    [t.how.work, inOut(rates.work)],
    [t.how.infra, usdText(infraUsd)],
    [t.how.margin, `${marginPct} %`],
    [t.how.btc, bitcoinPriceText(btcPriceUsd)],
    [t.how.share, `${poolCreditPct} %`],
  ];
  return (
    <section className={styles.how}>
      <h2>{t.how.heading}</h2>
      <p>{t.how.text}</p>
      <FigureList figures={rows} />
    </section>
  );
}
