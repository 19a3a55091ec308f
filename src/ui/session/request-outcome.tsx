"use client";

import type { RequestAnswer } from "~/modules/sessions/session-schema";
import { SafeMarkdown } from "~/ui/answer/safe-markdown";
import { bitcoinPriceText, satsText, usdText, wholeNumber } from "~/ui/controls/amounts";
import { CopyButton } from "~/ui/controls/copy-button";
import { type Figure, FigureList } from "~/ui/controls/figure-list";
import { Icon } from "~/ui/controls/icon";
import { Notice } from "~/ui/controls/notice";
import { sessionTexts } from "~/ui/texts/sessions";
import styles from "./request-answer.module.css";

const t = sessionTexts.answer;
const costs = sessionTexts.costs;

/** What a request came to, and what that cost. */
export function RequestOutcome({ answer }: { answer: RequestAnswer }) {
  const { result, state } = answer;
  return (
    <div className={styles.outcome} data-state={state}>
      {state === "running" && (
        <p className={styles.writing} role="status">
          <span className={styles.quill} aria-hidden="true" />
          {t.running}
        </p>
      )}
      {(state === "rejected" || state === "failed") && (
        <p className={styles.verdict}>
          <Icon name={state === "rejected" ? "scales" : "warning"} />
          {t[state]}
        </p>
      )}
      {answer.reason !== undefined && (
        <figure className={styles.said}>
          <figcaption>{t.reason}</figcaption>
          <blockquote>{answer.reason}</blockquote>
        </figure>
      )}
      {answer.errorMessage !== undefined && <p className={styles.said}>{answer.errorMessage}</p>}
      {result !== undefined && <SafeMarkdown text={result} />}
      {answer.truncated && <Notice look="calm">{t.truncated}</Notice>}
      {answer.textDeleted && <p className={styles.dim}>{t.textDeleted}</p>}
      {result !== undefined && (
        <div className={styles.actions}>
          <CopyButton look="quiet" text={() => result}>
            {t.copy}
          </CopyButton>
        </div>
      )}
      {answer.costLedger && <Costs answer={answer} ledger={answer.costLedger} />}
    </div>
  );
}

type Ledger = NonNullable<RequestAnswer["costLedger"]>;

/** The receipt of one request: the sum in plain sight, its parts on demand. */
function Costs({ answer, ledger }: { answer: RequestAnswer; ledger: Ledger }) {
  const rows: Figure[] = [
    [costs.tokensIn, wholeNumber(ledger.actualInputTokens)],
    [costs.tokensOut, wholeNumber(ledger.actualOutputTokens)],
    [costs.model, usdText(ledger.actualCostUsd)],
    [costs.infra, usdText(ledger.infraUsd)],
    [costs.margin, `${ledger.marginPct} %`],
    [costs.btc, bitcoinPriceText(ledger.btcPriceUsd)],
    [costs.ceiling, satsText(ledger.quoteSats)],
    ...(answer.absorbed_sats ? [[costs.pool, satsText(answer.absorbed_sats)] as const] : []),
    [costs.debited, satsText(answer.debitedSats)],
  ];
  return (
    <details className={styles.costs}>
      <summary>
        <span>{costs.heading}</span>
        <span className="amount">{satsText(answer.debitedSats)}</span>
      </summary>
      <FigureList figures={rows} />
    </details>
  );
}
