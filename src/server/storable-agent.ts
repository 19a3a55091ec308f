import { ok } from "~/core/result";
import type { Agent } from "~/ports/agent";

/** Postgres keeps no U+0000 in a text, and half a surrogate pair is no character: both become U+FFFD. */
const storable = (text: string): string => text.replaceAll("\u0000", "\ufffd").toWellFormed();

/**
 * The same agent, of whose words all can be kept. An answer that could not be would be asked for again and again, at our
 * cost, and in the end be owed back as failed.
 */
export function storableAgent(agent: Agent): Agent {
  return {
    ...agent,
    async judge(request, signal) {
      const judged = await agent.judge(request, signal);
      if (!judged.ok || judged.value.verdict === "acceptable") return judged;
      return ok({ ...judged.value, reason: storable(judged.value.reason) });
    },
    async work(request, options) {
      // A pair of surrogates may be parted by two pieces: that alone is no harm to them.
      const onText = (piece: string) => options.onText(piece.replaceAll("\u0000", "\ufffd"));
      const done = await agent.work(request, { ...options, onText });
      return done.ok ? ok({ ...done.value, text: storable(done.value.text) }) : done;
    },
  };
}
