import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { cleanEnv } from "../steps/clean-env.mjs";
import { inRoot } from "../steps/root.mjs";

export type Side = "web" | "worker";

const READY: Readonly<Record<Side, RegExp>> = { web: /^ready on /, worker: /^working$/ };
const START_LIMIT_MS = 90_000;
const STOP_LIMIT_MS = 30_000;
const KEPT_LINES = 40;

/** One process of the cluster, as an operator runs it: ended, and started again, under the same name. */
export class Member {
  /** What it printed last. */
  readonly printed: string[] = [];
  #child: ChildProcess | null = null;

  constructor(
    readonly name: string,
    readonly side: Side,
    private readonly env: Readonly<Record<string, string>>,
  ) {}

  async start(): Promise<void> {
    const child = spawn(process.execPath, [inRoot("scripts", "serve.mjs"), this.side], {
      env: cleanEnv(this.env),
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#child = child;
    await new Promise<void>((resolve, reject) => {
      const fail = (why: string) => reject(new Error(`${this.name} ${why}:\n${this.printed.join("\n")}`));
      const limit = setTimeout(() => fail(`was not ready within ${START_LIMIT_MS / 1000} s`), START_LIMIT_MS);
      child.once("exit", (code, signal) => {
        clearTimeout(limit);
        fail(`ended with ${code ?? signal} before it was ready`);
      });
      for (const stream of [child.stdout, child.stderr]) {
        createInterface({ input: stream }).on("line", (line) => {
          this.printed.push(line);
          if (this.printed.length > KEPT_LINES) this.printed.shift();
          if (!READY[this.side].test(line)) return;
          clearTimeout(limit);
          resolve();
        });
      }
    });
  }

  /** Ends it, and says how it ended: null where it did so in order. */
  async end(signal: "SIGTERM" | "SIGKILL"): Promise<string | null> {
    const child = this.#child;
    this.#child = null;
    if (!child || child.exitCode !== null || child.signalCode !== null) return `${this.name} had ended by itself`;
    const exit = once(child, "exit");
    child.kill(signal);
    let late = false;
    const limit = setTimeout(() => {
      late = true;
      child.kill("SIGKILL");
    }, STOP_LIMIT_MS);
    const [code] = await exit;
    clearTimeout(limit);
    if (signal === "SIGKILL") return null;
    if (late) return `${this.name} did not end within ${STOP_LIMIT_MS / 1000} s of SIGTERM`;
    return code === 0 ? null : `${this.name} ended with ${code}`;
  }
}
