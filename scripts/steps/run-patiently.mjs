import { spawn } from "node:child_process";

/**
 * Runs a command that may hang, without a terminal or input. Rejects with the end of what it printed when it fails,
 * takes longer than `timeoutMs`, or prints nothing for `silenceMs`; then it is killed with all its children.
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: Record<string, string>, timeoutMs: number, silenceMs?: number }} options
 *   `env` is added to this process's environment
 * @returns {Promise<void>}
 */
export function runPatiently(command, args, { cwd, env, timeoutMs, silenceMs = timeoutMs }) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    let output = "";
    const fail = (why) => reject(new Error(`${[command, ...args].join(" ")} ${why}\n${tail(output)}`));
    const stop = (why) => {
      killGroup(child.pid);
      fail(why);
    };
    const deadline = setTimeout(() => stop(`took more than ${timeoutMs / 1000} s`), timeoutMs);
    let silence;
    const heard = (chunk = "") => {
      output = (output + chunk).slice(-20_000);
      clearTimeout(silence);
      silence = setTimeout(() => stop(`said nothing for ${silenceMs / 1000} s`), silenceMs);
    };
    heard();
    child.stdout.on("data", heard);
    child.stderr.on("data", heard);
    child.on("error", (error) => fail(`did not start: ${error.message}`));
    child.on("close", (code, signal) => {
      clearTimeout(deadline);
      clearTimeout(silence);
      if (code === 0) resolve();
      else fail(`ended with ${code ?? signal}`);
    });
  });
}

function killGroup(pid) {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended by itself meanwhile.
  }
}

const tail = (text) => text.trim().split("\n").slice(-6).join("\n");
