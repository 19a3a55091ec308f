import { z } from "zod";
import { Instant } from "~/modules/orders/order-schema";
import { TrustTier } from "~/modules/trust/trust-schema";

const Pubkey = z
  .string()
  .regex(/^[0-9a-f]{64}$/, "A Nostr public key is 64 lowercase hex digits.")
  .meta({
    description: "A Nostr public key: 64 lowercase hex digits",
    example: "3bf0c63fcb93463407af97a5e5ee64fa883d107ef9e558472c4eb9aaaefa459d",
  });

/** Only the form. Whether the values are right is checked together with the signature. */
export const NostrEventOnWire = z
  .object({
    id: z.string(),
    pubkey: z.string(),
    created_at: z.int().meta({ description: "Seconds since 1970, within 10 minutes of now" }),
    kind: z.int().meta({ description: "22242 or 27235" }),
    tags: z.array(z.array(z.string())),
    content: z.string(),
    sig: z.string(),
  })
  .meta({
    description:
      "A signed event (NIP-01) with the tag `challenge`. Kind 22242: its tag `relay` is this server's origin. Kind 27235: its tag `u` is the URL of this endpoint and `method` is POST. Of each of these tags there is one.",
  });

export const AskChallenge = z.object({ pubkey: Pubkey });
export const ChallengeAnswer = z.object({
  challenge: z.string().meta({ description: "Good for one login of this key" }),
  expiresAt: Instant,
});

export const Verify = z.object({
  pubkey: z.string().optional().meta({ description: "If given, the event must be signed by this key" }),
  event: NostrEventOnWire,
});
export const Login = z.object({
  nostr_token: z.string().meta({ description: "Send it as header `X-Nostr-Token` or body field `nostr_token`" }),
  pubkey: Pubkey,
  trust_tier: TrustTier,
  expiresAt: Instant,
});
export type Login = z.infer<typeof Login>;

export const Me = z.object({
  pubkey: Pubkey,
  trust_tier: TrustTier,
  trust_score: z.int().min(0),
  interaction_count: z.int().min(0),
  sats_absorbed_today: z.int().min(0).meta({ description: "What the pool paid for this key today (UTC)" }),
  daily_budget_sats: z.int().min(0),
  last_seen: Instant.nullable().meta({ description: "ISO 8601, UTC; null for a key that never logged in here" }),
});
export type Me = z.infer<typeof Me>;
