"use client";

import type { JobView } from "~/modules/jobs/job-schema";
import { Button } from "~/ui/controls/button";
import { CopyButton } from "~/ui/controls/copy-button";
import { Icon } from "~/ui/controls/icon";
import { texts } from "~/ui/texts";
import styles from "./receipt.module.css";
import { receiptLines, receiptText } from "./receipt-lines";

const t = texts.receipt;

/** The ledger of what a job really cost, as a slip of paper. */
export function Receipt({ job }: { job: JobView }) {
  return (
    <section className={styles.receipt} aria-labelledby="receipt-heading">
      <div className={styles.slip}>
        <p className={styles.paper}>{t.paper}</p>
        <h2 id="receipt-heading">{t.heading}</h2>
        {job.request !== undefined && <p className={styles.request}>{job.request}</p>}
        <dl>
          {receiptLines(job).map(({ name, value, sum }) => (
            <div key={name} className={sum && styles.sum}>
              <dt>{name}</dt>
              <dd className="amount">{value}</dd>
            </div>
          ))}
        </dl>
        <p className={styles.thanks}>{t.thanks}</p>
        <p className={styles.id}>{job.jobId}</p>
      </div>
      <div className={styles.actions}>
        <CopyButton look="quiet" text={() => receiptText(job)}>
          {t.copy}
        </CopyButton>
        <Button look="quiet" onClick={() => download(job)}>
          <Icon name="download" />
          {t.download}
        </Button>
        <Button look="quiet" onClick={() => window.print()}>
          <Icon name="print" />
          {t.print}
        </Button>
      </div>
    </section>
  );
}

function download(job: JobView): void {
  const url = URL.createObjectURL(new Blob([JSON.stringify(job, null, 2)], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = `timmy-job-${job.jobId.slice(0, 8)}.json`;
  link.click();
  URL.revokeObjectURL(url);
}
