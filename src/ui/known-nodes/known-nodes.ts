import { keptList } from "~/ui/kept/kept-list";
import { isInstant, isObject, isText, isUuid } from "~/ui/kept/read-json";

/** What this browser keeps of a node that was ordered: its refund token reads it, opens its key and claims its money. */
export type KnownNode = { bootstrapJobId: string; refundToken: string; createdAt: string };

function readNode(given: unknown): KnownNode | null {
  if (!isObject(given)) return null;
  const { bootstrapJobId, refundToken, createdAt } = given;
  const whole = isUuid(bootstrapJobId) && isText(refundToken, 1, 200) && isInstant(createdAt);
  return whole ? { bootstrapJobId, refundToken, createdAt } : null;
}

/** Far more than anybody orders, since dropping an entry drops its token, and with it the way to the node. */
const MAX_NODES = 200;

const kept = keptList<KnownNode>("timmy.nodes", readNode);

/** Newest first. */
export const knownNodes = kept.all;
export const watchKnownNodes = kept.watch;

export function rememberNode(node: KnownNode): void {
  const before = knownNodes().find(({ bootstrapJobId }) => bootstrapJobId === node.bootstrapJobId);
  const others = knownNodes().filter(({ bootstrapJobId }) => bootstrapJobId !== node.bootstrapJobId);
  const createdAt = before?.createdAt ?? node.createdAt;
  kept.save([{ ...node, createdAt }, ...others].sort(byNewest).slice(0, MAX_NODES));
}

export const forgetNode = (id: string): void =>
  kept.save(knownNodes().filter(({ bootstrapJobId }) => bootstrapJobId !== id));

const byNewest = (a: KnownNode, b: KnownNode): number => b.createdAt.localeCompare(a.createdAt);
