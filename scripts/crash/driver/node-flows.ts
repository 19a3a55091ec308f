/** The way of one node that is ordered. */
export type NodeFlow = {
  pay: "wallet" | "never";
  /** What goes wrong with it outside. */
  trouble?: "starting" | "broken";
  end: "ready" | "failed" | "expired";
};

export const NODE_FLOWS = {
  node: { pay: "wallet", end: "ready" },
  nodeStarting: { pay: "wallet", trouble: "starting", end: "ready" },
  nodeBroken: { pay: "wallet", trouble: "broken", end: "failed" },
  nodeUnpaid: { pay: "never", end: "expired" },
} as const satisfies Record<string, NodeFlow>;
export type NodeFlowName = keyof typeof NODE_FLOWS;
