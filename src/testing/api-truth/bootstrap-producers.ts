import { anyInvoice } from "../../../scripts/demo/any-invoice";
import { byToken } from "./job-producers";
import type { Stage } from "./stage";

type Order = { bootstrapJobId: string; refundToken: string; invoice: { paymentHash: string; amountSats: number } };

const path = ({ bootstrapJobId }: Order) => `/api/bootstrap/${bootstrapJobId}`;
const ordered = async ({ call }: Stage): Promise<Order> =>
  (await call("POST", "/api/bootstrap")).json as unknown as Order;
const read = ({ call }: Stage, order: Order) =>
  call("GET", path(order), { headers: { "x-refund-token": order.refundToken } });

async function paid(stage: Stage): Promise<Order> {
  const order = await ordered(stage);
  await stage.call("POST", `/api/dev/stub/pay/${order.invoice.paymentHash}`);
  await read(stage, order);
  return order;
}

/** A node whose time has run out before anything was made. */
async function failed(stage: Stage): Promise<Order> {
  const order = await paid(stage);
  await stage.db.pool.query("UPDATE bootstrap_order SET deadline_at = now() WHERE id = $1", [order.bootstrapJobId]);
  await stage.work();
  return order;
}

export const bootstrapProducers = {
  async "bootstrap.create"(stage: Stage) {
    await ordered(stage);
    await stage.serious("POST", "/api/bootstrap");
  },

  async "bootstrap.get"(stage: Stage) {
    const order = await paid(stage);
    await byToken(stage, "GET", path(order), order.refundToken);
    await stage.work();
    await read(stage, order); // with the key
    await read(stage, order); // without
    await read(stage, await failed(stage));
  },

  async "bootstrap.refund"(stage: Stage) {
    const order = await failed(stage);
    const refund = `${path(order)}/refund`;
    const { amountSats } = order.invoice;
    const claim = (target: object) =>
      stage.call("POST", refund, { body: { refundToken: order.refundToken, ...target } });
    await byToken(stage, "POST", refund, order.refundToken, { lnurl: true });
    await claim({});
    await claim({ invoice: anyInvoice(1) });
    await claim({ lightningAddress: stage.greedyAddress });
    await claim({ invoice: anyInvoice(amountSats) });
    await claim({ invoice: anyInvoice(amountSats) }); // on its way already
    await stage.work();
    await claim({ invoice: anyInvoice(amountSats) }); // nothing is owed any more
    await read(stage, order);
  },
};
