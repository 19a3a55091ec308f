import { spawnSync } from "node:child_process";
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { edgeServer } from "~/testing/edge-server";
import { fakeContainer } from "~/testing/fake-container";
import { forwardedTo, proxy, type Recording, recordedIn, replayOf } from "~/testing/spoiling-proxy";
import { type TestkitApp, testkitApp } from "~/testing/testkit-app";
import { SPOILS } from "~/testing/testkit-spoils";
import { runTestkit, signing, type TestkitRun, testkitOf } from "../../scripts/testkit/run-testkit";

/** A whole run takes a slow machine minutes. */
const PATIENCE_MS = 900_000;
const PATIENCE = { timeout: PATIENCE_MS };
const SECTIONS = ["server", "errors", "estimate", "demo", "jobs", "sessions", "l402", "bootstrap", "identity"];

/** The checks that a run came to, by title, with the section that each is in. */
function checksOf({ lines }: TestkitRun): { title: string; section: string; failed: boolean; skipped: boolean }[] {
  let section = "";
  return lines.flatMap((line) => {
    section = /^# (\w+)$/.exec(line)?.[1] ?? section;
    const [, not, about = ""] = /^(not )?ok \d+ - (.*)$/.exec(line) ?? [];
    const title = Object.keys(SPOILS).find(
      (known) => about === known || about.startsWith(`${known}: `) || about.startsWith(`${known} # `),
    );
    return about === ""
      ? []
      : [{ title: title ?? about, section, failed: not !== undefined, skipped: about.includes(" # SKIP ") }];
  });
}

describe("the script", () => {
  test("is written for a server by its address, and nothing in that can break out of it", async () => {
    const hosts = ["timmy.example:8443", "[::1]:3000", "$(touch x)", "a';id;'b", "a b", "`id`", "a\tb"];
    await using edge = await edgeServer(await fakeContainer());
    for (const host of hosts) {
      const script = await scriptAs(edge.port, host);
      // What is no Host at all is refused before anything is written.
      if (script.startsWith("HTTP/1.1 400 ")) expect(script).not.toContain(host);
      else expect(script).toMatch(/^BASE='http:\/\/[\w.:[\]-]+'$/m);
    }
    const sly = await fakeContainer({}, { PUBLIC_URL: "https://timmy.example/it's/$(id)" });
    await using strange = await edgeServer(sly);
    const [line = ""] = (await testkitOf(strange.url)).match(/^BASE=.*$/m) ?? [];
    const said = spawnSync("sh", ["-c", `${line}; printf %s "$BASE"`], { encoding: "utf8" });
    expect(said.stdout).toBe(sly.settings.publicUrl);
  });

  test("says so when nobody answers, and comes to its end", async () => {
    const script = (await testkitText()).replace(/^BASE=.*$/m, "BASE=http://127.0.0.1:9");
    const run = await runTestkit(script, { TESTKIT_ONLY: "server errors" });
    expect(run).toMatchObject({ code: 1, passed: 0, skipped: 0, failed: 17 });
  });
});

describe("against a running app", () => {
  let app: TestkitApp;
  beforeAll(async () => {
    app = await testkitApp();
  });
  afterAll(() => app[Symbol.asyncDispose]());

  test("everything passes and nothing is skipped, within the limits that the app has by itself", PATIENCE, async () => {
    const run = await runTestkit(await testkitOf(app.url), signing());
    expect(checksOf(run).filter(({ failed, skipped }) => failed || skipped)).toEqual([]);
    expect(run).toMatchObject({ code: 0, failed: 0, skipped: 0 });
    expect(run.passed).toBeGreaterThanOrEqual(29);
  });

  test("without a command that signs only the login is skipped", async () => {
    const run = await runTestkit(await testkitOf(app.url), { TESTKIT_ONLY: "identity" });
    expect(run).toMatchObject({ code: 0, failed: 0, skipped: 6 });
  });
});

test("where nothing can be paid without money that is skipped, and nothing fails", PATIENCE, async () => {
  await using app = await testkitApp({}, (container) => ({ ...container, devPay: null, playInvoice: null }));
  const run = await runTestkit(await testkitOf(app.url), signing());
  expect(checksOf(run).filter(({ failed }) => failed)).toEqual([]);
  expect(run.code).toBe(0);
  expect(run.skipped).toBeGreaterThan(20);
});

describe("behind a proxy that spoils one answer", () => {
  /** What a whole run was answered, by section: a spoiled run is given the same, but for the one answer. */
  const recordings = new Map<string, Recording>();
  const sectionOf = new Map<string, string>();
  const env = { ...signing(), TESTKIT_PAUSE: "0.1" };
  let script = "";

  beforeAll(async () => {
    await using app = await testkitApp({ TRUST_PROXY: "1" });
    script = await testkitOf(app.url);
    for (const section of SECTIONS) {
      const recording: Recording = new Map();
      await using honest = await proxy(forwardedTo(app.url, "198.51.100.7"), recordedIn(recording));
      const checks = checksOf(await through(honest.url, { TESTKIT_ONLY: section }));
      expect(checks.filter(({ failed, skipped }) => failed || skipped)).toEqual([]);
      recordings.set(section, recording);
      for (const { title } of checks) sectionOf.set(title, section);
    }
  }, PATIENCE_MS);

  const through = (url: string, only: Record<string, string>) =>
    runTestkit(script.replace(/^BASE=.*$/m, `BASE='${url}'`), { ...env, ...only });

  test("every check has its spoiled answer", () => {
    expect([...sectionOf.keys()].sort()).toEqual(Object.keys(SPOILS).sort());
  });

  // The first that fails must be the one whose answer was spoiled.
  test.concurrent.each(Object.entries(SPOILS))("%s", async (title, spoil) => {
    const section = sectionOf.get(title) ?? "";
    await using spoiled = await proxy(replayOf(recordings.get(section) ?? new Map()), spoil());
    const run = await through(spoiled.url, { TESTKIT_ONLY: section, TESTKIT_STOP: "yes", TESTKIT_PAUSE: "0" });
    const failed = checksOf(run).filter((check) => check.failed);
    expect(
      failed.map((check) => check.title),
      run.lines.at(-2),
    ).toEqual([title]);
    expect(run.code).toBe(1);
  });
});

async function testkitText(): Promise<string> {
  await using edge = await edgeServer(await fakeContainer());
  return await testkitOf(edge.url);
}

/** `fetch` would not send such a Host. */
function scriptAs(port: number, host: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.write(`GET /api/testkit HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    });
    let answer = "";
    socket.setEncoding("utf8").on("data", (chunk: string) => {
      answer += chunk;
    });
    socket.once("end", () => resolve(answer)).once("error", reject);
  });
}
