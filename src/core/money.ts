declare const unit: unique symbol;

/** Whole satoshis, never negative: the unit of every price, balance and debt. */
export type Sats = bigint & { readonly [unit]: "sats" };
/** Thousandths of a satoshi, never negative: only the ledger and the wallet port speak them. */
export type Msat = bigint & { readonly [unit]: "msat" };

const MSAT_PER_SAT = 1000n;

/** The only constructor of an amount. Throws on a negative one, and on a number that is not whole. */
export const sats = (amount: bigint | number): Sats => notNegative(BigInt(amount)) as Sats;
/** The same for thousandths. */
export const msat = (amount: bigint | number): Msat => notNegative(BigInt(amount)) as Msat;

export const ZERO_SATS = sats(0n);
/** Exact. */
export const toMsat = (amount: Sats): Msat => msat(amount * MSAT_PER_SAT);
/** What a wallet credited, in whole sats: the fraction is rounded down, since a credit never exceeds what came in. */
export const creditSats = (amount: Msat): Sats => sats(amount / MSAT_PER_SAT);
/** Throws when the result would be negative: debts are accounts, not negative amounts. */
export const subtractSats = (a: Sats, b: Sats): Sats => sats(a - b);
export const minSats = (a: Sats, b: Sats): Sats => (a < b ? a : b);

/** The JSON form on the wire: a whole number. Throws above 2^53, where numbers stop being exact. */
export function wireSats(amount: Sats): number {
  const wire = Number(amount);
  if (!Number.isSafeInteger(wire)) throw new RangeError(`amount does not fit a JSON number: ${amount}`);
  return wire;
}

function notNegative(amount: bigint): bigint {
  if (amount < 0n) throw new RangeError(`negative amount: ${amount}`);
  return amount;
}
