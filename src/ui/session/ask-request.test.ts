import { expect, test } from "vitest";
import { askRequest } from "./ask-request";

const ANSWER = {
  requestId: "c1d7b1a4-94b4-4f0b-8b0e-2b1f6f1f0f42",
  sessionId: "5e0c7c92-0a35-4ac4-8f3c-5b1a7e0c2d11",
  state: "complete",
  createdAt: "2026-11-22T12:00:00.000Z",
  trust_tier: "anonymous",
  result: "one two",
  truncated: false,
  debitedSats: 19,
  balanceSats: 81,
};
const PLACE = `/api/sessions/${ANSWER.sessionId}/requests/${ANSWER.requestId}`;
const event = (name: string, data: unknown) => `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
const json = (status: number, body: unknown) => Response.json(body, { status });

/** An answer by events; `breaks`: the connection is lost after them. */
const stream = (events: string[], { breaks = false } = {}) =>
  new Response(
    new ReadableStream<Uint8Array>({
      pull(controller) {
        const next = events.shift();
        if (next !== undefined) controller.enqueue(new TextEncoder().encode(next));
        else if (breaks) controller.error(new TypeError("network error"));
        else controller.close();
      },
    }),
    { headers: { "content-type": "text/event-stream", "content-location": PLACE } },
  );

/** A server that gives these answers in turn; a null is no answer at all. */
async function ask(replies: (Response | null)[]) {
  const calls: { url: string; method: string; key: string | null }[] = [];
  let heard = "";
  let breaks = 0;
  const send = (async (url: string, init: RequestInit = {}) => {
    const headers = new Headers(init.headers);
    calls.push({ url, method: init.method ?? "GET", key: headers.get("idempotency-key") });
    const reply = replies.shift();
    if (!reply) throw new TypeError("Failed to fetch");
    return reply;
  }) as typeof fetch;
  const asked = { sessionId: ANSWER.sessionId, request: "count", idempotencyKey: "k".repeat(32), headers: {} };
  const listener = {
    text(piece: string) {
      heard += piece;
    },
    broken() {
      breaks += 1;
    },
  };
  const outcome = await askRequest(asked, listener, async () => {}, send);
  return { outcome, calls, heard, breaks };
}

test("heard piece by piece, then whole", async () => {
  const { outcome, heard, breaks, calls } = await ask([
    stream([event("delta", { text: "one " }), event("delta", { text: "two" }), event("done", ANSWER)]),
  ]);
  expect(outcome).toMatchObject({ answer: { result: "one two", debitedSats: 19 } });
  expect([heard, breaks, calls.length]).toEqual(["one two", 0, 1]);
});

test("a stream that breaks off is followed to where its answer stays, until that has ended", async () => {
  const running = { ...ANSWER, state: "running", result: undefined };
  const { outcome, calls, breaks } = await ask([
    stream([event("delta", { text: "one " })], { breaks: true }),
    null,
    json(503, {}),
    json(200, running),
    json(200, ANSWER),
  ]);
  expect(outcome).toMatchObject({ answer: { state: "complete" } });
  expect(calls.map(({ method }) => method)).toEqual(["POST", "GET", "GET", "GET", "GET"]);
  expect(calls.slice(1).every(({ url }) => url === PLACE)).toBe(true);
  expect(breaks).toBe(4);
});

test("where nothing was heard the same is sent again under the same key, so that it runs once", async () => {
  const { outcome, calls } = await ask([null, json(503, {}), json(200, ANSWER)]);
  expect(outcome).toMatchObject({ answer: { requestId: ANSWER.requestId } });
  expect(calls.map(({ method }) => method)).toEqual(["POST", "POST", "POST"]);
  expect(new Set(calls.map(({ key }) => key)).size).toBe(1);
});

test("too little is told with what is missing, and is final", async () => {
  const body = {
    code: "BALANCE_TOO_LOW",
    status: 402,
    detail: "too little",
    requiredSats: 46,
    balanceSats: 40,
    missingSats: 6,
    topup: { amountSats: 100 },
  };
  const { outcome, calls } = await ask([json(402, body)]);
  expect(outcome).toMatchObject({ problem: { code: "BALANCE_TOO_LOW" }, tooLittle: { missingSats: 6 } });
  expect(calls).toHaveLength(1);
});

test("a server that is never reached is given up on in the end", async () => {
  const { outcome } = await ask([]);
  expect(outcome).toMatchObject({ problem: { status: null }, tooLittle: null });
});
