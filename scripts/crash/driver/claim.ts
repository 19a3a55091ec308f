import { bech32 } from "@scure/base";
import { z } from "zod";
import type { PayTrouble } from "../outside/trouble";
import { expirePayout } from "./faults";
import type { ClaimWay } from "./flows";
import { type Order, pathOf } from "./order";
import { mustHold, type World } from "./world";

const Code = z.object({ lnurl: z.string() });
const MOST_CLAIMS = 20;

type Claiming = { claim?: ClaimWay | undefined; trouble?: PayTrouble | undefined };

/** Claims what is owed until it is paid out: a payout that failed is owed again, and claimed by another invoice. */
export async function claimAll(
  order: Order,
  { claim: way = "invoice", trouble }: Claiming,
  world: World,
): Promise<void> {
  const { orders, eventually } = world;
  for (let claims = 0; ; claims += 1) {
    const { owed_msat } = await eventually("a payout comes to its end", async () => {
      const money = await orders.money(order.id);
      return money.in_flight_msat === 0n ? money : null;
    });
    if (owed_msat === 0n) return;
    mustHold(claims < MOST_CLAIMS, "an order that was claimed again and again is still owed");
    await claim(order, way, Number(owed_msat / 1000n), world, claims === 0 ? trouble : undefined);
  }
}

async function claim(order: Order, way: ClaimWay, owedSats: number, world: World, trouble?: PayTrouble): Promise<void> {
  const { client, wallet } = world;
  const { refundToken } = order;
  if (way === "code") return claimByCode(order, owedSats, world);
  const invoice = way === "invoice" ? await wallet.invoice(owedSats, trouble) : null;
  const target = invoice ? { invoice: invoice.paymentRequest } : { lightningAddress: visitorsAddress(world) };
  const { status, body } = await client.post(`${pathOf(order)}/refund`, { refundToken, ...target });
  // An address that was claimed to by a lost answer's twin is in flight already.
  mustHold(status === 200 || (way === "address" && status === 409), `a claim by ${way} was answered with ${status}`);
  if (!invoice) return;
  const { paymentHash } = z.object({ paymentHash: z.string() }).parse(body);
  mustHold(paymentHash === invoice.paymentHash, "a claim was answered with another payout");
}

/** A claim to an invoice that the wallet does not try to pay, and that then is over: it is given up, and owed again. */
export async function claimInVain(order: Order, world: World): Promise<void> {
  const { owed_msat } = await world.orders.money(order.id);
  const { refundToken } = order;
  const invoice = (await world.wallet.invoice(Number(owed_msat / 1000n), "notSent")).paymentRequest;
  await world.client.post(`${pathOf(order)}/refund`, { refundToken, invoice });
  await expirePayout(order, world);
}

export const visitorsAddress = ({ addressHost }: World): string => `visitor@${addressHost}`;

/** LUD-03: the code, then the wallet's call back, asked again until it is answered. */
async function claimByCode(order: Order, owedSats: number, { client, wallet }: World): Promise<void> {
  const { refundToken } = order;
  const offered = await client.post(`${pathOf(order)}/refund`, { refundToken, lnurl: true });
  mustHold(offered.status === 200, `a code was answered with ${offered.status}`);
  const { lnurl } = Code.parse(offered.body);
  const { words } = bech32.decode(lnurl.toLowerCase() as `${string}1${string}`, false);
  const url = new URL(new TextDecoder().decode(bech32.fromWords(words)));
  const { paymentRequest } = await wallet.invoice(owedSats);
  url.searchParams.set("pr", paymentRequest);
  // The server may have moved to another port since. What it refuses is claimed again with a fresh code.
  await client.get(`${url.pathname}${url.search}`);
}
