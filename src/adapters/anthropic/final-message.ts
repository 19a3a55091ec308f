import { z } from "zod";
import type { Usage } from "~/ports/agent";

const tokens = z.int().nonnegative();

/** What we read of a message: the SDK passes on whatever the server sent, and the server may be anybody's. */
const shape = z.object({
  content: z.array(z.union([z.object({ type: z.literal("text"), text: z.string() }), z.object({ type: z.string() })])),
  stop_reason: z.string(),
  usage: z.object({
    input_tokens: tokens,
    output_tokens: tokens,
    cache_creation_input_tokens: tokens.nullish(),
    cache_read_input_tokens: tokens.nullish(),
  }),
});

export type FinalMessage = { text: string; stopReason: string; usage: Usage };

/** A whole message: its text without what was only thought, why it stopped, and the bill. */
export function readFinalMessage(message: unknown): FinalMessage | undefined {
  const parsed = shape.safeParse(message);
  if (!parsed.success) return undefined;
  const { content, stop_reason: stopReason, usage } = parsed.data;
  return {
    text: content.map((block) => ("text" in block ? block.text : "")).join(""),
    stopReason,
    usage: {
      inputTokens: usage.input_tokens + (usage.cache_creation_input_tokens ?? 0) + (usage.cache_read_input_tokens ?? 0),
      outputTokens: usage.output_tokens,
    },
  };
}
