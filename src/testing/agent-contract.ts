import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Agent, Usage } from "~/ports/agent";

export type AgentScenario =
  | "acceptable"
  | "unacceptable"
  | "judgeUnreachable"
  | "judgeNonsense"
  | "worked"
  | "truncated"
  | "refused"
  | "empty"
  | "brokenOff"
  | "tasted"
  | "tasteTruncated"
  | "tasteRefused"
  | "tasteEmpty"
  | "tasteUnreachable";

/** An agent, and how to bring each outcome about: the request that does it, after whatever else had to be arranged. */
export type AgentUnderTest = {
  agent: Agent;
  requestFor(scenario: AgentScenario): string | Promise<string>;
  stop?(): Promise<void>;
};

const MAX_TOKENS = 2048;

/** What jobs and sessions rely on, whichever agent is behind the port. */
export function describeAgentContract(name: string, start: () => AgentUnderTest | Promise<AgentUnderTest>): void {
  describe(`the agent contract: ${name}`, () => {
    let subject: AgentUnderTest;
    beforeAll(async () => {
      subject = await start();
    });
    afterAll(async () => subject.stop?.());

    const judge = async (scenario: AgentScenario, signal = new AbortController().signal) => {
      const request = await subject.requestFor(scenario);
      return { request, result: await subject.agent.judge(request, signal) };
    };

    const work = async (
      scenario: AgentScenario,
      whenHeard?: (pieces: readonly string[]) => void,
      signal?: AbortSignal,
    ) => {
      const request = await subject.requestFor(scenario);
      const pieces: string[] = [];
      const result = await subject.agent.work(request, {
        maxTokens: MAX_TOKENS,
        signal: signal ?? new AbortController().signal,
        onText(piece) {
          pieces.push(piece);
          whenHeard?.(pieces);
        },
      });
      return { request, pieces, result };
    };

    const demo = async (scenario: AgentScenario, signal = new AbortController().signal) => {
      const request = await subject.requestFor(scenario);
      return { request, result: await subject.agent.demo(request, signal) };
    };

    const expectWithinCeiling = (usage: Usage, request: string, promptBytes: number, maxTokens: number) => {
      expect(Number.isInteger(usage.inputTokens) && Number.isInteger(usage.outputTokens)).toBe(true);
      expect(usage.inputTokens).toBeGreaterThan(0);
      expect(usage.inputTokens).toBeLessThanOrEqual(Buffer.byteLength(request) + promptBytes);
      expect(usage.outputTokens).toBeGreaterThanOrEqual(0);
      expect(usage.outputTokens).toBeLessThanOrEqual(maxTokens);
    };

    test("knows the ceiling of what its calls add", () => {
      const { promptBytes, judgeMaxTokens, demoMaxTokens, chatMaxTokens } = subject.agent;
      for (const limit of [...Object.values(promptBytes), judgeMaxTokens, demoMaxTokens, chatMaxTokens]) {
        expect(Number.isInteger(limit) && limit > 0).toBe(true);
      }
    });

    test("judges a request acceptable, at a usage within its ceiling", async () => {
      const { request, result } = await judge("acceptable");
      expect(result).toMatchObject({ ok: true, value: { verdict: "acceptable" } });
      const { promptBytes, judgeMaxTokens } = subject.agent;
      if (result.ok) expectWithinCeiling(result.value.usage, request, promptBytes.judge, judgeMaxTokens);
    });

    test("judges a request unacceptable, with a reason for the visitor", async () => {
      const { result } = await judge("unacceptable");
      expect(result).toMatchObject({
        ok: true,
        value: { verdict: "unacceptable", reason: expect.stringMatching(/\S{2,}/) },
      });
    });

    test("tells a judge out of reach from one that talks nonsense", async () => {
      expect((await judge("judgeUnreachable")).result).toMatchObject({
        ok: false,
        error: { code: "agentUnreachable" },
      });
      expect((await judge("judgeNonsense")).result).toMatchObject({ ok: false, error: { code: "agentNonsense" } });
    });

    test("works: the pieces, in order, are the text, at a usage within the ceiling", async () => {
      const { request, pieces, result } = await work("worked");
      expect(result).toMatchObject({ ok: true, value: { truncated: false, text: pieces.join("") } });
      expect(pieces.length).toBeGreaterThan(1);
      expect(pieces).not.toContain("");
      if (result.ok) expectWithinCeiling(result.value.usage, request, subject.agent.promptBytes.work, MAX_TOKENS);
    });

    test("says when the text was cut off by the limit of tokens", async () => {
      const { pieces, result } = await work("truncated");
      expect(result).toMatchObject({ ok: true, value: { truncated: true, text: pieces.join("") } });
      expect(pieces.join("")).toMatch(/\S/);
    });

    test("tells refused, empty and broken off apart", async () => {
      expect((await work("refused")).result).toMatchObject({ ok: false, error: { code: "agentRefused" } });
      expect((await work("empty")).result).toMatchObject({ ok: false, error: { code: "agentEmpty" } });
      const broken = await work("brokenOff");
      expect(broken.result).toMatchObject({ ok: false, error: { code: "agentUnreachable" } });
      expect(broken.pieces.length).toBeGreaterThan(0);
    });

    test("gives a free taste, at a usage within its ceiling", async () => {
      const { request, result } = await demo("tasted");
      expect(result).toMatchObject({ ok: true, value: { truncated: false, text: expect.stringMatching(/\S/) } });
      const { promptBytes, demoMaxTokens } = subject.agent;
      if (result.ok) expectWithinCeiling(result.value.usage, request, promptBytes.demo, demoMaxTokens);
    });

    test("tells a taste cut off, refused, empty and out of reach apart", async () => {
      expect((await demo("tasteTruncated")).result).toMatchObject({ ok: true, value: { truncated: true } });
      expect((await demo("tasteRefused")).result).toMatchObject({ ok: false, error: { code: "agentRefused" } });
      expect((await demo("tasteEmpty")).result).toMatchObject({ ok: false, error: { code: "agentEmpty" } });
      expect((await demo("tasteUnreachable")).result).toMatchObject({ ok: false, error: { code: "agentUnreachable" } });
    });

    test("says a word back in the chat, at a usage within its ceiling", async () => {
      const line = await subject.requestFor("tasted");
      const result = await subject.agent.chat(line, new AbortController().signal);
      expect(result).toMatchObject({ ok: true, value: { text: expect.stringMatching(/\S/) } });
      const { promptBytes, chatMaxTokens } = subject.agent;
      if (result.ok) expectWithinCeiling(result.value.usage, line, promptBytes.chat, chatMaxTokens);
    });

    test("does nothing for a caller that has already gone", async () => {
      const aborted = { ok: false, error: { code: "agentUnreachable" } };
      expect((await judge("acceptable", AbortSignal.abort())).result).toMatchObject(aborted);
      expect((await demo("tasted", AbortSignal.abort())).result).toMatchObject(aborted);
      expect(await subject.agent.chat("Good evening", AbortSignal.abort())).toMatchObject(aborted);
      const { pieces, result } = await work("worked", undefined, AbortSignal.abort());
      expect(result).toMatchObject(aborted);
      expect(pieces).toEqual([]);
    });

    test("stops in the middle of the work when the caller goes", async () => {
      const caller = new AbortController();
      const { pieces, result } = await work("worked", () => caller.abort(), caller.signal);
      expect(result).toMatchObject({ ok: false, error: { code: "agentUnreachable" } });
      expect(pieces).toHaveLength(1);
    });
  });
}
