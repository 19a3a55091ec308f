import { AppFailure } from "./failure";

/** The body as text, of at most so many bytes, announced or not. Throws `AppFailure` on a longer one or on broken UTF-8. */
export async function readBody(request: Request, limit: number): Promise<string> {
  const announced = request.headers.get("content-length");
  if (announced !== null && Number(announced) > limit) throw new AppFailure({ code: "bodyTooLarge", limit });
  // With a length the server hands over exactly that much; without one it has to be counted.
  const bytes = announced === null ? await readCounted(request, limit) : new Uint8Array(await request.arrayBuffer());
  try {
    return UTF8.decode(bytes);
  } catch {
    throw new AppFailure({ code: "malformedJson" });
  }
}

const UTF8 = new TextDecoder("utf-8", { fatal: true });

async function readCounted(request: Request, limit: number): Promise<Uint8Array> {
  if (!request.body) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = request.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return Buffer.concat(chunks);
    length += value.length;
    if (length > limit) {
      reader.cancel().catch(() => undefined); // nobody waits for the rest
      throw new AppFailure({ code: "bodyTooLarge", limit });
    }
    chunks.push(value);
  }
}

/** The object that a JSON body holds; an empty body is an empty object. Throws `AppFailure`. */
export function jsonObject(body: string, contentType: string | null): Record<string, unknown> {
  if (body === "") return {};
  if (!isJson(contentType)) throw new AppFailure({ code: "unsupportedMediaType" });
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw new AppFailure({ code: "malformedJson" });
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  const faults = [{ field: "", message: "The body must be a JSON object." }];
  throw new AppFailure({ code: "invalidRequest", faults });
}

/** Whatever the charset that comes with it. */
export const isJson = (contentType: string | null): boolean =>
  contentType?.split(";", 1)[0]?.trim().toLowerCase() === "application/json";
