import { refundKeyIn } from "~/ui/known-jobs/refund-key";

export const nodeLink = (origin: string, id: string): string => `${origin}/bootstrap/${id}`;

/** A link that opens the order to whoever has it. Made only when asked for. */
export const nodeLinkWithKey = (origin: string, id: string, refundToken: string): string =>
  `${nodeLink(origin, id)}#refund=${refundToken}`;

/** The key in what somebody pasted: the key itself, or a link that has it. Null where there is none. */
export function nodeKeyIn(text: string): string | null {
  const trimmed = text.trim();
  const [, fragment] = trimmed.split("#", 2);
  return refundKeyIn(fragment ?? `refund=${trimmed}`);
}
