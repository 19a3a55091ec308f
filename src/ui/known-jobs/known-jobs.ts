import { z } from "zod";

/** What this browser keeps of a job it has seen: the way back to it, and the key to its money. */
const KnownJob = z.object({
  jobId: z.uuid(),
  refundToken: z.string().min(1).max(200).optional(),
  /** The beginning of the request, to tell one job from another. */
  title: z.string().max(100),
  createdAt: z.iso.datetime(),
});
export type KnownJob = z.infer<typeof KnownJob>;

const KEY = "timmy.jobs";
/** Far more than anybody asks for: with the oldest entry its key would go, and with that the way to its change. */
const MAX_JOBS = 200;
const TITLE_CHARACTERS = 80;
const NONE: readonly KnownJob[] = [];

const listeners = new Set<() => void>();
let cached: { text: string | null; jobs: readonly KnownJob[] } = { text: null, jobs: NONE };
/** What stands in for the browser's storage where that is forbidden: it lasts as long as the page. */
let unkept: string | null = null;

/** Newest first. The same array as long as nothing changed, as React wants it. */
export function knownJobs(): readonly KnownJob[] {
  const text = load();
  if (text !== cached.text) cached = { text, jobs: parse(text) };
  return cached.jobs;
}

export const refundTokenOf = (jobId: string): string | null =>
  knownJobs().find((job) => job.jobId === jobId)?.refundToken ?? null;

/** Adds a job, or what is new about one: what is known of it is never forgotten for lack of news. */
export function rememberJob(job: KnownJob): void {
  const before = knownJobs().find(({ jobId }) => jobId === job.jobId);
  const others = knownJobs().filter(({ jobId }) => jobId !== job.jobId);
  const title = [...(job.title || (before?.title ?? ""))].slice(0, TITLE_CHARACTERS).join("");
  const createdAt = before?.createdAt ?? job.createdAt;
  save([{ ...before, ...job, title, createdAt }, ...others].sort(byNewest).slice(0, MAX_JOBS));
}

/** The text was deleted: what stands of it here goes too. The key stays. */
export function forgetTitle(id: string): void {
  save(knownJobs().map((job) => (job.jobId === id ? { ...job, title: "" } : job)));
}

export const forgetJob = (id: string): void => save(knownJobs().filter(({ jobId }) => jobId !== id));

export function watchKnownJobs(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener("storage", listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener("storage", listener);
  };
}

const byNewest = (a: KnownJob, b: KnownJob): number => b.createdAt.localeCompare(a.createdAt);

/** Entry by entry, so that one that is spoilt does not take the others' keys with it. */
function parse(text: string | null): readonly KnownJob[] {
  if (text === null) return NONE;
  try {
    const entries = z.array(z.unknown()).parse(JSON.parse(text));
    return entries.flatMap((entry) => KnownJob.safeParse(entry).data ?? []);
  } catch {
    return NONE;
  }
}

function load(): string | null {
  try {
    return window.localStorage.getItem(KEY) ?? unkept;
  } catch {
    return unkept;
  }
}

function save(jobs: readonly KnownJob[]): void {
  const text = JSON.stringify(jobs);
  try {
    window.localStorage.setItem(KEY, text);
  } catch {
    unkept = text;
  }
  for (const listener of listeners) listener();
}
