import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { cleanEnv } from "../../steps/clean-env.mjs";
import { inRoot } from "../../steps/root.mjs";
import { FromServer, type Spot, type ToServer } from "../protocol";

const READY = /^ready on http:\/\/[^:]+:(\d+)$/;
const KEPT_LINES = 60;
/** No server lives long enough for its WebAssembly to be compiled twice: that alone took half of each start. */
const FLAGS = ["--liftoff-only"];
const LAUNCH = inRoot("scripts", "crash", "server", "launch.mjs");

export type Death = {
  /** The point at which it died by itself; null when it was killed from outside. */
  spot: Spot | null;
  /** Whether SIGKILL ended it: anything else is an end of its own accord, which is a failure. */
  killed: boolean;
};

/** One server that can be killed: a process that has loaded everything and waits, then serves, then dies. */
export class ServerProcess {
  readonly died: Promise<Death>;
  /** Where it serves, once it does. */
  origin: string | null = null;
  alive = true;
  /** Whether it was told where to die. */
  armed = false;
  /** What it printed last, for a report of its unexpected end. */
  readonly printed: string[] = [];
  readonly #child: ChildProcess;
  readonly #loaded: Promise<void>;
  #ready: () => void = () => undefined;
  /** Fulfilled when it is ready to serve; also when it died before. */
  readonly ready = new Promise<void>((resolve) => {
    this.#ready = resolve;
  });

  constructor(
    file: string,
    private readonly onSeen: (spot: Spot) => void,
  ) {
    this.#child = spawn(process.execPath, [...FLAGS, LAUNCH, file], {
      stdio: ["ignore", "pipe", "pipe", "ipc", "pipe"],
      env: cleanEnv(),
    });
    let spot: Spot | null = null;
    let loaded = () => {};
    this.#loaded = new Promise((resolve) => {
      loaded = resolve;
    });
    const events = createInterface({ input: this.#child.stdio[4] as Readable });
    events.on("line", (line) => {
      const event = FromServer.parse(JSON.parse(line));
      if (event.kind === "loaded") loaded();
      else if (event.kind === "seen") this.onSeen(event.spot);
      else spot = event.spot;
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      if (stream) createInterface({ input: stream }).on("line", (line) => this.#print(line));
    }
    // "close" comes after the pipes are read to their end, so what it said while dying has been heard.
    this.died = once(this.#child, "close").then(([, signal]) => {
      this.alive = false;
      this.#ready();
      loaded();
      return { spot, killed: signal === "SIGKILL" };
    });
  }

  #print(line: string): void {
    this.printed.push(line);
    if (this.printed.length > KEPT_LINES) this.printed.shift();
    const port = READY.exec(line)?.[1];
    if (!port) return;
    this.origin = `http://127.0.0.1:${port}`;
    this.#ready();
  }

  async start(env: Record<string, string>, writers: string[]): Promise<void> {
    await this.#loaded;
    this.#tell({ kind: "start", env, writers });
  }

  arm(spots: ReadonlyMap<Spot, number>): void {
    this.armed = spots.size > 0;
    this.#tell({ kind: "arm", spots: [...spots] });
  }

  /** Keeps what was compiled by now for the servers to come. */
  async keepCompiled(): Promise<void> {
    const kept = once(this.#child, "message");
    this.#child.send("keep what is compiled");
    await kept;
  }

  kill(): void {
    this.#child.kill("SIGKILL");
  }

  #tell(message: ToServer): void {
    // A process that is just dying hears nothing any more.
    if (this.#child.connected) this.#child.send(message, () => undefined);
  }
}

/** Starts one server for what is compiled of it: all that follow find it compiled. */
export async function compileAhead(file: string, env: Record<string, string>, writers: string[]): Promise<void> {
  const server = new ServerProcess(file, () => undefined);
  await server.start(env, writers);
  await server.ready;
  if (!server.origin) throw new Error(`the server does not start: ${server.printed.join("\n")}`);
  await server.keepCompiled();
  server.kill();
  await server.died;
}
