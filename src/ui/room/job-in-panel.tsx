"use client";

import Link from "next/link";
import { useEffect } from "react";
import { ClaimPanel } from "~/ui/claim/claim-panel";
import { Button, buttonClass } from "~/ui/controls/button";
import { Icon } from "~/ui/controls/icon";
import { Notice } from "~/ui/controls/notice";
import { Asked } from "~/ui/job/asked";
import { ConnectionState } from "~/ui/job/connection-state";
import { JobActions } from "~/ui/job/job-actions";
import { JobLoading } from "~/ui/job/job-loading";
import { JobPayment } from "~/ui/job/job-payment";
import { JobStage } from "~/ui/job/job-stage";
import { PaidMark } from "~/ui/job/paid-mark";
import { StateAnnouncer } from "~/ui/job/state-announcer";
import { StationPath } from "~/ui/job/station-path";
import { useJob } from "~/ui/job/use-job";
import { useKeptFocus } from "~/ui/job/use-kept-focus";
import { texts } from "~/ui/texts";
import styles from "./job-in-panel.module.css";

const t = texts.room;
type Props = { jobId: string; onAnother: () => void; onReceipt: () => void };

/** The whole way of a job, beside the room. The same parts as on its own page. */
export function JobInPanel({ jobId, onAnother, onReceipt }: Props) {
  const { job, draft, connection, unknown, lookNow, refundToken } = useJob(jobId);
  const place = useKeptFocus();
  useEffect(() => {
    const before = document.title;
    return () => {
      document.title = before;
    };
  }, []);

  const another = (
    <Button look="quiet" onClick={onAnother}>
      {t.job.another}
    </Button>
  );
  if (unknown) {
    return (
      <div className={styles.job}>
        <Notice look="rue">{texts.lost.job.text}</Notice>
        {another}
      </div>
    );
  }
  return (
    <section ref={place} className={styles.job} aria-label={texts.job.heading}>
      <div className={styles.head}>
        {another}
        <ConnectionState state={connection} known={job !== null} />
      </div>
      <StateAnnouncer job={job} />
      {job === null ? (
        <JobLoading />
      ) : (
        <>
          <StationPath job={job} />
          <PaidMark state={job.state} />
          <JobPayment job={job} refundToken={refundToken} lookNow={lookNow} />
          <JobStage job={job} draft={draft} />
          {job.costLedger && (
            <Button onClick={onReceipt}>
              <Icon name="coin" />
              {t.receipt.see}
            </Button>
          )}
          <ClaimPanel job={job} refundToken={refundToken} onChanged={lookNow} />
          <Asked job={job} />
          <div className={styles.foot}>
            <Link href={`/jobs/${jobId}`} className={buttonClass("plain")}>
              {t.job.ownPage}
            </Link>
            <JobActions job={job} refundToken={refundToken} lookNow={lookNow} />
          </div>
        </>
      )}
    </section>
  );
}
