import { z } from "zod";

/** A free taste. */
export const DemoAnswer = z.object({
  result: z.string().meta({ description: "The answer, Markdown", example: "Patience: a kettle that is not watched." }),
  truncated: z.boolean().meta({ description: "The answer stops at its limit of tokens" }),
  canned: z.boolean().meta({ description: "No model was asked: there is none here, or the free budget is used up" }),
  remaining: z.int().min(0).meta({ description: "Free tastes left in this hour" }),
});
export type DemoAnswer = z.infer<typeof DemoAnswer>;
