import { nostrSigner } from "./nostr-signer";

type Signer = ReturnType<typeof nostrSigner>;

/** A fresh challenge of a server over HTTP. */
export async function challengeFrom(url: string, pubkey: string): Promise<string> {
  const reply = await postJson(`${url}/api/identity/challenge`, { pubkey });
  if (!reply.ok) throw new Error(`no challenge: ${reply.status} ${await reply.text()}`);
  return ((await reply.json()) as { challenge: string }).challenge;
}

/** What a visitor sends to log in: a challenge of this server, signed. */
export const signedLogin = async (url: string, signer = nostrSigner()) => ({
  event: signer.relayLogin(await challengeFrom(url, signer.pubkey), url),
});

/** Logs in over HTTP as a program does, and returns the token. */
export async function tokenFrom(url: string, signer: Signer): Promise<string> {
  const reply = await postJson(`${url}/api/identity/verify`, await signedLogin(url, signer));
  if (!reply.ok) throw new Error(`no login: ${reply.status} ${await reply.text()}`);
  return ((await reply.json()) as { nostr_token: string }).nostr_token;
}

const postJson = (url: string, body: object) =>
  fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
