import { CATALOGUE } from "../catalogue";
import { FLOW_NAMES, type FlowName } from "./flows";
import type { Lane } from "./lane";
import type { Needs } from "./needs";
import { pick, type Random } from "./random";
import type { Violation } from "./snapshot";
import { visit } from "./visitor";

/** So many visitors are in a lane at once. */
const AT_ONCE = 6;
/** The part of them that goes where servers still have to die. */
const TARGETED = 0.5;

export type Visits = {
  lane: Lane;
  needs: Needs;
  goOn: () => boolean;
  broken: (violation: Violation) => void;
  /** Counts the ways that were gone to their end. */
  ended: Map<FlowName, number>;
};

/** Visitors come one after another, several at a time, until no more are wanted; waits for the last to be through. */
export async function receiveVisitors({ lane, needs, goOn, broken, ended }: Visits): Promise<void> {
  const deck = deckOf(lane.world.next);
  let number = 0;
  const oneAfterAnother = async () => {
    while (goOn()) {
      const targets = needs.open().flatMap((spot) => CATALOGUE[spot.slice(spot.indexOf(" ") + 1)]?.by ?? []);
      const targeted = targets.length > 0 && lane.world.next() < TARGETED;
      const name = targeted ? pick(targets, lane.world.next) : deck();
      number += 1;
      try {
        if (await visit(name, number, lane.world)) ended.set(name, (ended.get(name) ?? 0) + 1);
      } catch (error) {
        broken({
          check: JOB_ENDS,
          detail: `${lane.name}: ${name} ${number}: ${told(error)}`,
        });
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, oneAfterAnother));
}
export const JOB_ENDS = "every job reaches its end by itself, and what is owed is paid out";

/** What did not hold, and then the facts. */
function told(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.cause.message}\n    ${error.message}` : error.message;
}

/** Every way once in random order, then again: none is left out by chance. */
function deckOf(next: Random): () => FlowName {
  let cards: FlowName[] = [];
  return () => {
    if (cards.length === 0) cards = [...FLOW_NAMES];
    const [card] = cards.splice(Math.floor(next() * cards.length), 1);
    return card ?? "toInvoice";
  };
}
