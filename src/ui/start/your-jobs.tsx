"use client";

import { useState } from "react";
import { Button } from "~/ui/controls/button";
import { useKnownJobs } from "~/ui/known-jobs/use-known-jobs";
import { texts } from "~/ui/texts";
import { JobRow } from "./job-row";
import styles from "./your-jobs.module.css";

const t = texts.start;
/** Each row asks the server for its state. */
const ROWS_AT_ONCE = 8;

export function YourJobs() {
  const jobs = useKnownJobs();
  const [rows, setRows] = useState(ROWS_AT_ONCE);
  const hidden = jobs.length - rows;
  return (
    <section className={styles.jobs} aria-labelledby="your-jobs">
      <h2 id="your-jobs">{t.jobsHeading}</h2>
      {jobs.length === 0 ? (
        <p className={styles.empty}>{t.jobsEmpty}</p>
      ) : (
        <ul>
          {jobs.slice(0, rows).map((job) => (
            <JobRow key={job.jobId} job={job} />
          ))}
        </ul>
      )}
      {hidden > 0 && (
        <Button look="quiet" onClick={() => setRows(rows + ROWS_AT_ONCE)}>
          {t.jobsMore(Math.min(hidden, ROWS_AT_ONCE))}
        </Button>
      )}
    </section>
  );
}
