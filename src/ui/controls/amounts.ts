import { texts } from "~/ui/texts";

const whole = new Intl.NumberFormat("en");
const dollars = new Intl.NumberFormat("en", { style: "currency", currency: "USD" });
const SATS_PER_BTC = 100_000_000;

export const wholeNumber = (amount: number): string => whole.format(amount);

/** "10 sats", "1 sat", "12,345 sats". */
export const satsText = (amount: number): string => texts.common.sats(wholeNumber(amount), amount === 1);

/** A dollar value that is only for orientation: cents below a dollar, so that small sums do not read as nothing. */
export function fiatText(amountSats: number, btcPriceUsd: number): string {
  const usd = (amountSats / SATS_PER_BTC) * btcPriceUsd;
  if (usd >= 1) return `≈ ${dollars.format(usd)}`;
  const cents = usd * 100;
  if (cents >= 10) return `≈ ${Math.round(cents)} ¢`;
  if (cents >= 0.1) return `≈ ${cents.toFixed(1)} ¢`;
  return amountSats === 0 ? "0 ¢" : "< 0.1 ¢";
}

/** An exact cost in dollars, with as many digits as it takes for a sum this small. */
export function usdText(usd: number): string {
  if (usd === 0) return "$0";
  const digits = usd >= 1 ? 2 : Math.min(8, 2 - Math.floor(Math.log10(usd)));
  return `$${usd.toFixed(digits)}`;
}

export const bitcoinPriceText = (usd: number): string => `$${whole.format(Math.round(usd))}`;
