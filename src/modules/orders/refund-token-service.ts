import { createHmac, timingSafeEqual } from "node:crypto";
import { err, ok, type Result } from "~/core/result";

export type RefundTokenError = { code: "refundTokenMissing" } | { code: "refundTokenWrong" };

export type RefundTokens = {
  of(orderId: string): string;
  check(orderId: string, given: string | undefined): Result<null, RefundTokenError>;
};

/**
 * Derived, so that nothing that moves money is stored in the database: HMAC-SHA256 of a server secret and the order's
 * id.
 */
export function refundTokens(secret: string): RefundTokens {
  const of = (orderId: string) => createHmac("sha256", secret).update(`refund:${orderId}`).digest("base64url");
  return {
    of,
    check(orderId, given) {
      if (!given) return err({ code: "refundTokenMissing" });
      const wanted = Buffer.from(of(orderId));
      const presented = Buffer.from(given);
      const same = wanted.length === presented.length && timingSafeEqual(wanted, presented);
      return same ? ok(null) : err({ code: "refundTokenWrong" });
    },
  };
}
