import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type AgentScenario, describeAgentContract } from "~/testing/agent-contract";
import { createCannedAgent } from "./canned-agent";
import { CANNED_REQUESTS } from "./canned-requests";

const REQUESTS: Record<AgentScenario, string> = {
  acceptable: "A haiku about the mempool",
  unacceptable: "A haiku [reject]",
  judgeUnreachable: "A haiku [Judge-Fail]",
  judgeNonsense: "A haiku [nonsense]",
  worked: "A haiku about the mempool",
  truncated: "A haiku [truncate]",
  refused: "A haiku [refuse]",
  empty: "[empty]",
  brokenOff: "A haiku [fail]",
  tasted: "A haiku about the mempool",
  tasteTruncated: "A haiku [truncate]",
  tasteRefused: "A haiku [refuse]",
  tasteEmpty: "[empty]",
  tasteUnreachable: "A haiku [fail]",
};

describeAgentContract("canned", () => ({
  agent: createCannedAgent({ paceMs: 0, slowMs: 0 }),
  requestFor: (scenario) => REQUESTS[scenario],
}));

const agent = createCannedAgent({ paceMs: 0, slowMs: 0 });
const signal = new AbortController().signal;
const work = (request: string, maxTokens = 2048) => agent.work(request, { maxTokens, signal, onText() {} });

describe("the canned agent", () => {
  test("says in every answer that it is canned, before anything else", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "binary", minLength: 1, maxLength: 500 }), async (request) => {
        fc.pre(!CANNED_REQUESTS.some(({ mark }) => request.toLowerCase().includes(mark)));
        const done = await work(request);
        expect(done).toMatchObject({ ok: true, value: { truncated: false } });
        if (done.ok) expect(done.value.text.split("\n")[0]).toMatch(/canned answer \(simulated\)/);
      }),
      { numRuns: 25 },
    );
  });

  test("gives the same request the same answer, and another request another", async () => {
    expect(await work("one")).toEqual(await work("one"));
    expect(await work("one")).not.toEqual(await work("two"));
  });

  test("lets nothing of the request become Markdown", async () => {
    const done = await work("![x](http://evil.example/a.png) <script> `code` **bold** # head");
    const text = done.ok ? done.value.text : "";
    expect(text).toContain("Ah. *x http evil example a png script code bold head.*");
  });

  test("stays within the limit of tokens that it was given", async () => {
    const done = await work("one", 20);
    expect(done).toMatchObject({ ok: true, value: { truncated: true } });
    if (done.ok) expect(done.value.usage.outputTokens).toBeLessThanOrEqual(20);
  });

  test("spreads a slow answer over the time that was set", async () => {
    const slow = createCannedAgent({ paceMs: 0, slowMs: 200 });
    const from = performance.now();
    await slow.work("a haiku [slow]", { maxTokens: 2048, signal, onText() {} });
    // Timers may fire a millisecond early each; that it took longer than no pause at all is the point.
    expect(performance.now() - from).toBeGreaterThan(100);
  });
});
