import type { JobView } from "~/modules/jobs/job-schema";
import { LocalTime } from "~/ui/controls/local-time";
import { texts } from "~/ui/texts";
import styles from "./asked.module.css";

const t = texts.job;

/** What was asked for, and what Timmy has to say about where it stands. */
export function Asked({ job }: { job: JobView }) {
  return (
    <section className={styles.asked} aria-labelledby="asked-heading">
      <h2 id="asked-heading">{t.request}</h2>
      {job.request === undefined ? (
        <p className={styles.dim}>{t.textDeleted}</p>
      ) : (
        <blockquote className={styles.request}>{job.request}</blockquote>
      )}
      <p className={styles.dim}>
        <LocalTime iso={job.createdAt} />
      </p>
      <p className={styles.timmy}>
        <svg viewBox="0 0 40 40" width="40" height="40" aria-hidden="true">
          <path d="M20 3c3 6 7 12 9 20H11c2-8 6-14 9-20z" fill="#3c4fae" />
          <path d="M5 24c9-4 21-4 30 0-8 3-22 3-30 0z" fill="#5f7fc9" />
          <path d="M12 25c0 6 3 13 8 13s8-7 8-13c-5 2-11 2-16 0z" fill="#efeae6" />
          <path
            d="m20 12 1.200 2.600 2.800.3-2.100 1.900.6 2.800-2.500-1.400-2.500 1.400.6-2.800-2.100-1.900 2.800-.3z"
            fill="#ffd08a"
          />
        </svg>
        <span>
          <span className="for-screen-readers">{t.timmySays}: </span>
          {t.timmy[job.state]}
        </span>
      </p>
    </section>
  );
}
