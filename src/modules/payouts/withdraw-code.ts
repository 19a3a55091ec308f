import { bech32 } from "@scure/base";

/** LUD-01: a URL as the bech32 text that wallets scan, upper case for the QR code's alphanumeric mode. */
export function encodeLnurl(url: string): string {
  const words = bech32.toWords(new TextEncoder().encode(url));
  return bech32.encode("lnurl", words, false).toUpperCase();
}
