import { z } from "zod";
import { keptList } from "~/ui/kept/kept-list";

/** What this browser keeps of a job it has seen: the way back to it, and the key to its money. */
const KnownJob = z.object({
  jobId: z.uuid(),
  refundToken: z.string().min(1).max(200).optional(),
  /** The beginning of the request, to tell one job from another. */
  title: z.string().max(100),
  createdAt: z.iso.datetime(),
});
export type KnownJob = z.infer<typeof KnownJob>;

/** Far more than anybody asks for: with the oldest entry its key would go, and with that the way to its change. */
const MAX_JOBS = 200;
const TITLE_CHARACTERS = 80;

const kept = keptList<KnownJob>("timmy.jobs", KnownJob);

/** Newest first. */
export const knownJobs = kept.all;
export const watchKnownJobs = kept.watch;

export const refundTokenOf = (jobId: string): string | null =>
  knownJobs().find((job) => job.jobId === jobId)?.refundToken ?? null;

/** Adds a job, or what is new about one: what is known of it is never forgotten for lack of news. */
export function rememberJob(job: KnownJob): void {
  const before = knownJobs().find(({ jobId }) => jobId === job.jobId);
  const others = knownJobs().filter(({ jobId }) => jobId !== job.jobId);
  const title = [...(job.title || (before?.title ?? ""))].slice(0, TITLE_CHARACTERS).join("");
  const createdAt = before?.createdAt ?? job.createdAt;
  kept.save([{ ...before, ...job, title, createdAt }, ...others].sort(byNewest).slice(0, MAX_JOBS));
}

/** The text was deleted: what stands of it here goes too. The key stays. */
export function forgetTitle(id: string): void {
  kept.save(knownJobs().map((job) => (job.jobId === id ? { ...job, title: "" } : job)));
}

export const forgetJob = (id: string): void => kept.save(knownJobs().filter(({ jobId }) => jobId !== id));

const byNewest = (a: KnownJob, b: KnownJob): number => b.createdAt.localeCompare(a.createdAt);
