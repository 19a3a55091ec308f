import type { MessageCreateParams } from "@anthropic-ai/sdk/resources/messages";

/** What a model takes besides the bare minimum of the protocol. */
export type ModelTraits = {
  /** How it is told not to think before it answers, where that is possible: what it thinks is billed as output. */
  noThinking?: NonNullable<MessageCreateParams["thinking"]>;
  takesEffort: boolean;
  takesOutputFormat: boolean;
};

const DISABLED = { type: "disabled" } as const;
const BETWEEN_TOOLS = { type: "between_tools" } as const;

/**
 * By the migration guides of the 5.x models: on Sonnet 5.5 `disabled` is a 400 error and `between_tools` takes its
 * place, Opus 5.5 and the Fable and Mythos models always think, and models of 4.5 know no effort (but Opus).
 */
const FAMILIES: readonly (readonly [RegExp, ModelTraits])[] = [
  [/^claude-sonnet-5-5/, { noThinking: BETWEEN_TOOLS, takesEffort: true, takesOutputFormat: true }],
  [/^claude-(opus-5-5|fable-5|mythos-5)/, { takesEffort: true, takesOutputFormat: true }],
  [/^claude-(haiku-5|sonnet-5|opus-5)/, { noThinking: DISABLED, takesEffort: true, takesOutputFormat: true }],
  [/^claude-(opus-4-[5-9]|sonnet-4-6)/, { noThinking: DISABLED, takesEffort: true, takesOutputFormat: true }],
  [/^claude-(sonnet|haiku)-4-5/, { noThinking: DISABLED, takesEffort: false, takesOutputFormat: true }],
];

/** A model of another house behind the same protocol is sent nothing that only Anthropic's own are sure to know. */
const UNKNOWN: ModelTraits = { takesEffort: false, takesOutputFormat: false };

/** What a model of this name takes and does; a name of no known family gets the careful defaults. */
export const modelTraits = (model: string): ModelTraits =>
  FAMILIES.find(([pattern]) => pattern.test(model))?.[1] ?? UNKNOWN;
