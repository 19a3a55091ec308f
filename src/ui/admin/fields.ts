import { adminTexts } from "~/ui/texts/admin";

const t = adminTexts;
/** The same limits as the server's. */
const MOST_SATS = 100_000_000;
const MOST_FEE_SATS = 1_000_000;
const SHORTEST_REASON = 3;

const whole = (text: string): number | null => (/^\d{1,15}$/.test(text.trim()) ? Number(text.trim()) : null);
const within = (value: number | null, from: number, to: number): boolean =>
  value !== null && value >= from && value <= to;

export const reasonFault = (text: string): string | null =>
  text.trim().length >= SHORTEST_REASON ? null : t.reason.fault;
export const amountFault = (text: string): string | null =>
  within(whole(text), 1, MOST_SATS) ? null : t.pool.amountFault;
export const feeFault = (text: string): string | null =>
  text.trim() === "" || within(whole(text), 0, MOST_FEE_SATS) ? null : t.payouts.feeFault;
export const preimageFault = (text: string): string | null =>
  text.trim() === "" || /^[0-9a-f]{64}$/i.test(text.trim()) ? null : t.payouts.preimageFault;
