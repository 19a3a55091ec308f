import { z } from "zod";
import { RequestAnswer } from "~/modules/sessions/session-schema";
import { type Problem, problemOfBody } from "~/ui/api/problem";
import { serverEvents } from "./server-events";

/** What a request came to: its answer, or why there is none. Amounts in sats, where the balance was too low. */
export type AskOutcome = { answer: RequestAnswer } | { problem: Problem; tooLittle: TooLittle | null };
export type TooLittle = z.infer<typeof TooLittle>;

/** Of the 402: what is held for the request, what is there, and by how much to top up. */
const TooLittle = z.object({
  requiredSats: z.number(),
  missingSats: z.number(),
  topup: z.object({ amountSats: z.number() }).loose(),
});
const Delta = z.object({ text: z.string() });
const Ended = RequestAnswer.refine(({ state }) => state !== "running");

type Asked = {
  sessionId: string;
  request: string;
  /** The same for every try: the server runs it once, and gives the same answer to all. */
  idempotencyKey: string;
  headers: Record<string, string>;
};
export type AskListener = {
  /** A piece of the answer. */
  text(piece: string): void;
  /** The connection broke; the request goes on without it. */
  broken(): void;
};
type Wait = (tries: number) => Promise<void>;

const NO_ANSWER: Problem = { code: null, status: null, detail: null };
/** Longer than any outage that somebody waits for in front of a page. */
const MOST_TRIES = 40;

/**
 * Asks, and hears the answer as it is written. Where the connection breaks, the answer is fetched from where it stays;
 * where it broke before anything was heard, the same is sent again under its key. Never runs anything twice.
 */
export async function askRequest(asked: Asked, listener: AskListener, wait: Wait, send = fetch): Promise<AskOutcome> {
  /** Where the answer stays, once the server has begun with it. */
  let place: string | null = null;

  async function attempt(): Promise<AskOutcome | null> {
    if (place !== null) return fetched(place, asked.headers, send);
    const reply = await post(asked, send);
    if (reply.ok && reply.body !== null) {
      place = reply.headers.get("content-location");
      return streamed(reply, listener);
    }
    return reply.status < 500 ? refusal(reply.status, await reply.json().catch(() => null)) : null;
  }

  for (let tries = 1; tries <= MOST_TRIES; tries += 1) {
    // Rejects where the server was not reached, or the answer broke off: tried again below.
    const outcome = await attempt().catch(() => null);
    if (outcome) return outcome;
    listener.broken();
    await wait(tries);
  }
  return { problem: NO_ANSWER, tooLittle: null };
}

const post = ({ sessionId, request, idempotencyKey, headers }: Asked, send: typeof fetch) =>
  send(`/api/sessions/${sessionId}/request`, {
    method: "POST",
    headers: {
      ...headers,
      Accept: "text/event-stream",
      "Content-Type": "application/json",
      "Idempotency-Key": idempotencyKey,
    },
    body: JSON.stringify({ request }),
  });

/** The end that the stream told; null where it stopped without one. */
async function streamed(reply: Response, listener: AskListener): Promise<AskOutcome | null> {
  if (reply.body === null) return null;
  // An answer that was given before comes as it was kept.
  if (!reply.headers.get("content-type")?.startsWith("text/event-stream")) return ended(await reply.json());
  for await (const { event, data } of serverEvents(reply.body)) {
    if (event === "delta") listener.text(Delta.parse(JSON.parse(data)).text);
    if (event === "done") return ended(JSON.parse(data));
    if (event === "error") return refusal(500, JSON.parse(data));
  }
  return null;
}

/** The stored answer once it has ended. */
async function fetched(place: string, headers: Record<string, string>, send: typeof fetch): Promise<AskOutcome | null> {
  const reply = await send(place, { headers });
  const body: unknown = await reply.json();
  if (reply.ok) return ended(body);
  return reply.status < 500 ? refusal(reply.status, body) : null;
}

function ended(body: unknown): AskOutcome | null {
  const answer = Ended.safeParse(body).data;
  return answer ? { answer } : null;
}

function refusal(status: number, body: unknown): AskOutcome {
  return { problem: problemOfBody(status, body), tooLittle: TooLittle.safeParse(body).data ?? null };
}
