import { err } from "~/core/result";
import { identityLimited, procedure, router, unwrap } from "~/server/trpc";
import { AskChallenge, ChallengeAnswer, Login, Me, Verify } from "./identity-schema";

const tag = "Identity";
const VERIFY_PATH = "/identity/verify";

export const identityRouter = router({
  challenge: procedure
    .meta({
      openapi: {
        method: "POST",
        path: "/identity/challenge",
        summary: "Begin a login: a challenge for the Nostr key to sign, good once, for 5 minutes",
        tag,
        problems: ["tooManyRequests"],
      },
    })
    .input(AskChallenge)
    .output(ChallengeAnswer)
    .use(identityLimited)
    .mutation(({ ctx, input: { pubkey } }) => {
      const { challenge, expiresAt } = ctx.container.identity.challenge(pubkey);
      return { challenge, expiresAt: expiresAt.toISOString() };
    }),

  verify: procedure
    .meta({
      openapi: {
        method: "POST",
        path: VERIFY_PATH,
        summary: "Log in with the signed challenge: the token is good for 24 hours",
        tag,
        problems: ["nostrChallengeInvalid", "tooManyRequests"],
      },
    })
    .input(Verify)
    .output(Login)
    .use(identityLimited)
    .mutation(async ({ ctx, input }) => {
      const origin = ctx.ownOrigin();
      const ours = origin === null ? null : { origin, verifyUrl: `${origin}/api${VERIFY_PATH}` };
      return unwrap(await ctx.container.identity.verify(input, ours));
    }),

  me: procedure
    .meta({
      openapi: {
        method: "GET",
        path: "/identity/me",
        summary: "The standing of the caller's key: tier, score, budget",
        tag,
        login: true,
        problems: ["nostrLoginRequired"],
      },
    })
    .output(Me)
    .query(async ({ ctx }) => {
      const pubkey = await ctx.identity();
      return pubkey === null ? unwrap(err({ code: "nostrLoginRequired" })) : ctx.container.identity.me(pubkey);
    }),
});
