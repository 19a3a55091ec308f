import { err, type Result } from "~/core/result";
import type { Clock } from "~/ports/clock";
import type { BtcPrice, PriceOracle } from "~/ports/price-oracle";
import { fetchPrice } from "./fetch-price";
import type { GoodPrice, LastGoodPriceStore } from "./last-good-price-store";

export type CoinGeckoDeps = {
  store: LastGoodPriceStore;
  clock: Clock;
  /** Another server that speaks CoinGecko's API; null for CoinGecko's own. */
  baseUrl: string | null;
  /** USD for one bitcoin while there is no price at all. */
  fallbackUsd: number;
  /** Told of each failure, for the log. */
  onFailure: (detail: string) => void;
};

const COINGECKO_URL = "https://api.coingecko.com";
/** How long a price counts as current, and how long to wait after a failure. */
const CACHE_MS = 60_000;
const GIVE_UP_MS = 5_000;
/** A price older than this does not count: neither to sell by nor to measure another one against. */
const LAST_GOOD_MS = 3_600_000;
const LARGEST_JUMP = 0.3;

/**
 * The price of bitcoin from CoinGecko (spec §4). It never fails: after a failure the last good price holds for an hour,
 * then the fallback does. Callers share one fetch, and after a failure too the next one waits for a minute.
 *
 * A price that is more than 30 % from the last good one is asked for again at once; twice running, it is a failure. It
 * cannot stay one for ever: the last good price is no measure any more when it is an hour old, and the next price holds.
 */
export function createCoinGeckoOracle(deps: CoinGeckoDeps): PriceOracle {
  const { store, clock, fallbackUsd, onFailure } = deps;
  const baseUrl = deps.baseUrl ?? COINGECKO_URL;
  let lastGood: GoodPrice | null = null;
  let nextTryMs = 0;
  let inFlight: Promise<void> | null = null;

  /** A price from the future, of a clock since put right, counts as none: it would never grow old. */
  function ageMs(price: GoodPrice | null): number {
    const age = price ? clock.now().getTime() - price.asOf.getTime() : Infinity;
    return age < -CACHE_MS ? Infinity : age;
  }

  function present(): BtcPrice {
    if (!lastGood || ageMs(lastGood) >= LAST_GOOD_MS) {
      return { usd: fallbackUsd, source: "fallback", asOf: clock.now() };
    }
    return { ...lastGood, source: ageMs(lastGood) < CACHE_MS ? "live" : "lastGood" };
  }

  async function refresh(): Promise<void> {
    await adoptShared();
    if (ageMs(lastGood) >= CACHE_MS) {
      const asked = await ask(AbortSignal.timeout(GIVE_UP_MS));
      if (!asked.ok) onFailure(asked.error.detail);
      else await keep({ usd: asked.value, asOf: clock.now() });
    }
    const fresh = lastGood && ageMs(lastGood) < CACHE_MS ? lastGood.asOf : clock.now();
    nextTryMs = fresh.getTime() + CACHE_MS;
  }

  async function ask(signal: AbortSignal): Promise<Result<number, { detail: string }>> {
    const first = await fetchPrice(baseUrl, signal);
    if (!first.ok || isPlausible(first.value)) return first;
    const second = await fetchPrice(baseUrl, signal);
    if (!second.ok || isPlausible(second.value)) return second;
    return err({ detail: `too far from the last good price: ${first.value}, ${second.value}` });
  }

  function isPlausible(usd: number): boolean {
    if (!lastGood || ageMs(lastGood) >= LAST_GOOD_MS) return true;
    return Math.abs(usd - lastGood.usd) <= lastGood.usd * LARGEST_JUMP;
  }

  /** Another process may have asked just before, or this one before it was restarted. */
  async function adoptShared(): Promise<void> {
    const shared = await unlessStoreFails(() => store.load());
    if (shared && ageMs(shared) < ageMs(lastGood)) lastGood = shared;
  }

  async function keep(price: GoodPrice): Promise<void> {
    lastGood = price;
    await unlessStoreFails(() => store.save(price));
  }

  /** Without its store the oracle only forgets: a price is no less a price. */
  async function unlessStoreFails<T>(use: () => Promise<T>): Promise<T | null> {
    try {
      return await use();
    } catch {
      onFailure("the store of the last good price does not answer");
      return null;
    }
  }

  return {
    async btcUsd() {
      const waitMs = nextTryMs - clock.now().getTime();
      // None is so long: the clock has been put back since.
      if (waitMs <= 0 || waitMs > 2 * CACHE_MS) {
        inFlight ??= refresh().finally(() => {
          inFlight = null;
        });
        await inFlight;
      }
      return present();
    },
  };
}
