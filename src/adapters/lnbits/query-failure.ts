import type { z } from "zod";
import { err, ok, type Result } from "~/core/result";
import type { WalletFailure } from "~/ports/lightning-wallet";
import type { Reply } from "./lnbits-http";
import { Trouble } from "./lnbits-shapes";

/** LNbits' default limit counts by the minute. */
const BUSY_SECONDS = 60;
const MAX_WORDS = 200;

/** Reads the answer to a question, or says why there is none. */
export function readAnswer<T>(reply: Reply, shape: z.ZodType<T>): Result<T, WalletFailure> {
  if (reply.kind !== "answer") return err({ code: "walletDown", detail: reply.detail });
  if (reply.status < 200 || reply.status > 299) return err(refusal(reply));
  const parsed = shape.safeParse(reply.json);
  if (parsed.success) return ok(parsed.data);
  return err({ code: "walletDown", detail: "LNbits answered something else than was asked" });
}

function refusal({ status, json, retryAfterSeconds }: Extract<Reply, { kind: "answer" }>): WalletFailure {
  const detail = `LNbits answered ${status}: ${wordsOf(json)}`;
  if (status === 429) return { code: "walletBusy", detail, retryAfterSeconds: retryAfterSeconds ?? BUSY_SECONDS };
  // 520 is LNbits' own: "failed" means that it will not, "pending" that its node did not.
  const unwilling = status === 520 && Trouble.safeParse(json).data?.status === "failed";
  // A wrong key is 404 "Wallet not found." in LNbits.
  if (unwilling || (status >= 400 && status <= 499)) return { code: "walletRefused", detail };
  return { code: "walletDown", detail };
}

/** LNbits' own words for the operator's log, short, and without anything that looks like a key, hash or preimage. */
export function wordsOf(json: unknown): string {
  const { detail } = Trouble.safeParse(json).data ?? { detail: "(no words)" };
  return detail
    .replace(/[\p{C}\s]+/gu, " ")
    .replace(/\b[0-9a-f]{32,}\b|\bhttps?:\S+/gi, "…")
    .trim()
    .slice(0, MAX_WORDS);
}
