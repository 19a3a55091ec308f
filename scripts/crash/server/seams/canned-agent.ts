import { type CannedAgentOptions, createCannedAgent as create } from "~/adapters/canned-agent/canned-agent";
import type { Agent } from "~/ports/agent";
import { reach } from "../reach";

/** Quick, and still in pieces. */
const PACE: CannedAgentOptions = { paceMs: 4, slowMs: 1_500 };

/** The canned agent; each call of it, and each piece of an answer, is a point. */
export function createCannedAgent(): Agent {
  const agent = create(PACE);
  return {
    ...agent,
    async judge(request, signal) {
      reach("agent.judge", "before");
      const judged = await agent.judge(request, signal);
      reach("agent.judge", "after");
      return judged;
    },
    async work(request, options) {
      const onText = (piece: string) => {
        reach("agent.work piece", "before");
        options.onText(piece);
        reach("agent.work piece", "after");
      };
      reach("agent.work", "before");
      const done = await agent.work(request, { ...options, onText });
      reach("agent.work", "after");
      return done;
    },
  };
}
