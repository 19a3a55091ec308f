"use client";

import Link from "next/link";
import type { JobView } from "~/modules/jobs/job-schema";
import { problemWords } from "~/ui/api/problem-words";
import { useJobPlace } from "~/ui/ask/job-place";
import { useAsk } from "~/ui/ask/use-ask";
import { satsText } from "~/ui/controls/amounts";
import { Button, buttonClass } from "~/ui/controls/button";
import { Icon, type IconName } from "~/ui/controls/icon";
import { Notice } from "~/ui/controls/notice";
import { texts } from "~/ui/texts";
import styles from "./ended.module.css";

const t = texts.job;
export type EndedState = keyof typeof t.ended;
const ICONS: Record<EndedState, IconName> = {
  rejected: "scales",
  failed: "warning",
  expired: "hourglass",
  cancelled: "cross",
};

/** An end without an answer: what happened, what it means for the money, what to do now. */
export function Ended({ job, state }: { job: JobView; state: EndedState }) {
  const { heading, text } = t.ended[state];
  return (
    <section className={styles.ended} data-state={state}>
      <h2 tabIndex={-1} data-takes-focus>
        <Icon name={ICONS[state]} size={28} />
        {heading}
      </h2>
      {job.errorMessage === undefined && <p>{text}</p>}
      {job.reason !== undefined && (
        <figure className={styles.said}>
          <figcaption>{t.reason}</figcaption>
          <blockquote>{job.reason}</blockquote>
        </figure>
      )}
      {job.errorMessage !== undefined && <p className={styles.said}>{job.errorMessage}</p>}
      <p className={styles.money}>
        <Icon name="coin" />
        {moneyWords(job, state)}
      </p>
      <AskAgain job={job} state={state} />
    </section>
  );
}

function moneyWords(job: JobView, state: EndedState): string {
  if (state !== "failed") return t.ended[state].money;
  if (job.owedSats === 0) return t.ended.failed.moneyBack;
  return job.workInvoice ? t.ended.failed.money : t.ended.failed.moneyJudge;
}

/**
 * After a "no" there is no point in asking the same again; and while sats wait to be claimed, claiming them comes
 * first.
 */
function AskAgain({ job: { request, evalInvoice, owedSats }, state }: { job: JobView; state: EndedState }) {
  const { ask, asking, problem } = useAsk();
  const place = useJobPlace();
  const look = owedSats > 0 ? "plain" : "primary";
  if (state === "rejected" || request === undefined) {
    return (
      <div className={styles.next}>
        {place ? (
          <Button look={look} onClick={place.another}>
            {t.askElse}
          </Button>
        ) : (
          <Link href="/" className={buttonClass(look)}>
            {t.askElse}
          </Link>
        )}
      </div>
    );
  }
  return (
    <div className={styles.next}>
      <Button look={look} busy={asking} onClick={() => void ask(request)}>
        {t.askAgain(evalInvoice ? satsText(evalInvoice.amountSats) : null)}
      </Button>
      <small>{t.askAgainNote}</small>
      {problem && <Notice look="rue">{problemWords(problem)}</Notice>}
    </div>
  );
}
