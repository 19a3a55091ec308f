import type { Context } from "./trpc";

type Listener = NonNullable<Context["listener"]>;

const HEARTBEAT_MS = 15_000;
const encoder = new TextEncoder();
const event = (name: string, data: unknown) => encoder.encode(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);

/** Whether the caller wants the answer piece by piece. */
export const wantsEvents = (accept: string | null): boolean =>
  accept?.split(",").some((type) => type.split(";", 1)[0]?.trim().toLowerCase() === "text/event-stream") ?? false;

/**
 * Runs a call and tells of it by server-sent events: `delta { text }` for each piece, `done` with the answer, or `error`
 * with the problem. What goes wrong before anything was begun is thrown, so that it gets a status of its own. A caller
 * who leaves stops nothing.
 */
export async function eventStream(
  run: (listener: Listener) => Promise<unknown>,
  problemOf: (thrown: unknown) => unknown,
): Promise<ReadableStream<Uint8Array>> {
  let begun = () => {};
  const hasBegun = new Promise<"begun">((resolve) => (begun = () => resolve("begun")));
  const out = outlet();
  const answer = run({ begun: () => begun(), text: (text) => out.send(event("delta", { text })) });
  try {
    await Promise.race([hasBegun, answer]);
  } catch (error) {
    out.end();
    throw error;
  }
  answer
    .then(
      (value) => out.send(event("done", value)),
      (error: unknown) => out.send(event("error", problemOf(error))),
    )
    .finally(out.end);
  return out.stream;
}

/** A stream that is written to as long as somebody reads it. */
function outlet() {
  let controller: ReadableStreamDefaultController<Uint8Array> | null = null;
  const heartbeat = setInterval(() => send(encoder.encode(": still at it\n\n")), HEARTBEAT_MS);
  const close = () => {
    clearInterval(heartbeat);
    controller = null;
  };
  const send = (bytes: Uint8Array) => controller?.enqueue(bytes);
  const stream = new ReadableStream<Uint8Array>({
    start: (opened) => {
      controller = opened;
    },
    cancel: close,
  });
  return {
    stream,
    send,
    end() {
      controller?.close();
      close();
    },
  };
}
