import { connect } from "node:net";
import { expect, test } from "vitest";
import { runPatiently } from "./run-patiently.mjs";

const node = (script: string, limits: { timeoutMs: number; silenceMs?: number }) =>
  runPatiently(process.execPath, ["-e", script], limits);

test("a command that works resolves", async () => {
  await expect(node("process.exit(0)", { timeoutMs: 60_000 })).resolves.toBeUndefined();
});

test("a command that fails says what it said last", async () => {
  const failing = node("console.error('no such host'); process.exit(3)", { timeoutMs: 60_000 });
  await expect(failing).rejects.toThrow(/ended with 3\nno such host/);
});

test("a command that does not exist is a failure", async () => {
  await expect(runPatiently("no-such-command", [], { timeoutMs: 60_000 })).rejects.toThrow(/did not start/);
});

test("a command that hangs is ended with its children", async () => {
  const serve = "const s = net.createServer(); s.listen(0, '127.0.0.1', () => console.log(s.address().port))";
  const hanging = `child_process.spawn(process.execPath, ["-e", ${JSON.stringify(serve)}], { stdio: "inherit" })`;
  const error = await node(hanging, { timeoutMs: 5_000 }).catch((reason: Error) => reason);
  expect(String(error)).toMatch(/took more than 5 s\n\d+$/);
  const port = Number(/\d+$/.exec(String(error))?.[0]);
  await expect.poll(() => answers(port)).toBe(false);
});

test("a command that falls silent is ended", async () => {
  const silent = "console.log('10 %'); setInterval(() => {}, 1e6)";
  await expect(node(silent, { timeoutMs: 60_000, silenceMs: 1_000 })).rejects.toThrow(/said nothing for 1 s\n10 %/);
});

function answers(port: number) {
  return new Promise<boolean>((resolve) => {
    const socket = connect(port, "127.0.0.1", () => resolve(true));
    socket.on("connect", () => socket.destroy()).on("error", () => resolve(false));
  });
}
