/** Who is in the room: Timmy, and the four who help him. */
export const AGENT_IDS = ["timmy", "alpha", "beta", "gamma", "delta"] as const;

export const AGENT_STATES = ["idle", "working"] as const;

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
