import { readdir, readFile } from "node:fs/promises";

const SAMPLE_MS = 200;
const BYTES_PER_MB = 1e6;

/**
 * Watches how much memory a process and all that it started hold: resident set sizes added up, so what two of them
 * share counts twice. Postgres is not counted. Linux only: it reads /proc.
 */
export function watchMemory(pid: number): { stop(): Promise<number[]> } {
  const samples: number[] = [];
  let sampling = Promise.resolve();
  const timer = setInterval(() => {
    sampling = sampling.then(async () => {
      const bytes = await residentBytes(pid);
      if (bytes > 0) samples.push(bytes / BYTES_PER_MB);
    });
  }, SAMPLE_MS);
  return {
    /** Megabytes, one value a sample. */
    async stop() {
      clearInterval(timer);
      await sampling;
      return samples;
    },
  };
}

/** Megabytes of one process by itself at this moment; throws where there is no /proc. */
export async function residentMegabytes(pid: number): Promise<number> {
  const found = await readProcess(String(pid));
  if (!found) throw new Error("memory can be told on Linux only");
  return found.bytes / BYTES_PER_MB;
}

type Process = { pid: number; parent: number; name: string; bytes: number };

async function residentBytes(root: number): Promise<number> {
  const names = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const all = (await Promise.all(names.map(readProcess))).filter((found) => found !== null);
  const held = (of: Process): number => {
    if (of.name === "postgres") return 0;
    return all.filter(({ parent }) => parent === of.pid).reduce((sum, child) => sum + held(child), of.bytes);
  };
  const top = all.find(({ pid }) => pid === root);
  return top ? held(top) : 0;
}

/** Null for one that ended meanwhile, or that has no memory of its own. */
async function readProcess(pid: string): Promise<Process | null> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  const field = (name: string) => new RegExp(`^${name}:\\s+(\\S+)`, "m").exec(status)?.[1];
  const kilobytes = field("VmRSS");
  if (kilobytes === undefined) return null;
  return {
    pid: Number(pid),
    parent: Number(field("PPid")),
    name: field("Name") ?? "",
    bytes: Number(kilobytes) * 1024,
  };
}
