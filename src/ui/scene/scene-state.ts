/** Who is in the room. The words of the feed. */
export const AGENT_IDS = ["timmy", "alpha", "beta", "gamma", "delta"] as const;
export type AgentId = (typeof AGENT_IDS)[number];
export type AgentState = "idle" | "working";

/** All that the room shows of the world. Whoever draws it needs to know nothing else. */
export type WorldState = {
  agents: Record<AgentId, AgentState>;
  /** How full the jar of the generosity pool is, 0–1. */
  poolLevel: number;
  /** A counter that only grows: each increase lets that many coins fly to the jar. */
  coins: number;
};

/** Before anything has been heard: everybody rests. */
export const RESTING_WORLD: WorldState = {
  agents: { timmy: "idle", alpha: "idle", beta: "idle", gamma: "idle", delta: "idle" },
  poolLevel: 0.5,
  coins: 0,
};

/** More in the air at once would be a fountain. */
const MOST_COINS_AT_ONCE = 12;

/** How many coins fly when the counter goes from one value to another. A counter that restarts lets none fly. */
export function coinsToFly(before: number, after: number): number {
  return Math.max(0, Math.min(MOST_COINS_AT_ONCE, after - before));
}

/** The level as something that can be drawn, whatever came in. */
export function levelOf(world: WorldState): number {
  return Number.isFinite(world.poolLevel) ? Math.max(0, Math.min(1, world.poolLevel)) : 0;
}
