export const REQUEST_MAX_CHARACTERS = 500;

export type RequestFault = {
  code: "REQUEST_MISSING" | "REQUEST_TOO_LONG" | "REQUEST_UNREADABLE";
  message: string;
  /** Characters, where the length is what is wrong. */
  limit?: number;
  length?: number;
};

/** The length as people count it here: Unicode code points, not UTF-16 units. */
export const characterCount = (text: string): number => {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
};

/** What is wrong with a trimmed request, or null. */
export function requestFault(text: string): RequestFault | null {
  if (text === "")
    return { code: "REQUEST_MISSING", message: "Say what Timmy should do: the field `request` is empty." };
  const length = characterCount(text);
  if (length > REQUEST_MAX_CHARACTERS) {
    return {
      code: "REQUEST_TOO_LONG",
      message: `A request may have at most ${REQUEST_MAX_CHARACTERS} characters; this one has ${length}.`,
      limit: REQUEST_MAX_CHARACTERS,
      length,
    };
  }
  if (text.includes("\u0000") || !text.isWellFormed()) {
    return {
      code: "REQUEST_UNREADABLE",
      message: "The request contains a character that cannot be stored (U+0000 or half a surrogate pair).",
    };
  }
  return null;
}
