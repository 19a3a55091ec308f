/** Who is in the room: Timmy, and the four who help him. */
export const AGENT_IDS = ["timmy", "alpha", "beta", "gamma", "delta"] as const;
export type AgentId = (typeof AGENT_IDS)[number];

export const AGENT_STATES = ["idle", "working"] as const;
export type AgentState = (typeof AGENT_STATES)[number];
export type AgentStates = Readonly<Record<AgentId, AgentState>>;

/**
 * What happens to money and answers, as everybody may see it: `*:paid` when an invoice is settled, `job:done` when an
 * answer is finished, `pool:*` when the generosity pool gets or gives, `change:sent` when somebody is paid back.
 */
export const MOMENTS = [
  "job:paid",
  "session:paid",
  "node:paid",
  "job:done",
  "pool:credited",
  "pool:granted",
  "change:sent",
] as const;
export type Moment = (typeof MOMENTS)[number];

/** Whether coins move. */
export const movesMoney = (moment: Moment): boolean => moment !== "job:done";

/** Whether anything of a kind goes on, in whatever process. */
export type Activity = { judging: boolean; working: boolean; thinking: boolean; moneyMoving: boolean };

/** Each helper is at what is theirs; Timmy is while any of them is. */
export function agentStates({ judging, working, thinking, moneyMoving }: Activity): AgentStates {
  const state = (busy: boolean): AgentState => (busy ? "working" : "idle");
  return {
    timmy: state(judging || working || thinking || moneyMoving),
    alpha: state(judging),
    beta: state(working),
    gamma: state(thinking),
    delta: state(moneyMoving),
  };
}

/** How full the jar is: empty 0, as it was at first 0.5, and towards 1 for ever more. In steps too coarse to tell of an order. */
export function poolLevel(balanceSats: bigint, seedSats: number): number {
  const balance = Number(balanceSats);
  if (balance <= 0) return 0;
  const level = balance / (balance + Math.max(1, seedSats));
  return Math.round(level * LEVEL_STEPS) / LEVEL_STEPS;
}
const LEVEL_STEPS = 50;

/** An amount to its first digit: enough for a heap of coins, too little to know an order by. */
export function aboutSats(exact: bigint): number {
  const digits = String(exact).length;
  const unit = 10 ** (digits - 1);
  return Math.round(Number(exact) / unit) * unit;
}
