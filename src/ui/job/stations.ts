import type { JobView } from "~/modules/jobs/job-schema";
import type { StationMark } from "~/ui/controls/station-list";

export const STATIONS = ["asked", "judged", "paid", "work", "done"] as const;
export type Station = (typeof STATIONS)[number];

/** Which station a job is at, or ended at. A job that was never priced ended before the work. */
function place({ state, workInvoice }: Pick<JobView, "state" | "workInvoice">): [at: Station, stopped: boolean] {
  switch (state) {
    case "awaiting_eval_payment":
      return ["asked", false];
    case "evaluating":
      return ["judged", false];
    case "awaiting_work_payment":
      return ["paid", false];
    case "executing":
      return ["work", false];
    case "complete":
      return ["done", false];
    case "rejected":
      return ["judged", true];
    case "failed":
      return [workInvoice ? "work" : "judged", true];
    case "expired":
    case "cancelled":
      return [workInvoice ? "paid" : "asked", true];
  }
}

/** The path of a job, true at a glance. */
export function stationsOf(job: Pick<JobView, "state" | "workInvoice">): { station: Station; mark: StationMark }[] {
  const [at, stopped] = place(job);
  const here = STATIONS.indexOf(at);
  return STATIONS.map((station, index) => {
    if (index < here || job.state === "complete") return { station, mark: "done" };
    if (index > here) return { station, mark: "ahead" };
    return { station, mark: stopped ? "stopped" : "current" };
  });
}
