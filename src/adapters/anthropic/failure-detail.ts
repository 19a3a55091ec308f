import { APIConnectionError, APIError } from "@anthropic-ai/sdk";

/**
 * What went wrong, for the log: status, type and request id of an error of the API, or the system's code of a broken
 * connection. Never the text of the server or of the SDK, which can hold addresses, the key or the visitor's words.
 */
export function failureDetail(error: unknown): string {
  if (error instanceof APIConnectionError) return ["no connection", systemCode(error)].filter(Boolean).join(" ");
  if (error instanceof APIError) {
    return [error.status ?? "in the stream", plainWord(error.type), plainWord(error.requestID)]
      .filter(Boolean)
      .join(" ");
  }
  const code = systemCode(error);
  return ["broken off", code || (error instanceof Error ? error.constructor.name : typeof error)].join(" ");
}

/** Codes like ECONNREFUSED stand at the end of a chain of causes. */
function systemCode(error: unknown, depth = 0): string {
  if (!(error instanceof Error) || depth > 5) return "";
  const code = "code" in error ? plainWord(error.code) : "";
  return systemCode(error.cause, depth + 1) || code;
}

const plainWord = (word: unknown): string => (typeof word === "string" && /^\w{1,64}$/.test(word) ? word : "");
