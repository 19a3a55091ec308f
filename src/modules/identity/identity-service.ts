import { createHash } from "node:crypto";
import { wireSats, ZERO_SATS } from "~/core/money";
import { err, ok, type Result } from "~/core/result";
import type { Database } from "~/db/client";
import type { PoolService } from "~/modules/pool/pool-service";
import type { TrustService } from "~/modules/trust/trust-service";
import type { Clock } from "~/ports/clock";
import { CALL_WITHIN_SECONDS, loginFault, type NostrEvent, tagOf } from "./identity";
import type { Login, Me } from "./identity-schema";
import type { UsedProofs } from "./identity-store";
import { loginChallenges } from "./login-challenge";
import { authorisationFault, eventInHeader, FORGED, isGenuine } from "./nostr-event";
import { nostrTokens, type TokenError } from "./nostr-token";

type EventInvalid = { code: "nostrEventInvalid"; detail: string };
export type LoginError = EventInvalid | { code: "nostrChallengeInvalid" };
export type CredentialError = TokenError | EventInvalid | { code: "nostrCredentialsDiffer" };

/** The credentials in a call's headers; null where there are none. */
export type Credentials = {
  token: string | null;
  /** What followed the scheme in `Authorization: Nostr`. */
  signed: string | null;
  /** The call itself. Its URL is null where we do not know our own address. */
  call: { method: string; url: string | null; body: string };
};

/** Our own address, so that nothing signed for somebody else counts here. Null where we do not know it. */
export type OwnAddress = { origin: string; verifyUrl: string } | null;

type Deps = {
  db: Database;
  clock: Clock;
  trust: Pick<TrustService, "standing" | "visited">;
  pool: Pick<PoolService, "usedToday">;
  used: UsedProofs;
  keys: { token: Buffer; challenge: Buffer };
};

/** Nobody's clock is that far off: only then is a used proof forgotten. */
const FORGET_AFTER_MS = 3_600_000;

/** Nostr identities (spec §6): challenges, logins, tokens, and who signed a call. `keys`: HMAC keys of 32 bytes. */
export function identityService({ db, clock, trust, pool, used, keys }: Deps) {
  const tokens = nostrTokens(keys.token);
  const challenges = loginChallenges(keys.challenge);
  const invalid = (detail: string) => err({ code: "nostrEventInvalid", detail } as const);

  /** A login: the challenge is used up by the first valid event, and by nothing else. */
  async function verify(
    { pubkey, event }: { pubkey?: string | undefined; event: NostrEvent },
    ours: OwnAddress,
  ): Promise<Result<Login, LoginError>> {
    if (!ours) return invalid(NAMELESS);
    if (pubkey !== undefined && pubkey !== event.pubkey) return invalid("The event is signed by another key.");
    const now = clock.now();
    const fault = loginFault(event, ours, now);
    if (fault !== null) return invalid(fault);
    const challenge = tagOf(event, "challenge") ?? "";
    const expiresAt = challenges.check(challenge, event.pubkey, now);
    if (!expiresAt) return err({ code: "nostrChallengeInvalid" });
    if (!isGenuine(event)) return invalid(FORGED);
    if (!(await used.use(`challenge:${sha256(challenge)}`, expiresAt))) return err({ code: "nostrChallengeInvalid" });
    const { tier } = await trust.visited(event.pubkey);
    const issued = tokens.issue(event.pubkey, now);
    return ok({
      nostr_token: issued.token,
      pubkey: event.pubkey,
      trust_tier: tier,
      expiresAt: issued.expiresAt.toISOString(),
    });
  }

  const ofToken = (token: unknown) => tokens.read(token, clock.now());

  /**
   * Whose call it is: null (nobody's) without a credential. Every credential given must be valid, and all must belong
   * to one key.
   */
  async function identify({ token, signed, call }: Credentials): Promise<Result<string | null, CredentialError>> {
    const owner = token === null ? ok(null) : ofToken(token);
    if (!owner.ok || signed === null) return owner;
    const { url } = call;
    if (url === null) return invalid(NAMELESS);
    const event = eventInHeader(signed);
    if (!event) return invalid("What follows `Nostr` must be an event (NIP-01) as JSON in base64.");
    const fault = authorisationFault(event, { ...call, url }, clock.now());
    if (fault !== null) return invalid(fault);
    if (owner.value !== null && owner.value !== event.pubkey) return err({ code: "nostrCredentialsDiffer" });
    const expiresAt = new Date((event.created_at + CALL_WITHIN_SECONDS) * 1000);
    const isFirst = await used.use(`event:${event.id}`, expiresAt);
    return isFirst ? ok(event.pubkey) : invalid("The event has already been used: sign a new one.");
  }

  async function me(pubkey: string): Promise<Me> {
    const [standing, usedToday] = await Promise.all([
      trust.standing(db.prisma, pubkey),
      pool.usedToday(db.prisma, pubkey),
    ]);
    return {
      pubkey,
      trust_tier: standing?.tier ?? "new",
      trust_score: standing?.score ?? 0,
      interaction_count: standing?.interactionCount ?? 0,
      sats_absorbed_today: wireSats(usedToday),
      daily_budget_sats: wireSats(standing?.dailyBudgetSats ?? ZERO_SATS),
      last_seen: standing?.lastSeenAt.toISOString() ?? null,
    };
  }

  return {
    /** Anybody may request one for any key: only the key's holder can answer it. */
    challenge: (pubkey: string) => challenges.of(pubkey, clock.now()),
    verify,
    identify,
    /** Whose token it is, of whatever type the given one is. */
    ofToken,
    me,
    /** The key was just proven by a call that counts as a visit. */
    visited: async (pubkey: string): Promise<void> => void (await trust.visited(pubkey)),
    forgetUsedProofs: () => used.forget(new Date(clock.now().getTime() - FORGET_AFTER_MS)),
  };
}
export type IdentityService = ReturnType<typeof identityService>;

const NAMELESS =
  "This server does not know its own public address (PUBLIC_URL), so it cannot tell whether the event was signed for it.";

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
