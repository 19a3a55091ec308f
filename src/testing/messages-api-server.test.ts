import Anthropic from "@anthropic-ai/sdk";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type MessagesApiServer, startMessagesApiServer } from "./messages-api-server";

let server: MessagesApiServer;
beforeAll(async () => {
  server = await startMessagesApiServer();
});
beforeEach(() => server.reset());
afterAll(() => server.stop());

const PLAIN = { model: "claude-sonnet-5-5", max_tokens: 100, messages: [{ role: "user", content: "Hello" }] };
const post = (body: unknown, headers: Record<string, string> = {}) =>
  fetch(`${server.url}/v1/messages`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "x-api-key": "test-key",
      "anthropic-version": "2023-06-01",
      ...headers,
    },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });

describe("the server of the Messages API", () => {
  test("streams its events in the order of the protocol", async () => {
    const events = (await (await post({ ...PLAIN, stream: true })).text())
      .split("\n\n")
      .filter(Boolean)
      .map((event) => /^event: (\w+)\ndata: (.*)$/.exec(event)?.slice(1) ?? [event, "{}"]);
    const order = events.map(([type]) => type).filter((type, at, all) => type !== all[at - 1]);
    expect(order).toEqual([
      "message_start",
      "content_block_start",
      "content_block_delta",
      "content_block_stop",
      "ping",
      "content_block_start",
      "content_block_delta",
      "content_block_stop",
      "message_delta",
      "message_stop",
    ]);
    for (const [type, data] of events) expect(JSON.parse(data ?? "")).toMatchObject({ type });
  });

  test.each([
    ["no JSON", "{", 400],
    ["an unknown parameter", { ...PLAIN, max_token: 5 }, 400],
    ["no messages", { ...PLAIN, messages: [] }, 400],
    ["an empty text", { ...PLAIN, messages: [{ role: "user", content: "" }] }, 400],
    ["a prefilled answer", { ...PLAIN, messages: [...PLAIN.messages, { role: "assistant", content: "{" }] }, 400],
    ["a temperature", { ...PLAIN, temperature: 0.2 }, 400],
    ["thinking disabled on Sonnet 5.5", { ...PLAIN, thinking: { type: "disabled" } }, 400],
    ["a forced tool", { ...PLAIN, tools: [{ name: "t" }], tool_choice: { type: "tool", name: "t" } }, 400],
    ["effort on Haiku 4.5", { ...PLAIN, model: "claude-haiku-4-5", output_config: { effort: "low" } }, 400],
    ["an unknown model", { ...PLAIN, model: "claude-unknown" }, 404],
  ])("refuses %s in the API's own form", async (_, body, status) => {
    const reply = await post(body);
    expect(reply.status).toBe(status);
    expect(await reply.json()).toMatchObject({ type: "error", error: { type: expect.any(String) } });
    expect(server.calls).toHaveLength(0);
  });

  test("refuses a wrong key and a missing version", async () => {
    expect((await post(PLAIN, { "x-api-key": "other" })).status).toBe(401);
    expect((await post(PLAIN, { "anthropic-version": "" })).status).toBe(400);
    expect((await post(PLAIN)).status).toBe(200);
  });

  test("is driven by another process over HTTP", async () => {
    const control = (path: string, body?: unknown) =>
      fetch(`${server.url}${path}`, body === undefined ? {} : { method: "POST", body: JSON.stringify(body) });
    await control("/__script", [{ has: "Hello", purpose: "judge", fault: { kind: "text", text: "scripted" } }]);
    const client = new Anthropic({ apiKey: "test-key", baseURL: server.url });
    const ask = (content: string) =>
      client.messages
        .create({ ...PLAIN, messages: [{ role: "user", content }] })
        .then(({ content: [, block] }) => block);
    expect(await ask("Goodbye")).toMatchObject({ text: expect.stringContaining("verdict") });
    expect(await ask("Hello")).toMatchObject({ text: "scripted" });
    expect(await ask("Hello")).toMatchObject({ text: expect.stringContaining("verdict") });
    const calls = await (await control("/__calls")).json();
    expect(calls).toMatchObject([{ purpose: "judge", at: expect.any(Number), request: { max_tokens: 100 } }, {}, {}]);
    await control("/__reset", {});
    expect(server.calls).toEqual([]);
  });

  test("says so when a script makes no sense", async () => {
    const reply = await fetch(`${server.url}/__script`, { method: "POST", body: '[{"fault":{"kind":"magic"}}]' });
    expect(reply.status).toBe(500);
  });
});
