import { wireSats } from "~/core/money";
import { invoiceOnWire } from "~/modules/invoices/invoice-wire-service";
import { payoutOnWire } from "~/modules/payouts/refund-wire-service";
import type { NodePart } from "~/ports/node-provider";
import type { BootstrapView, WatchedBootstrap } from "./bootstrap-schema";
import { TEXTS } from "./bootstrap-texts";
import type { BootstrapRecord } from "./bootstrap-view-store";

/** What a view needs besides the order itself. */
export type Surroundings = {
  /** Wallet or machines are simulated. */
  isStub: (provider: string | null) => boolean;
  /** The dev route pays invoices of ours. */
  devPay: boolean;
  terms: string;
  /** Where URLs point, without a slash at the end. */
  origin: string;
};

/** What an order looks like from outside (spec §11), without its private key, which is not part of any view. */
export function viewOf(order: BootstrapRecord, around: Surroundings): BootstrapView {
  const { invoice, payout } = order;
  return {
    bootstrapJobId: order.id,
    state: order.state,
    message: messageOf(order, around),
    stubMode: around.isStub(order.provider),
    createdAt: order.createdAt.toISOString(),
    updatedAt: order.stateChangedAt.toISOString(),
    terms: around.terms,
    owedSats: wireSats(order.owedSats),
    invoice: invoiceOnWire(invoice),
    ...(order.state === "ready" && readyOf(order)),
    ...(order.state === "failed" && order.errorMessage !== null && { errorMessage: order.errorMessage }),
    ...(payout && { payout: payoutOnWire(payout) }),
  };
}

/** What happens now, and what to do. */
export function messageOf(
  order: Pick<BootstrapRecord, "id" | "state" | "message" | "owedSats"> & {
    invoice: Pick<BootstrapRecord["invoice"], "paymentHash" | "amountSats">;
  },
  { origin, devPay }: Pick<Surroundings, "origin" | "devPay">,
): string {
  const here = `${origin}/api/bootstrap/${order.id}`;
  const claim =
    order.owedSats > 0n ? ` ${order.owedSats} sats are owed to you: claim them at POST ${here}/refund.` : "";
  switch (order.state) {
    case "awaiting_payment": {
      const { amountSats, paymentHash } = order.invoice;
      const rehearse = devPay
        ? ` To rehearse it, POST ${origin}/api/dev/stub/pay/${paymentHash} pays the invoice.`
        : "";
      return `Pay the invoice for ${amountSats} sats, and your node will be set up.${rehearse} Then look at GET ${here}.`;
    }
    case "provisioning":
      return `${stageOf(order)}. Look again at GET ${here} in a minute.`;
    case "ready":
      return `Your node is up: follow the next steps.${claim}`;
    case "failed":
      return `The node could not be set up; whatever was set up of it is removed.${claim}`;
    case "expired":
      return `The invoice was not paid in time, and nothing was set up: order again.${claim}`;
  }
}

/** What happens now, in a few words; null where nothing does. */
export const stageOf = ({ state, message }: Pick<BootstrapRecord, "state" | "message">): string | null =>
  state === "provisioning" ? (message ?? TEXTS.begun) : null;

/** The steps to the node: the parts it is made of, and which of them are done. */
export const stepsOf = (order: BootstrapRecord, parts: readonly NodePart[]): WatchedBootstrap["steps"] => [
  ...parts.map((part) => ({ step: part, done: order.parts.includes(part) })),
  { step: "address", done: order.nodeIp !== null },
  { step: "setUp", done: order.state === "ready" },
];

function readyOf(order: BootstrapRecord) {
  const { nodeIp, lnbitsUrl, tailscaleHostname, keyWaiting } = order;
  if (nodeIp === null || lnbitsUrl === null) throw new Error(`node ${order.id} is ready and cannot be reached`);
  return {
    nodeIp,
    tailscaleHostname,
    lnbitsUrl,
    nextSteps: [...TEXTS.nextSteps(nodeIp, lnbitsUrl)],
    sshKeyNote: keyWaiting ? TEXTS.keyNote.waiting : TEXTS.keyNote.taken,
  };
}
