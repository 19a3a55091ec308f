"use client";

import type { JobView } from "~/modules/jobs/job-schema";
import { ClaimPanel } from "~/ui/claim/claim-panel";
import { LostPage } from "~/ui/controls/lost-page";
import { Receipt } from "~/ui/receipt/receipt";
import { SiteHeader } from "~/ui/site/site-header";
import { texts } from "~/ui/texts";
import { WorkshopPicture } from "~/ui/workshop/workshop-picture";
import { Asked } from "./asked";
import { ConnectionState } from "./connection-state";
import { JobActions } from "./job-actions";
import { JobLoading } from "./job-loading";
import styles from "./job-page.module.css";
import { JobPayment } from "./job-payment";
import { JobStage } from "./job-stage";
import { PaidMark } from "./paid-mark";
import { StateAnnouncer } from "./state-announcer";
import { StationPath } from "./station-path";
import { useJob } from "./use-job";
import { useKeptFocus } from "./use-kept-focus";

const t = texts.job;

/** While there is nothing to read yet, the room is shown. */
const waits = ({ state }: JobView): boolean => state.startsWith("awaiting_") || state.endsWith("ing");

export function JobPage({ jobId }: { jobId: string }) {
  const { job, draft, connection, unknown, lookNow, refundToken } = useJob(jobId);
  const main = useKeptFocus();

  if (unknown) return <LostPage {...texts.lost.job} />;
  return (
    <div className={styles.page}>
      <SiteHeader>
        <ConnectionState state={connection} known={job !== null} />
      </SiteHeader>
      <main ref={main} className={styles.main}>
        <h1 className="for-screen-readers">{t.heading}</h1>
        <StateAnnouncer job={job} />
        {job === null ? (
          <JobLoading />
        ) : (
          <>
            <StationPath job={job} />
            <PaidMark state={job.state} />
            <div className={styles.columns}>
              <div className={styles.story}>
                <Asked job={job} />
                <JobStage job={job} draft={draft} />
                {waits(job) && draft === "" && <WorkshopPicture className={styles.picture ?? ""} />}
              </div>
              <div className={styles.doing}>
                <div className={styles.panel}>
                  <JobPayment job={job} refundToken={refundToken} lookNow={lookNow} />
                  <ClaimPanel job={job} refundToken={refundToken} onChanged={lookNow} />
                </div>
                {job.costLedger && <Receipt job={job} />}
              </div>
            </div>
            <JobActions job={job} refundToken={refundToken} lookNow={lookNow} />
          </>
        )}
      </main>
    </div>
  );
}
