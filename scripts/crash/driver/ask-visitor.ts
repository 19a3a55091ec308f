import { z } from "zod";
import { allBooked, withFacts } from "./booked";
import { claimAll } from "./claim";
import type { Reply } from "./client";
import { InvoiceOnWire, type Order } from "./order";
import { Answer, checkAnswer, mustBeCutOff, mustBeTheSame } from "./request";
import { ASK_FLOWS, type AskFlow, type AskFlowName } from "./session-flows";
import { mustHold, type World } from "./world";

const PATH = "/api/l402/ask";
const Challenge = z.object({
  sessionId: z.string(),
  refundToken: z.string(),
  macaroon: z.string(),
  invoice: InvoiceOnWire,
});
const Problem = z.object({ code: z.string() });
const AskAnswer = Answer.extend({ owedSats: z.int() });
type Offer = { order: Order; macaroon: string; invoice: z.infer<typeof InvoiceOnWire> };

/** How often a visitor whose answer was cut off buys again. */
const MOST_TRIES = 5;

/** One visitor who buys one answer, and buys it anew where its server was killed over it. */
export async function askFor(name: AskFlowName, number: number, world: World): Promise<boolean> {
  const flow: AskFlow = ASK_FLOWS[name];
  const request = `${flow.mark ?? ""} ${name} ${number}`.trim();
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const offer = await challenge(request, world);
    const state = await withFacts(offer.order, world, () => buy(offer, request, flow, world));
    if (state === flow.answer) return true;
  }
  return false;
}

async function challenge(request: string, { client }: World): Promise<Offer> {
  const { status, body } = await client.post(PATH, { request });
  mustHold(status === 402, `an answer that nobody paid for was answered with ${status}`);
  return offerOf(body);
}

function offerOf(body: unknown): Offer {
  const { sessionId: id, refundToken, macaroon, invoice } = Challenge.parse(body);
  return { order: { kind: "sessions", id, refundToken }, macaroon, invoice };
}

/** Pays and asks; what is not spent is owed, and claimed. Returns what became of it; null where it was paid too late. */
async function buy(offer: Offer, request: string, flow: AskFlow, world: World): Promise<string | null> {
  const { order, macaroon, invoice } = offer;
  const { wallet, client } = world;
  await wallet.pay(invoice.paymentHash, invoice.paymentRequest);
  const preimage = await wallet.trouble.preimage(invoice.paymentHash);
  const headers = { authorization: `L402 ${macaroon}:${preimage}` };
  const answer = await redeem(request, headers, flow, world);
  if (answer) {
    await checkAnswer(answer, world);
    if (answer.state !== flow.answer) await mustBeCutOff(answer, world);
    const again = await redeem(request, headers, flow, world);
    mustHold(again !== null, "what was bought once is not there any more");
    mustBeTheSame(answer, again);
    const { all } = await world.sessions.requests(order.id);
    mustHold(all === 1, `one payment bought ${all} answers`);
    if (flow.other) {
      const other = await client.post(PATH, { request: `${request}, or something else` }, { headers });
      mustHold(other.status === 402, `something else for the same payment was answered with ${other.status}`);
      mustHold(offerOf(other.body).order.id !== order.id, "a challenge offered what was bought already");
    }
  }
  await allBooked(order, world);
  await claimAll(order, flow, world);
  return answer?.state ?? null;
}

/** Asks with the payment until it is answered; null where there is a challenge anew, since it was paid too late. */
async function redeem(
  request: string,
  headers: Record<string, string>,
  { streamed }: AskFlow,
  { client, eventually }: World,
): Promise<z.infer<typeof AskAnswer> | null> {
  const reply = await eventually("a payment is noticed", async (): Promise<Reply | null> => {
    const asked = await (streamed ? client.stream : client.post)(PATH, { request }, { headers });
    const notYet = asked.status === 401 && Problem.parse(asked.body).code === "DEPOSIT_UNPAID";
    return notYet ? null : asked;
  });
  if (reply.status === 402) return null;
  mustHold(reply.status === 200, `an answer that was paid for was answered with ${reply.status}`);
  return AskAnswer.parse(reply.body);
}
