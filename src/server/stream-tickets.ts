import { createHmac } from "node:crypto";
import { randomHex } from "~/core/ids";
import { err, ok, type Result } from "~/core/result";
import type { Clock } from "~/ports/clock";
import { sameText } from "./same-text";

export type StreamTicketInvalid = { code: "streamTicketInvalid" };

/**
 * A live connection carries no credential in its URL, where proxies and histories keep it: whoever has proven that they
 * may read an order gets a ticket for one connection, good for half a minute and once, in whichever process it arrives.
 */
export type StreamTickets = {
  issue(orderId: string): { ticket: string; expiresAt: string };
  redeem(ticket: string, orderId: string): Promise<Result<null, StreamTicketInvalid>>;
};

const GOOD_FOR_SECONDS = 30;
const NONCE_BYTES = 16;

/** `used`: true for whoever is the first to use it. */
export function streamTickets(
  key: Buffer,
  used: (proof: string, expiresAt: Date) => Promise<boolean>,
  clock: Clock,
): StreamTickets {
  const macOf = (claims: string, orderId: string) =>
    createHmac("sha256", key).update(`${orderId}.${claims}`).digest("base64url");

  return {
    issue(orderId) {
      const expires = Math.floor(clock.now().getTime() / 1000) + GOOD_FOR_SECONDS;
      const claims = `${expires}.${randomHex(NONCE_BYTES)}`;
      return { ticket: `${claims}.${macOf(claims, orderId)}`, expiresAt: new Date(expires * 1000).toISOString() };
    },
    async redeem(ticket, orderId) {
      const [, claims = "", expires = "", mac = ""] = /^((\d{10})\.[0-9a-f]{32})\.([\w-]{43})$/.exec(ticket) ?? [];
      const expiresAt = new Date(Number(expires) * 1000);
      const good =
        claims !== "" &&
        sameText(mac, macOf(claims, orderId)) &&
        clock.now() < expiresAt &&
        (await used(ticket, expiresAt));
      return good ? ok(null) : err({ code: "streamTicketInvalid" });
    },
  };
}
