import type { JobView } from "~/modules/jobs/job-schema";
import { bitcoinPriceText, satsText, usdText, wholeNumber } from "~/ui/controls/amounts";
import { type Figure, FigureList } from "~/ui/controls/figure-list";
import { texts } from "~/ui/texts";
import styles from "./price-breakdown.module.css";

const t = texts.pay;

/** From tokens to sats: every figure that the price of the work depends on. */
export function PriceBreakdown({ prices }: { prices: NonNullable<JobView["pricingBreakdown"]> }) {
  const names = t.breakdownRows;
  const rows: Figure[] = [
    [names.inputTokens, wholeNumber(prices.estimatedInputTokens)],
    [names.outputTokens, wholeNumber(prices.estimatedOutputTokens)],
    [names.tokens, usdText(prices.estimatedCostUsd)],
    [names.infra, usdText(prices.infraUsd)],
    [names.margin, `${prices.marginPct} %`],
    [names.btc, bitcoinPriceText(prices.btcPriceUsd)],
    [names.quote, satsText(prices.quoteSats)],
    ...(prices.absorbedSats > 0 ? [[names.absorbed, satsText(prices.absorbedSats)] as const] : []),
    [names.amount, satsText(prices.amountSats)],
  ];
  return (
    <details className={styles.breakdown}>
      <summary>{t.breakdown}</summary>
      <FigureList figures={rows} />
    </details>
  );
}
