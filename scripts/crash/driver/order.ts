import { z } from "zod";

/** An order of any kind, as its payer holds it. */
export type Order = { kind: "jobs" | "sessions" | "bootstrap"; id: string; refundToken: string };
export const pathOf = ({ kind, id }: Order): string => `/api/${kind}/${id}`;

/** An invoice as the API tells of it. */
export const InvoiceOnWire = z.object({ paymentHash: z.string(), paymentRequest: z.string() });
