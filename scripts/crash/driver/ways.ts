import { askFor } from "./ask-visitor";
import { JOB_FLOWS, type JobFlowName } from "./flows";
import { visitJob } from "./job-visitor";
import { NODE_FLOWS, type NodeFlowName } from "./node-flows";
import { orderNode } from "./node-visitor";
import { ASK_FLOWS, type AskFlowName, SESSION_FLOWS, type SessionFlowName } from "./session-flows";
import { visitSession } from "./session-visitor";
import type { World } from "./world";

/** Every way of a visitor, by its name. */
export type WayName = JobFlowName | SessionFlowName | AskFlowName | NodeFlowName;

/**
 * Goes a way, whatever is killed meanwhile. False when killing took so much time that it came to another end. Throws
 * what did not hold.
 */
type Way = (number: number, world: World) => Promise<boolean>;

const ways = <Name extends string>(
  flows: Readonly<Record<Name, unknown>>,
  go: (name: Name, number: number, world: World) => Promise<boolean>,
): Record<Name, Way> =>
  Object.fromEntries(
    (Object.keys(flows) as Name[]).map((name) => [name, (number: number, world: World) => go(name, number, world)]),
  ) as Record<Name, Way>;

export const WAYS: Readonly<Record<WayName, Way>> = {
  ...ways(JOB_FLOWS, visitJob),
  ...ways(SESSION_FLOWS, visitSession),
  ...ways(ASK_FLOWS, askFor),
  ...ways(NODE_FLOWS, orderNode),
};
export const WAY_NAMES = Object.keys(WAYS) as WayName[];
