import { judgementFormat } from "./judgement";
import { CHAT_SYSTEM, DEMO_SYSTEM, fenced, JUDGE_SYSTEM, newMark, workSystem } from "./prompts";

const bytes = (text: string): number => new TextEncoder().encode(text).length;

/**
 * Tokens that the server adds and that no byte of ours stands for: role markers, and the sentences that it puts around
 * the schema of a structured output. Counted generously; English prompts come to a third of their bytes in tokens, so
 * the bytes below leave far more room than this.
 */
const FRAMING_TOKENS = 256;
/** The largest `max_tokens` that models take has six digits. */
const LONGEST_MAX_TOKENS = 999_999;

/** A token is at least one byte, so the bytes of all that is sent besides the request are a true ceiling of its tokens. */
export const PROMPT_BYTES = {
  judge: bytes(JUDGE_SYSTEM) + bytes(fenced("", newMark(""))) + bytes(JSON.stringify(judgementFormat)) + FRAMING_TOKENS,
  work: bytes(workSystem(LONGEST_MAX_TOKENS)) + FRAMING_TOKENS,
  demo: bytes(DEMO_SYSTEM) + FRAMING_TOKENS,
  chat: bytes(CHAT_SYSTEM) + FRAMING_TOKENS,
};
