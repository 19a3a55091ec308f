import { z } from "zod";
import { Instant, InvoiceOnWire, OwedSats, PayoutOnWire, SatsOnWire } from "~/modules/orders/order-schema";
import { BOOTSTRAP_STATES, type BootstrapState } from "./bootstrap";

const BootstrapStateOnWire = z.enum(BOOTSTRAP_STATES as [BootstrapState, ...BootstrapState[]]);
const StubMode = z
  .boolean()
  .meta({ description: "Wallet or machine are simulated: no real sats are paid, or no real node is made" });
const Message = z.string().meta({ description: "What happens now, and what to do" });

export const CreatedBootstrap = z.object({
  bootstrapJobId: z.uuid(),
  state: BootstrapStateOnWire,
  message: Message,
  stubMode: StubMode,
  createdAt: Instant,
  terms: z.string().meta({ description: "What the fee buys, and for how long" }),
  refundToken: z
    .string()
    .meta({ description: "Keep it: it alone reads this order, its private key, and moves its money" }),
  invoice: InvoiceOnWire,
});
export type CreatedBootstrap = z.infer<typeof CreatedBootstrap>;

export const BootstrapView = z.object({
  bootstrapJobId: z.uuid(),
  state: BootstrapStateOnWire,
  message: Message,
  stubMode: StubMode,
  createdAt: Instant,
  updatedAt: Instant.meta({ description: "When the state last changed" }),
  terms: z.string().meta({ description: "What the fee buys, and for how long" }),
  owedSats: OwedSats,
  invoice: InvoiceOnWire,
  nodeIp: z.ipv4().optional(),
  tailscaleHostname: z.string().nullable().optional().meta({ description: "Null where there is no private network" }),
  lnbitsUrl: z.string().optional(),
  nextSteps: z.array(z.string()).optional(),
  sshPrivateKey: z.string().optional().meta({
    description: "PEM (PKCS#1), in one answer ever: whoever reads first gets it, and it is erased here",
  }),
  sshKeyNote: z
    .string()
    .optional()
    .meta({ description: "What became of the private key, where it is not in this answer" }),
  errorMessage: z.string().optional(),
  payout: PayoutOnWire.optional(),
});
export type BootstrapView = z.infer<typeof BootstrapView>;

/** On the way from the payment to the node, in this order. Not every node needs all of them. */
const NodeStep = z.enum(["sshKey", "authKey", "volume", "server", "address", "setUp"]);

/** The order as a page watches it: never with the key, only whether it still waits to be given out. */
export const WatchedBootstrap = BootstrapView.omit({ sshPrivateKey: true }).extend({
  sshKeyWaiting: z.boolean(),
  steps: z.array(z.object({ step: NodeStep, done: z.boolean() })),
  stage: z.string().nullable().meta({ description: "What happens now, in words of the machine's; null at an end" }),
});
export type WatchedBootstrap = z.infer<typeof WatchedBootstrap>;

/** What visitors should know before they order. */
export const BootstrapOffer = z.object({
  feeSats: SatsOnWire,
  terms: z.string(),
  stubMode: StubMode,
  available: z
    .boolean()
    .meta({ description: "False where real sats would be asked and there is nobody to make a node" }),
  timeoutSeconds: z.int().meta({ description: "What is not ready by then has failed, and its fee is owed" }),
});
export type BootstrapOffer = z.infer<typeof BootstrapOffer>;
