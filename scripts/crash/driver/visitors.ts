import { CATALOGUE } from "../catalogue";
import { pointOf } from "../protocol";
import type { Lane } from "./lane";
import type { Needs } from "./needs";
import { pick, type Random } from "./random";
import type { Violation } from "./snapshot";
import { WAY_NAMES, WAYS, type WayName } from "./ways";

/** How many visitors are in a lane at once. */
const AT_ONCE = 6;
/** The part of them that goes where servers still have to die. */
const TARGETED = 0.5;
const TRIES_IN_PEACE = 3;

export type Visits = {
  lane: Lane;
  needs: Needs;
  broken: (violation: Violation) => void;
  /** The ways that were gone to their end, and how often. Shared by all lanes. */
  ended: Map<WayName, number>;
  /** What is wanted just now: any way, one of these, each that was never gone to its end, or nobody any more. */
  wanted: () => "any" | readonly WayName[] | "missing" | "nobody";
};

/** Visitors come one after another, several at a time, until no more are wanted; waits for the last to be through. */
export async function receiveVisitors({ lane, needs, broken, ended, wanted }: Visits): Promise<void> {
  const { next } = lane.world;
  const deck = deckOf(next);
  const underWay: WayName[] = [];
  /** How often a way led elsewhere although nothing was killed any more. */
  const inVain = new Map<WayName, number>();
  let number = 0;

  /** Where servers still have to die, and a part of the time, or for as long as one was never gone, any way. */
  function choose(): WayName | null {
    const now = wanted();
    if (now === "nobody") return null;
    if (now === "missing") return missing() ?? null;
    if (now !== "any") return pick(now, next);
    const targets = needs.open().flatMap((spot) => CATALOGUE[pointOf(spot)]?.by ?? []);
    return targets.length > 0 && (next() < TARGETED || ended.size === WAY_NAMES.length) ? pick(targets, next) : deck();
  }

  const missing = () =>
    WAY_NAMES.find((name) => !ended.has(name) && !underWay.includes(name) && (inVain.get(name) ?? 0) < TRIES_IN_PEACE);

  async function go(name: WayName): Promise<void> {
    underWay.push(name);
    number += 1;
    try {
      if (await WAYS[name](number, lane.world)) ended.set(name, (ended.get(name) ?? 0) + 1);
      else if (wanted() === "missing") inVain.set(name, (inVain.get(name) ?? 0) + 1);
    } catch (error) {
      broken({ check: WAY_ENDS, detail: `${lane.name}: ${name} ${number}: ${told(error)}` });
    } finally {
      underWay.splice(underWay.indexOf(name), 1);
    }
  }

  const oneAfterAnother = async () => {
    for (let name = choose(); name !== null; name = choose()) await go(name);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, oneAfterAnother));
}
export const WAY_ENDS = "every order reaches its end by itself, and what is owed is paid out";

/** What did not hold, and then the facts. */
function told(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.cause.message}\n    ${error.message}` : error.message;
}

/** Every way once in random order, then again: none is left out by chance. */
function deckOf(next: Random): () => WayName {
  let cards: WayName[] = [];
  return () => {
    if (cards.length === 0) cards = [...WAY_NAMES];
    const [card] = cards.splice(Math.floor(next() * cards.length), 1);
    return card ?? "toInvoice";
  };
}
