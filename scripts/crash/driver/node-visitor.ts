import { z } from "zod";
import { allBooked, withFacts } from "./booked";
import { claimAll } from "./claim";
import { hurryNode } from "./faults";
import { NODE_FLOWS, type NodeFlow, type NodeFlowName } from "./node-flows";
import { InvoiceOnWire, type Order, pathOf } from "./order";
import { mustHold, type World } from "./world";

const Created = z.object({ bootstrapJobId: z.string(), refundToken: z.string(), invoice: InvoiceOnWire });
const View = z.object({ state: z.string(), sshPrivateKey: z.string().optional(), sshKeyNote: z.string().optional() });
const PARTS = ["authKey", "server", "sshKey", "volume"];

/** One visitor who orders a node. */
export async function orderNode(name: NodeFlowName, _number: number, world: World): Promise<boolean> {
  const flow: NodeFlow = NODE_FLOWS[name];
  const { status, body } = await world.client.post("/api/bootstrap", {});
  mustHold(status === 201, `a node was refused with ${status}`);
  const { bootstrapJobId: id, refundToken, invoice } = Created.parse(body);
  const order: Order = { kind: "bootstrap", id, refundToken };
  return withFacts(order, world, async () => {
    if (flow.trouble) await world.wallet.trouble.order(`node ${id} health`, flow.trouble);
    if (flow.pay === "wallet") await world.wallet.pay(invoice.paymentHash, invoice.paymentRequest);
    return follow(order, flow, world);
  });
}

async function follow(order: Order, flow: NodeFlow, world: World): Promise<boolean> {
  const { nodes, eventually } = world;
  const state = await eventually(`a node that is to be ${flow.end} comes to its end`, async () => {
    if (flow.trouble === "starting") await hurryNode(order, world);
    const now = (await nodes.node(order.id)).state;
    return now === "awaiting_payment" || now === "provisioning" ? null : now;
  });
  // Killing may have taken all the time of its invoice.
  mustHold(state === flow.end || state === "expired", `a node that was to be ${flow.end} is ${state}`);
  await allBooked(order, world);
  if (state === "ready") await takeKey(order, world);
  else await mustBeRemoved(order, world);
  await claimAll(order, { claim: "invoice" }, world);
  return state === flow.end;
}

/** Two ask at once, and again: one of them at most is given the key, and then it is gone. */
async function takeKey(order: Order, world: World): Promise<void> {
  const { nodes, client } = world;
  const standing = await nodes.standing(order.id);
  mustHold(standing.join() === PARTS.join(), `a node that is ready is made of ${standing.join()}`);
  const read = async () => {
    const { status, body } = await client.get(pathOf(order), { "x-refund-token": order.refundToken });
    mustHold(status === 200, `a node that is ready was answered with ${status}`);
    return View.parse(body);
  };
  const views = [...(await Promise.all([read(), read()])), await read()];
  const keys = views.flatMap(({ sshPrivateKey }) => sshPrivateKey ?? []);
  // None, where the answer that had it was lost with its server.
  mustHold(keys.length <= 1, `a private key was given out ${keys.length} times`);
  mustHold(views.at(-1)?.sshKeyNote !== undefined, "a private key was there still after it was read");
  const { public_key, key_kept, key_taken } = await nodes.node(order.id);
  mustHold(!key_kept && key_taken, "a private key is kept after it was given out");
  const [, blob = "?"] = public_key?.split(" ") ?? [];
  mustHold(
    keys.every((key) => key.includes(blob)),
    "a node was given out with the key of another",
  );
}

/** Of a node that failed nothing is left outside, and its key opens nothing. */
async function mustBeRemoved(order: Order, { nodes, eventually }: World): Promise<void> {
  await eventually("what was made of a failed node is removed", async () =>
    (await nodes.node(order.id)).removal_due ? null : true,
  );
  const standing = await nodes.standing(order.id);
  mustHold(standing.length === 0, `of a node that failed there is left ${standing.join()}`);
  mustHold(!(await nodes.node(order.id)).key_kept, "the key of a node that failed is kept");
}
