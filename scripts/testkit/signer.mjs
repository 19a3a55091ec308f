/**
 * Signs Nostr events with the key in TESTKIT_KEY (hex): an unsigned one on standard input, the signed one on standard
 * output. For the script of GET /api/testkit, as its TESTKIT_SIGNER.
 */
import { text } from "node:stream/consumers";
import { finalizeEvent } from "nostr-tools/pure";

const { kind, tags, content } = JSON.parse(await text(process.stdin));
const key = Uint8Array.from(Buffer.from(process.env.TESTKIT_KEY ?? "", "hex"));
const { id, pubkey, created_at, sig } = finalizeEvent(
  { kind, tags, content, created_at: Math.floor(Date.now() / 1000) },
  key,
);
process.stdout.write(JSON.stringify({ id, pubkey, created_at, kind, tags, content, sig }));
