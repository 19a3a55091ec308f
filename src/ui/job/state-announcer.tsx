import type { JobView } from "~/modules/jobs/job-schema";
import { texts } from "~/ui/texts";

/** Says each new state to a screen reader, politely. Always in the page, since only changes are read out. */
export function StateAnnouncer({ job }: { job: JobView | null }) {
  return (
    <p className="for-screen-readers" role="status" data-testid="state">
      {job === null ? texts.job.loading : texts.job.states[job.state]}
    </p>
  );
}
