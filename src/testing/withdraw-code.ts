import { bech32 } from "@scure/base";

/** The k1 that an LNURL of ours carries, as a wallet reads it. */
export function k1Of(lnurl: string): string {
  const { words } = bech32.decode(lnurl.toLowerCase() as `${string}1${string}`, 2000);
  return new URL(new TextDecoder().decode(bech32.fromWords(words))).searchParams.get("k1") ?? "";
}
