import { z } from "zod";
import { askJson } from "../json-http/json-http";

/** What the machine says of itself: the page that `cloud-init/node/status-page.sh` serves. */
const NodeStatus = z.object({ state: z.enum(["starting", "ready", "failed"]), stage: z.string().max(200) });
export type NodeStatus = z.infer<typeof NodeStatus>;

/** Asks the machine itself; null while it does not answer. Nothing secret goes either way. */
export async function askNodeStatus(url: string, timeoutMs: number): Promise<NodeStatus | null> {
  const reply = await askJson({ method: "GET", url, timeoutMs });
  if (reply.kind === "silence" || reply.status !== 200) return null;
  return NodeStatus.safeParse(reply.json).data ?? null;
}
