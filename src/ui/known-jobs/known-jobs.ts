import { keptList } from "~/ui/kept/kept-list";
import { isInstant, isObject, isText, isUuid } from "~/ui/kept/read-json";

/** What this browser keeps of a job it has seen: the way back to it, and the key to its money. */
export type KnownJob = {
  jobId: string;
  refundToken?: string | undefined;
  /** The beginning of the request, to tell one job from another. */
  title: string;
  createdAt: string;
};

function readJob(given: unknown): KnownJob | null {
  if (!isObject(given)) return null;
  const { jobId, refundToken, title, createdAt } = given;
  if (!isUuid(jobId) || !isText(title, 0, 100) || !isInstant(createdAt)) return null;
  if (refundToken === undefined) return { jobId, title, createdAt };
  return isText(refundToken, 1, 200) ? { jobId, refundToken, title, createdAt } : null;
}

/** Far more than anybody orders, since dropping the oldest entry drops its key, and with it the way to its change. */
const MAX_JOBS = 200;
const TITLE_CHARACTERS = 80;

const kept = keptList<KnownJob>("timmy.jobs", readJob);

/** Newest first. */
export const knownJobs = kept.all;
export const watchKnownJobs = kept.watch;

export const refundTokenOf = (jobId: string): string | null =>
  knownJobs().find((job) => job.jobId === jobId)?.refundToken ?? null;

/** Adds a job, or what is new about one; what is missing from the news keeps its old value. */
export function rememberJob(job: KnownJob): void {
  const before = knownJobs().find(({ jobId }) => jobId === job.jobId);
  const others = knownJobs().filter(({ jobId }) => jobId !== job.jobId);
  const title = [...(job.title || (before?.title ?? ""))].slice(0, TITLE_CHARACTERS).join("");
  const createdAt = before?.createdAt ?? job.createdAt;
  kept.save([{ ...before, ...job, title, createdAt }, ...others].sort(byNewest).slice(0, MAX_JOBS));
}

/** The key alone: of a job that is known, or one that came by a link. */
export const rememberJobKey = (jobId: string, refundToken: string): void =>
  rememberJob({ jobId, refundToken, title: "", createdAt: new Date().toISOString() });

/** The text was deleted, so what is kept of it here goes too. The key stays. */
export function forgetTitle(id: string): void {
  kept.save(knownJobs().map((job) => (job.jobId === id ? { ...job, title: "" } : job)));
}

export const forgetJob = (id: string): void => kept.save(knownJobs().filter(({ jobId }) => jobId !== id));

const byNewest = (a: KnownJob, b: KnownJob): number => b.createdAt.localeCompare(a.createdAt);
