import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";

/** Said to Timmy in another process, he thinks about it until that process ends. */
export const NO_ANSWER = "Think until the end of time";

/** A service of the workshop by its path, such as `jobs.view`, a task such as `tasks.work`, or `work`: all that is due. */
export type Call = { path: string; args?: unknown[]; times?: number };
/** What it returned, or the message of what it threw. */
export type Outcome = { returned: unknown } | { threw: string };

export type OtherProcess = {
  readonly pid: number;
  /** Everything that it has printed so far. */
  output(): string;
  /** Makes all these calls at once. One outcome for each, in order. */
  call(...calls: Call[]): Promise<Outcome[]>;
  /** As a crash does. */
  kill(): Promise<void>;
  stop(): Promise<void>;
};

export type Request = { id: number; calls: Call[] };
export type Reply = { id: number; outcomes: Outcome[] };

/** A second Node process on the same database, with services of its own. `settings`: for a main that reads them. */
export async function otherProcess(
  databaseUrl: string,
  main = "./other-process-main.ts",
  settings: Record<string, string> = {},
): Promise<OtherProcess> {
  const child = fork(fileURLToPath(new URL(main, import.meta.url)), [databaseUrl, JSON.stringify(settings)], {
    execArgv: ["--import", "tsx"],
    serialization: "advanced",
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  let output = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    output += text;
    process.stderr.write(text);
  });
  const waiting = new Map<number, (outcomes: Outcome[]) => void>();
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  await new Promise<void>((resolve, reject) => {
    child.once("message", () => resolve());
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`the other process ended with ${code} before it was ready`)));
  });
  child.on("message", ({ id, outcomes }: Reply) => {
    waiting.get(id)?.(outcomes);
    waiting.delete(id);
  });
  let last = 0;
  return {
    pid: child.pid ?? 0,
    output: () => output,
    call(...calls) {
      last += 1;
      const request: Request = { id: last, calls };
      const answered = new Promise<Outcome[]>((resolve) => waiting.set(request.id, resolve));
      child.send(request);
      return answered;
    },
    async kill() {
      child.kill("SIGKILL");
      await gone;
    },
    async stop() {
      child.disconnect();
      await gone;
    },
  };
}

/** All that the calls came to, by name of the services. Called in whichever process. */
export async function makeCalls(
  services: object,
  work: () => Promise<void>,
  calls: readonly Call[],
): Promise<Outcome[]> {
  const each = calls.flatMap((call) => Array.from({ length: call.times ?? 1 }, () => call));
  return Promise.all(
    each.map(async ({ path, args = [] }): Promise<Outcome> => {
      try {
        if (path === "work") return { returned: await work() };
        // A handler of the queue is also told of a shutdown; none comes here.
        const helpers = path.startsWith("tasks.") ? [{ abortSignal: new AbortController().signal }] : [];
        const found = path.split(".").reduce<unknown>((at, name) => (at as Record<string, unknown>)[name], services);
        return { returned: await (found as (...args: unknown[]) => Promise<unknown>)(...args, ...helpers) };
      } catch (error) {
        return { threw: error instanceof Error ? error.message : String(error) };
      }
    }),
  );
}
