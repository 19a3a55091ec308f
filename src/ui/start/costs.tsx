import type { inferRouterOutputs } from "@trpc/server";
import type { AppRouter } from "~/server/router";
import { satsText } from "~/ui/controls/amounts";
import { Sats } from "~/ui/controls/sats";
import { texts } from "~/ui/texts";
import styles from "./costs.module.css";

const t = texts.start;
type Estimate = inferRouterOutputs<AppRouter>["estimate"];

/** Both prices beside the button that causes them. Takes the same space with and without figures. */
export function Costs({ estimate }: { estimate: Estimate | undefined }) {
  return (
    <dl className={styles.costs}>
      <div>
        <dt>{t.costJudge}</dt>
        <dd>{estimate ? <Sats amount={estimate.evalFeeSats} btcPriceUsd={estimate.btcPriceUsd} /> : t.costUnknown}</dd>
      </div>
      <div>
        <dt>{t.costWork}</dt>
        <dd>
          {estimate ? (
            <>
              <span className="for-screen-readers">{t.costWorkAtMost(satsText(estimate.estimatedSats))}</span>
              <span aria-hidden="true">
                ≤ <Sats amount={estimate.estimatedSats} btcPriceUsd={estimate.btcPriceUsd} />
              </span>
            </>
          ) : (
            t.costUnknown
          )}
        </dd>
      </div>
    </dl>
  );
}

/** What the prices mean, below the button. Always the same height. */
export const CostsNote = ({ missing, isExample }: { missing: boolean; isExample: boolean }) => (
  <p className={styles.note}>{missing ? t.costFailed : isExample ? t.costExample : t.costNote}</p>
);
