import { texts } from "~/ui/texts";

/** As many code points as the server takes. */
export const REQUEST_LIMIT = 500;

export type RequestCheck = {
  /** Trimmed, as it would be sent. */
  request: string;
  /** Code points, as the server counts them. */
  used: number;
  fault: "missing" | "tooLong" | "unreadable" | null;
};

/** The server's own check, before anything is sent: its schema would load all of zod, so a test holds them together. */
export function checkRequest(text: string): RequestCheck {
  const request = text.trim();
  const used = [...request].length;
  if (request === "") return { request, used, fault: "missing" };
  if (used > REQUEST_LIMIT) return { request, used, fault: "tooLong" };
  return { request, used, fault: isStorable(request) ? null : "unreadable" };
}

/** No U+0000 and no half of a surrogate pair. */
const isStorable = (text: string): boolean => !text.includes("\u0000") && text.isWellFormed();

export function faultWords({ fault, used }: RequestCheck): string | null {
  if (fault === "tooLong") return texts.start.tooLong(used - REQUEST_LIMIT);
  return fault === null ? null : texts.start[fault];
}
