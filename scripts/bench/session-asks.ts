import { z } from "zod";
import { tokenFrom } from "~/testing/nostr-login";
import { nostrSigner } from "~/testing/nostr-signer";
import { visitor } from "./client";

const DEPOSIT_SATS = 100_000;
const REQUEST = "Write a haiku about a wizard who counts every coin";

/** What a caller waits for, milliseconds: the first piece of the answer, and the end of it. */
export type Wait = { firstMs: number; totalMs: number };
export type Ask = () => Promise<Wait>;

/** A session with a paid deposit, and how to ask it for an answer piece by piece. */
export async function openSession(url: string, whose: "nobody's" | "an identity's" = "nobody's"): Promise<Ask> {
  const headers = { "content-type": "application/json" };
  const login = whose === "nobody's" ? {} : { "x-nostr-token": await tokenFrom(url, nostrSigner()) };
  const opened = await fetch(`${url}/api/sessions`, {
    method: "POST",
    headers: { ...headers, ...login },
    body: JSON.stringify({ amountSats: DEPOSIT_SATS }),
  });
  const { sessionId, macaroon, depositInvoice } = z
    .object({ sessionId: z.string(), macaroon: z.string(), depositInvoice: z.object({ paymentHash: z.string() }) })
    .parse(await opened.json());
  await visitor(url).payStub(depositInvoice.paymentHash);
  const init = {
    method: "POST",
    headers: { ...headers, accept: "text/event-stream", authorization: `Bearer ${macaroon}` },
    body: JSON.stringify({ request: REQUEST }),
  };
  return async () => {
    const from = performance.now();
    const reply = await fetch(`${url}/api/sessions/${sessionId}/request`, init);
    return readPieces(reply, from, "event: delta", "event: done");
  };
}

/** The calls that the app just made, to be made again by a plain client. */
export async function sameCalls(url: string): Promise<Ask> {
  const Calls = z.array(z.object({ purpose: z.string(), request: z.looseObject({}) }));
  const calls = Calls.parse(await (await fetch(`${url}/__calls`)).json());
  const initOf = (purpose: string) => ({
    method: "POST",
    headers: { "content-type": "application/json", "x-api-key": "test-key", "anthropic-version": "2023-06-01" },
    body: JSON.stringify(calls.find((call) => call.purpose === purpose)?.request),
  });
  const [judge, work] = [initOf("judge"), initOf("work")];
  return async () => {
    const from = performance.now();
    const judged = await fetch(`${url}/v1/messages`, judge);
    await judged.json();
    const reply = await fetch(`${url}/v1/messages`, work);
    return readPieces(reply, from, "text_delta", "message_stop");
  };
}

/** Reads to the end. Throws where the marks of a first piece and of a whole answer do not come. */
async function readPieces(reply: Response, from: number, first: string, last: string): Promise<Wait> {
  let text = "";
  let firstMs: number | null = null;
  const decoder = new TextDecoder();
  for await (const bytes of reply.body ?? []) {
    text += decoder.decode(bytes, { stream: true });
    if (firstMs === null && text.includes(first)) firstMs = performance.now() - from;
  }
  if (firstMs === null || !text.includes(last)) throw new Error(`no whole answer: ${reply.status} ${text}`);
  return { firstMs, totalMs: performance.now() - from };
}
