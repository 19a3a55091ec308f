import { spawn } from "node:child_process";
import { constants } from "node:os";
import { ROOT } from "./root.mjs";

/**
 * Runs a command silently in the checkout; rejects with what it printed when it fails. A signal that ends us ends it.
 * @param {string} command
 * @param {string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, shell?: boolean }} [options]
 * @returns {Promise<void>}
 */
export async function runStep(command, args, { env = process.env, shell = false } = {}) {
  const child = spawn(command, args, { cwd: ROOT, env, shell, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
  const { code, signal } = await endOf(child);
  if (code !== 0) {
    throw new Error(`${[command, ...args].join(" ")} ended with ${code ?? signal}:\n${output.trim()}`);
  }
}

/**
 * Waits for the end of a child and passes on the signals that are meant to end us; after one, we end as we would have.
 * @param {import("node:child_process").ChildProcess} child
 * @returns {Promise<{ code: number | null, signal: NodeJS.Signals | null }>}
 */
export function endOf(child) {
  /** @type {NodeJS.Signals | undefined} */
  let received;
  const pass = (signal) => {
    received = signal;
    const fromTerminal = signal === "SIGINT" && process.stdin.isTTY; // Ctrl-C has reached the child as it reached us
    if (!fromTerminal) child.kill(signal);
  };
  const signals = /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"]);
  for (const signal of signals) process.on(signal, pass);
  const done = () => {
    for (const signal of signals) process.off(signal, pass);
  };
  return new Promise((resolve, reject) => {
    child.on("error", (error) => {
      done();
      reject(error);
    });
    child.on("close", (code, signal) => {
      done();
      if (received && code !== 0) process.exit(code ?? 128 + constants.signals[received]);
      resolve({ code, signal });
    });
  });
}
