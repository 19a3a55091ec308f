import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { cleanEnv } from "../scripts/steps/clean-env.mjs";

/** The first start may build. */
export const START_LIMIT_MS = 300_000;
const STOP_LIMIT_MS = 60_000;
const START = resolve(import.meta.dirname, "../scripts/start.mjs");

export type App = {
  /** Without a slash at the end. */
  url: string;
  /** Where it keeps everything, its database included. */
  dataDir: string;
  /** Everything that it has printed so far. */
  output: () => string;
  /** SIGTERM, then everything that it kept is deleted. Throws when it does not stop by itself. */
  stop: () => Promise<void>;
};

/** The built app as a user starts it: on a free port, with a database of its own, and no setting of this machine. */
export async function startApp(settings: Record<string, string> = {}): Promise<App> {
  const dataDir = await mkdtemp(join(tmpdir(), "timmy-e2e-"));
  const child = spawn(process.execPath, [START], {
    env: cleanEnv({ PORT: "0", HOST: "127.0.0.1", DATA_DIR: dataDir, ...settings }),
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (chunk: string) => {
      output += chunk;
    });
  }

  const stop = async () => {
    const stopped = await ended(child);
    await rm(dataDir, { recursive: true, force: true });
    if (!stopped) throw new Error(`the app did not stop within ${STOP_LIMIT_MS / 1000} s of SIGTERM:\n${output}`);
  };
  try {
    const url = await readyUrl(child, () => output);
    return { url, dataDir, output: () => output, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Where the app says that it is ready. */
function readyUrl(child: ChildProcess, output: () => string) {
  return new Promise<string>((resolve, reject) => {
    const fail = (why: string) => {
      clearTimeout(limit);
      reject(new Error(`the app ${why}:\n${output()}`));
    };
    const limit = setTimeout(() => fail(`was not ready within ${START_LIMIT_MS / 1000} s`), START_LIMIT_MS);
    child.once("error", (error) => fail(`did not start (${error.message})`));
    child.once("exit", (code, signal) => fail(`ended with ${code ?? signal} before it was ready`));
    child.stdout?.on("data", () => {
      const url = /ready on (http:\/\/[^\s/]+)/.exec(output())?.[1];
      if (!url) return;
      clearTimeout(limit);
      resolve(url);
    });
  });
}

/** Whether it ended without force. */
async function ended(child: ChildProcess): Promise<boolean> {
  const running = () => child.exitCode === null && child.signalCode === null;
  if (!running() || child.pid === undefined) return true;
  const exit = once(child, "exit");
  let forced = false;
  const limit = setTimeout(() => {
    forced = true;
    child.kill("SIGKILL");
  }, STOP_LIMIT_MS);
  child.kill("SIGTERM");
  await exit;
  clearTimeout(limit);
  return !forced;
}
