import { randomUUID } from "node:crypto";
import { z } from "zod";
import { TEXTS } from "~/modules/sessions/session-texts";
import { type Order, pathOf } from "./order";
import { mustHold, ranOut, type World } from "./world";

export const Answer = z.object({
  requestId: z.string(),
  state: z.enum(["running", "complete", "rejected", "failed"]),
  result: z.string().optional(),
  errorMessage: z.string().optional(),
  debitedSats: z.int(),
});
export type Answer = z.infer<typeof Answer>;

/** How often a visitor whose request was cut off asks again. */
const MOST_TRIES = 6;
const ASKED_AGAIN = 0.3;

type Asked = {
  session: Order;
  headers: Record<string, string>;
  request: string;
  flow: { streamed?: true; by?: string };
  answer: string | undefined;
};

/** Asks a session for something, and anew where its server was killed over it. `keys`: so many requests were made. */
export async function askUntilAnswered(asked: Asked, world: World): Promise<{ answered: boolean; keys: number }> {
  for (let keys = 1; ; keys += 1) {
    const answer = await askOnce(asked, world);
    await checkAnswer(answer, world);
    if (answer.state === asked.answer) return { answered: true, keys };
    await mustBeCutOff(answer, world);
    if (keys === MOST_TRIES) return { answered: false, keys };
  }
}

/** One request; now and then it is asked for again with the same key, as by a client that heard no answer. */
async function askOnce({ session, headers, request, flow }: Asked, world: World): Promise<Answer> {
  const { client, next } = world;
  const asking = { key: randomUUID(), headers };
  const path = `${pathOf(session)}/request`;
  const ask = async () => {
    const reply = flow.streamed
      ? await client.stream(path, { request }, asking)
      : { ...(await client.post(path, { request }, asking)), text: null };
    mustHold(reply.status === 200, `a request of a session was answered with ${reply.status}`);
    const answer = Answer.parse(reply.body);
    if (answer.state === "complete" && reply.text !== null) {
      mustHold(reply.text === answer.result, "what was streamed is not what was answered");
    }
    return answer;
  };
  const first = await ask();
  if (next() < ASKED_AGAIN) mustBeTheSame(first, await ask());
  return first;
}

export function mustBeTheSame(first: Answer, again: Answer): void {
  const same = first.requestId === again.requestId && first.state === again.state && first.result === again.result;
  mustHold(same && first.debitedSats === again.debitedSats, "asked again, it was another answer");
}

/** What was said is what is in the books. */
export async function checkAnswer(answer: Answer, { sessions }: World): Promise<void> {
  const row = await sessions.request(answer.requestId);
  mustHold(row.state === answer.state, `a request that was answered ${answer.state} is ${row.state}`);
  mustHold(row.debited_sats === answer.debitedSats, "a request cost something else than was said");
  mustHold(answer.state !== "failed" || answer.debitedSats === 0, "a failed request cost something");
  mustHold(answer.state !== "complete" || Boolean(answer.result), "a complete request has no result");
}

/** Its server died, or dying took all its time. */
export async function mustBeCutOff({ state, errorMessage, requestId }: Answer, { sessions }: World): Promise<void> {
  const cutOff = state === "failed" && errorMessage === TEXTS.interrupted;
  mustHold(
    cutOff || (state === "failed" && ranOut((await sessions.request(requestId)).took_ms ?? 0)),
    `a request ended ${state}: ${errorMessage ?? ""}`,
  );
}
