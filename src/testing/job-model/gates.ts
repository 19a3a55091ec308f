import { err, ok } from "~/core/result";
import type { Agent } from "~/ports/agent";
import { SOME_USAGE } from "../scripted-agent";
import type { Answering } from "./session-model";

/** What is asked with this text waits before it is judged, until somebody says what becomes of it. */
export type Gate = { reached: Promise<void>; open(how: Answering): void };
export type Gates = { agent: Agent; hold(text: string): Gate; openAll(): void };

type Held = { reach: () => void; how: Promise<Answering>; open: (how: Answering) => void };

/** An agent that answers what is held by its gate, and all else as it always did. */
export function gates(agent: Agent): Gates {
  const held = new Map<string, Held>();
  return {
    hold(text) {
      let open: Held["open"] = () => undefined;
      const how = new Promise<Answering>((resolve) => (open = resolve));
      const reached = new Promise<void>((reach) => held.set(text, { reach, how, open }));
      return { reached, open };
    },
    openAll() {
      for (const { open } of held.values()) open({ judge: "nonsense", work: "empty", usage: SOME_USAGE });
    },
    agent: {
      ...agent,
      async judge(request, signal) {
        const gate = held.get(request);
        if (!gate) return agent.judge(request, signal);
        gate.reach();
        const { judge, usage } = await gate.how;
        if (judge === "nonsense") return err({ code: "agentNonsense", detail: "scripted" });
        if (judge === "unacceptable") return ok({ verdict: "unacceptable", reason: "scripted", usage });
        return ok({ verdict: "acceptable", usage });
      },
      async work(request, options) {
        const gate = held.get(request);
        if (!gate) return agent.work(request, options);
        const { work, usage } = await gate.how;
        if (work === "refused") return err({ code: "agentRefused", detail: "scripted" });
        if (work === "empty") return err({ code: "agentEmpty", detail: "scripted" });
        options.onText("An ");
        if (work === "breaksOff") return err({ code: "agentUnreachable", detail: "scripted" });
        options.onText("answer.");
        return ok({ text: "An answer.", truncated: work === "truncated", usage });
      },
    },
  };
}
