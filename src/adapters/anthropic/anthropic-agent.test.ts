import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type AgentScenario, describeAgentContract } from "~/testing/agent-contract";
import { UNACCEPTABLE_WORD } from "~/testing/messages-api-answer";
import type { Script } from "~/testing/messages-api-script";
import { type MessagesApiServer, startMessagesApiServer } from "~/testing/messages-api-server";
import { type AnthropicSettings, createAnthropicAgent } from "./anthropic-agent";

const API_KEY = "sk-ant-secret-0123456789";
const SERVER_SECRET = "the server's own words";
const REQUEST = "A haiku about the mempool, please 🧙";
const HAIKU = "claude-haiku-5-5";
const SONNET = "claude-sonnet-5-5";

const agentAt = (baseUrl: string, settings: Partial<AnthropicSettings> = {}) =>
  createAnthropicAgent({ apiKey: API_KEY, baseUrl, evalModel: HAIKU, workModel: SONNET, maxRetries: 1, ...settings });

const SCRIPTS: Record<AgentScenario, Script> = {
  acceptable: [],
  unacceptable: [],
  judgeUnreachable: [{ fault: { kind: "overloaded" }, times: 2 }],
  judgeNonsense: [{ fault: { kind: "text", text: "Sure! It is acceptable." } }],
  worked: [],
  truncated: [{ fault: { kind: "maxTokens" } }],
  refused: [{ fault: { kind: "refusal" } }],
  empty: [{ fault: { kind: "text", text: "" } }],
  brokenOff: [{ fault: { kind: "brokenStream" } }],
  tasted: [],
  tasteTruncated: [{ fault: { kind: "maxTokens" } }],
  tasteRefused: [{ fault: { kind: "refusal" } }],
  tasteEmpty: [{ fault: { kind: "text", text: " " } }],
  tasteUnreachable: [{ fault: { kind: "overloaded" } }],
};

describeAgentContract("anthropic", async () => {
  const server = await startMessagesApiServer({ apiKey: API_KEY });
  return {
    agent: agentAt(server.url),
    requestFor(scenario) {
      server.reset();
      server.script(...SCRIPTS[scenario]);
      return scenario === "unacceptable" ? `How do I print ${UNACCEPTABLE_WORD} notes?` : REQUEST;
    },
    stop: server.stop,
  };
});

describe("the Anthropic agent", () => {
  let server: MessagesApiServer;
  beforeAll(async () => {
    server = await startMessagesApiServer({ apiKey: API_KEY });
  });
  beforeEach(() => server.reset());
  afterAll(() => server.stop());

  const signal = new AbortController().signal;
  const judge = (settings: Partial<AnthropicSettings> = {}) => agentAt(server.url, settings).judge(REQUEST, signal);
  const work = (settings: Partial<AnthropicSettings> = {}, onText: (piece: string) => void = () => {}) =>
    agentAt(server.url, settings).work(REQUEST, { maxTokens: 2048, signal, onText });

  test("judges with the cheap model, without thinking, and asks for the form", async () => {
    await judge();
    expect(server.calls).toMatchObject([
      {
        request: {
          model: HAIKU,
          thinking: { type: "disabled" },
          output_config: { effort: "low", format: { type: "json_schema" } },
        },
      },
    ]);
  });

  test("works with the strong model, thinking little, within the tokens that were quoted", async () => {
    await work();
    expect(server.calls).toMatchObject([
      {
        request: {
          model: SONNET,
          max_tokens: 2048,
          stream: true,
          output_config: { effort: "low" },
          messages: [{ role: "user", content: REQUEST }],
        },
      },
    ]);
  });

  test("gives a taste by the cheap model, without thinking, in one try", async () => {
    const demo = () => agentAt(server.url, { maxRetries: 5 }).demo(REQUEST, signal);
    await demo();
    expect(server.calls).toMatchObject([
      { purpose: "demo", request: { model: HAIKU, max_tokens: 400, thinking: { type: "disabled" } } },
    ]);
    server.script({ fault: { kind: "overloaded" } });
    expect(await demo()).toMatchObject({ ok: false, error: { code: "agentUnreachable" } });
    expect(server.calls).toHaveLength(2);
  });

  test("chats by the cheap model, without thinking, in 150 tokens and one try", async () => {
    const chat = () => agentAt(server.url, { maxRetries: 5 }).chat("Good evening", signal);
    expect(await chat()).toMatchObject({ ok: true, value: { text: "Well met. The kettle is on." } });
    expect(server.calls).toMatchObject([
      { purpose: "chat", request: { model: HAIKU, max_tokens: 150, thinking: { type: "disabled" } } },
    ]);
    server.script({ fault: { kind: "overloaded" } });
    expect(await chat()).toMatchObject({ ok: false, error: { code: "agentUnreachable" } });
    expect(server.calls).toHaveLength(2);
  });

  test.each([HAIKU, SONNET, "claude-opus-5-5", "claude-haiku-4-5"])(
    "%s takes all calls: the server refuses whatever a model does not know",
    async (model) => {
      expect(await judge({ evalModel: model })).toMatchObject({ ok: true });
      expect(await agentAt(server.url, { evalModel: model }).demo(REQUEST, signal)).toMatchObject({ ok: true });
      expect(await work({ workModel: model })).toMatchObject({ ok: true });
    },
  );

  test("sends a model of another house nothing but the bare protocol", async () => {
    const gateway = await startMessagesApiServer({ apiKey: API_KEY, gateway: true });
    const agent = agentAt(gateway.url, { evalModel: "qwen3-8b", workModel: "qwen3-8b" });
    expect(await agent.judge(REQUEST, signal)).toMatchObject({ ok: true, value: { verdict: "acceptable" } });
    expect(await agent.work(REQUEST, { maxTokens: 2048, signal, onText() {} })).toMatchObject({ ok: true });
    expect(gateway.calls).toMatchObject([{ purpose: "judge" }, { purpose: "work" }]);
    await gateway.stop();
  });

  test.each<{ verdict: string; text: string }>([
    { verdict: "words around the form", text: 'Here it is: {"verdict":"acceptable","reason":""}' },
    { verdict: "a fenced form", text: '```json\n{"verdict":"acceptable","reason":""}\n```' },
    { verdict: "two forms", text: '{"verdict":"unacceptable","reason":"no"}{"verdict":"acceptable","reason":""}' },
    { verdict: "another verdict", text: '{"verdict":"approved","reason":""}' },
    { verdict: "another field", text: '{"verdict":"acceptable","reason":"","note":"x"}' },
    { verdict: "no reason at all", text: '{"verdict":"unacceptable","reason":"  "}' },
    { verdict: "half a form", text: '{"verdict":"acceptable"' },
    { verdict: "a number", text: "1" },
    { verdict: "nothing", text: "" },
  ])("$verdict is nonsense, never an approval, and is paid for", async ({ text }) => {
    server.script({ fault: { kind: "text", text } });
    expect(await judge()).toMatchObject({
      ok: false,
      error: { code: "agentNonsense", usage: { inputTokens: expect.any(Number) } },
    });
  });

  test("a judgement that was cut off is nonsense, even where it reads as an approval", async () => {
    server.script({ fault: { kind: "maxTokens", text: '{"verdict":"acceptable","reason":""}' } });
    expect(await judge()).toMatchObject({ ok: false, error: { code: "agentNonsense" } });
  });

  test("a judge that declines has judged: unacceptable, with a reason of ours", async () => {
    server.script({ fault: { kind: "refusal", text: '{"verdict":"acceptable","reason":""}' } });
    expect(await judge()).toMatchObject({ ok: true, value: { verdict: "unacceptable", reason: expect.any(String) } });
  });

  test("a long reason is cut, and its lines become one", async () => {
    const reason = `first\nsecond ${"🧙".repeat(400)}`;
    server.script({ fault: { kind: "text", text: JSON.stringify({ verdict: "unacceptable", reason }) } });
    const judged = await judge();
    if (!judged.ok || judged.value.verdict !== "unacceptable") throw new Error("not judged unacceptable");
    expect(judged.value.reason).toMatch(/^first second 🧙/);
    expect([...judged.value.reason]).toHaveLength(300);
  });

  test("tries again after 429, 529 and 5xx, and then succeeds", async () => {
    for (const fault of [
      { kind: "rateLimited" },
      { kind: "overloaded" },
      { kind: "apiError" },
      { kind: "html" },
    ] as const) {
      server.script({ fault });
      expect(await judge()).toMatchObject({ ok: true });
      server.script({ fault });
      expect(await work()).toMatchObject({ ok: true });
    }
  });

  const LASTING = [
    { kind: "rateLimited" },
    { kind: "overloaded" },
    { kind: "apiError", message: SERVER_SECRET },
    { kind: "apiError", status: 400, type: "invalid_request_error", message: SERVER_SECRET },
    { kind: "html" },
    { kind: "html", status: 200 },
    { kind: "cut" },
    { kind: "hang" },
  ] as const;
  test.each(LASTING)("a lasting %j leaves the agent unreachable, and says nothing of the server", async (fault) => {
    server.script({ fault, times: 1000 });
    for (const failed of [await judge({ silenceMs: 800 }), await work({ silenceMs: 800 })]) {
      expect(failed).toMatchObject({ ok: false, error: { code: "agentUnreachable" } });
      const said = JSON.stringify(failed);
      for (const secret of [API_KEY, server.url, new URL(server.url).port, SERVER_SECRET])
        expect(said).not.toContain(secret);
    }
  });

  test.each(["brokenStream", "endedStream", "stalledStream", "errorEvent"] as const)(
    "a stream that ends as %s is no answer, however much of it has come",
    async (kind) => {
      server.script({ fault: { kind }, times: 1000 });
      const pieces: string[] = [];
      const failed = await work({ silenceMs: 1000 }, (piece) => pieces.push(piece));
      expect(failed).toMatchObject({ ok: false, error: { code: "agentUnreachable" } });
      expect(pieces.length).toBeGreaterThan(1);
      // Another try would repeat what was already shown: that is for the caller to decide.
      expect(server.calls).toHaveLength(1);
    },
  );

  test("a slow stream that keeps giving signs of life is waited for", async () => {
    server.script({ fault: { kind: "slow", pieceMs: 120 } });
    expect(await work({ silenceMs: 1500 })).toMatchObject({ ok: true, value: { truncated: false } });
  });

  test("a server that asks for too long a wait is given up for now", async () => {
    server.script({ fault: { kind: "rateLimited", retryAfterSeconds: 3600 }, times: 1000 });
    expect(await judge({ silenceMs: 300 })).toMatchObject({
      ok: false,
      error: { code: "agentUnreachable", detail: "silent for 300 ms" },
    });
  });

  test("nobody listening at the address leaves the agent unreachable", async () => {
    const gone = await startMessagesApiServer();
    await gone.stop();
    expect(await agentAt(gone.url, { maxRetries: 0 }).judge(REQUEST, signal)).toMatchObject({
      ok: false,
      error: { code: "agentUnreachable", detail: "no connection ECONNREFUSED" },
    });
  });

  test("a wrong key leaves the agent unreachable, and is not shown", async () => {
    const wrong = await judge({ apiKey: "sk-ant-wrong" });
    expect(wrong).toMatchObject({ ok: false, error: { code: "agentUnreachable" } });
    expect(JSON.stringify(wrong)).toContain("401 authentication_error");
    expect(JSON.stringify(wrong)).not.toContain("sk-ant-wrong");
  });

  test("settles by the bill of the final message, thinking included", async () => {
    const done = await work();
    if (!done.ok) throw new Error("not done");
    // The server starts its stream with one output token and ends it with the whole bill.
    expect(done.value.usage.outputTokens).toBeGreaterThan(Buffer.byteLength(done.value.text) / 4);
    expect(done.value.text).not.toContain("A visitor asks");
  });

  test("text that came before a refusal is no answer", async () => {
    server.script({ fault: { kind: "refusal", text: "First you take" } });
    expect(await work()).toMatchObject({ ok: false, error: { code: "agentRefused", usage: expect.anything() } });
  });

  test("white space alone is empty, also when it was cut off", async () => {
    server.script({ fault: { kind: "text", text: " \n\n " } });
    expect(await work()).toMatchObject({ ok: false, error: { code: "agentEmpty" } });
    server.script({ fault: { kind: "maxTokens", text: "" } });
    expect(await work()).toMatchObject({ ok: false, error: { code: "agentEmpty" } });
  });

  test("pieces that arrive together with the caller's goodbye are for nobody", async () => {
    server.script({ fault: { kind: "burst" } });
    const caller = new AbortController();
    const pieces: string[] = [];
    const onText = (piece: string) => {
      pieces.push(piece);
      caller.abort();
    };
    const left = await agentAt(server.url).work(REQUEST, { maxTokens: 2048, signal: caller.signal, onText });
    expect(left).toMatchObject({ ok: false, error: { code: "agentUnreachable", detail: "aborted" } });
    expect(pieces).toHaveLength(1);
  });

  test("a listener that throws is a mistake of ours, not a broken stream", async () => {
    const mistake = new Error("cannot listen");
    await expect(
      work({}, () => {
        throw mistake;
      }),
    ).rejects.toBe(mistake);
  });
});
