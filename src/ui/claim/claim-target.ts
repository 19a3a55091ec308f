import { texts } from "~/ui/texts";

export type ClaimWay = "invoice" | "lightningAddress" | "lnurl";

/** What wallets put before an invoice or an address, in any letter case. */
const SCHEME = /^(lightning:)?(\/\/)?/i;
export const cleanTarget = (text: string): string => text.trim().replace(SCHEME, "").trim();

/** What is wrong with a target before anything is sent, or null. Whether it can be paid, the server knows. */
export function targetFault(way: Exclude<ClaimWay, "lnurl">, target: string): string | null {
  if (way === "invoice") return /^ln[a-z0-9]{20,}$/i.test(target) ? null : texts.claim.invoiceWrong;
  return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(target) ? null : texts.claim.addressWrong;
}
