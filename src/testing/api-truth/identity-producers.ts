import { nostrTokens } from "~/modules/identity/nostr-token";
import { deriveKey } from "~/server/secrets";
import { signedLogin, tokenFrom } from "../nostr-login";
import { nostrSigner } from "../nostr-signer";
import { TEST_SECRET } from "../workshop";
import type { Stage } from "./stage";

const expiredToken = () =>
  nostrTokens(deriveKey(TEST_SECRET, "nostr token")).issue(nostrSigner().pubkey, new Date(Date.now() - 48 * 3_600_000))
    .token;

export const identityProducers = {
  async "identity.challenge"({ call }: Stage) {
    await call("POST", "/api/identity/challenge", { body: { pubkey: nostrSigner().pubkey } });
    await call("POST", "/api/identity/challenge", { body: { pubkey: "nobody" } });
  },

  async "identity.verify"({ call, url }: Stage) {
    const body = await signedLogin(url);
    await call("POST", "/api/identity/verify", { body });
    await call("POST", "/api/identity/verify", { body }); // used up
  },

  async "identity.me"({ call, url }: Stage) {
    const signer = nostrSigner();
    await call("GET", "/api/identity/me", { headers: { "x-nostr-token": await tokenFrom(url, signer) } });
    const authorization = signer.authorization({ url: `${url}/api/identity/me`, method: "GET" });
    await call("GET", "/api/identity/me", { headers: { authorization } });
    await call("GET", "/api/identity/me");
    await call("GET", "/api/identity/me", { headers: { "x-nostr-token": expiredToken() } });
    const headers = { "x-nostr-token": await tokenFrom(url, signer) };
    const nostr_token = await tokenFrom(url, nostrSigner());
    await call("POST", "/api/jobs", { headers, body: { request: "Whose?", nostr_token } });
  },
};
