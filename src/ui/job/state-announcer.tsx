"use client";

import { useEffect } from "react";
import type { JobView } from "~/modules/jobs/job-schema";
import { texts } from "~/ui/texts";

/**
 * Announces each new state to screen readers, politely, and in the tab's title to whoever is looking elsewhere. Always
 * in the page, since only changes are read out.
 */
export function StateAnnouncer({ job }: { job: JobView | null }) {
  const words = job === null ? texts.job.loading : texts.job.states[job.state];
  useEffect(() => {
    document.title = `${words} · ${texts.site.name}`;
  }, [words]);
  return (
    <p className="for-screen-readers" role="status" data-testid="state">
      {words}
    </p>
  );
}
