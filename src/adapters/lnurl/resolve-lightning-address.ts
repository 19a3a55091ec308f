import { z } from "zod";
import { msat, type Sats, sats, toMsat } from "~/core/money";
import { err, ok, type Result } from "~/core/result";
import type { DecodeInvoice } from "~/ports/bolt11";
import type { LightningAddressFailure, ResolveLightningAddress } from "~/ports/lightning-address";
import { type GuardedGetFailure, type GuardedGetOptions, guardedGet } from "./guarded-get";
import { payRequestUrl } from "./lightning-address";

export type LightningAddressParts = {
  decodeInvoice: DecodeInvoice;
  /** host:port of services on private addresses that may be asked, by plain http: for development and tests. */
  privateHosts?: readonly string[];
  /** For the whole conversation, milliseconds. */
  timeoutMs?: number;
};

const DEFAULT_TIMEOUT_MS = 5_000;
const MAX_REASON_LENGTH = 200;

/** LUD-06: what may be sent, in msat. */
const PayRequest = z.object({
  tag: z.literal("payRequest"),
  callback: z.url(),
  minSendable: z.int().positive(),
  maxSendable: z.int().positive(),
});
const PayAnswer = z.object({ pr: z.string() });
const Refusal = z.object({ status: z.literal("ERROR"), reason: z.string().catch("") });

/**
 * LUD-16 by LUD-06: from `name@host` to an invoice for exactly the amount, over connections that reach public hosts
 * alone.
 */
export function lightningAddressResolver(parts: LightningAddressParts): ResolveLightningAddress {
  const privateHosts = new Set(parts.privateHosts?.map((host) => host.toLowerCase()));
  const timeoutMs = parts.timeoutMs ?? DEFAULT_TIMEOUT_MS;

  return async (address, amountSats, options = {}) => {
    const url = payRequestUrl(address, privateHosts);
    if (!url) return unusable("This is not a Lightning address: those look like name@host.");
    const deadline = AbortSignal.timeout(timeoutMs);
    const signal = options.signal ? AbortSignal.any([options.signal, deadline]) : deadline;
    const ask: Ask = (target, shape) => askService(target, shape, { privateHosts, signal });

    const offer = await ask(url, PayRequest);
    if (!offer.ok) return offer;
    const range = checkRange(offer.value, amountSats);
    if (!range.ok) return range;

    const callback = new URL(offer.value.callback);
    callback.searchParams.set("amount", toMsat(amountSats).toString());
    const answer = await ask(callback, PayAnswer);
    if (!answer.ok) return answer;

    const invoice = parts.decodeInvoice(answer.value.pr);
    if (!invoice.ok) return unusable("The service of this address answered with an unreadable invoice.");
    if (invoice.value.amountMsat !== toMsat(amountSats)) {
      return unusable("The service of this address answered with an invoice for another amount.");
    }
    return ok({ paymentRequest: invoice.value.paymentRequest });
  };
}

type Ask = <T>(url: URL, shape: z.ZodType<T>) => Promise<Result<T, LightningAddressFailure>>;

function checkRange(
  offer: z.infer<typeof PayRequest>,
  amountSats: Sats,
): Result<null, Exclude<LightningAddressFailure, { code: "addressUnreachable" }>> {
  const [min, max] = [msat(offer.minSendable), msat(offer.maxSendable)];
  const amount = toMsat(amountSats);
  if (min <= amount && amount <= max) return ok(null);
  const [minSats, maxSats] = [sats((min + 999n) / 1000n), sats(max / 1000n)];
  if (minSats > maxSats) return unusable("The service of this address accepts no whole number of sats.");
  return err({ code: "addressAmountOutOfRange", minSats, maxSats });
}

async function askService<T>(
  url: URL,
  shape: z.ZodType<T>,
  options: GuardedGetOptions,
): Promise<Result<T, LightningAddressFailure>> {
  const answer = await guardedGet(url, options);
  if (!answer.ok) return err(FAILURES[answer.error.code]);
  const json = parseJson(answer.value.body);
  const refusal = Refusal.safeParse(json);
  if (refusal.success) return unusable(`The service of this address refuses: ${printable(refusal.data.reason)}`);
  const { status } = answer.value;
  if (status >= 500 || status === 429)
    return err({ code: "addressUnreachable", detail: "The service of this address is having trouble." });
  if (status === 404) return unusable("There is no such Lightning address at its host.");
  const parsed = shape.safeParse(json);
  if (status !== 200 || !parsed.success)
    return unusable("The host of this address does not answer the way a Lightning address should.");
  return ok(parsed.data);
}

const FAILURES = {
  forbidden: {
    code: "addressUnusable",
    detail: "This address leads to a place we do not connect to: it needs https, a public host and the usual port.",
  },
  unknownHost: { code: "addressUnusable", detail: "The host of this address does not exist." },
  tooLarge: { code: "addressUnusable", detail: "The host of this address sends far too much data." },
  tooManyRedirects: { code: "addressUnusable", detail: "The host of this address redirects without end." },
  noAnswer: { code: "addressUnreachable", detail: "The host of this address is not answering." },
} as const satisfies Record<GuardedGetFailure["code"], LightningAddressFailure>;

const unusable = (detail: string) => err({ code: "addressUnusable", detail } as const);

/** A stranger's words, fit to be shown: one short line. */
const printable = (reason: string) =>
  reason
    .replace(/[\p{C}\s]+/gu, " ")
    .trim()
    .slice(0, MAX_REASON_LENGTH);

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
