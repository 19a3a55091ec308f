/** Gives up a call when its server has been silent for too long, or its caller has gone. */
export type Watchdog = {
  /** Aborts when either happens. */
  signal: AbortSignal;
  /** For `watchedFetch`, among the options of the fetch. */
  fetchOptions: object;
  wasSilent(): boolean;
  stop(): void;
};

const HEARD = Symbol("heard");
type Watched = { [HEARD]?: () => void };

/** `silenceMs` counts from the start, so it also bounds how long the SDK may wait and try again. */
export function watch(caller: AbortSignal, silenceMs: number): Watchdog {
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(), silenceMs);
  const watched: Watched = { [HEARD]: () => void timer.refresh() };
  return {
    signal: AbortSignal.any([caller, silence.signal]),
    fetchOptions: watched,
    wasSilent: () => silence.signal.aborted,
    stop: () => clearTimeout(timer),
  };
}

/** `fetch`, with every piece of an answer taken as a sign of life by its watchdog: pings too, which the SDK swallows. */
export const watchedFetch: typeof globalThis.fetch = async (input, init) => {
  const reply = await globalThis.fetch(input, init);
  const heard = (init as Watched | undefined)?.[HEARD];
  if (!heard || !reply.ok || !reply.body) return reply;
  return new Response(overheard(reply.body, heard), reply);
};

/** The same stream. A transforming one would do, but costs a multiple for each piece. */
function overheard(body: ReadableStream<Uint8Array>, heard: () => void): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  return new ReadableStream(
    {
      async pull(controller) {
        const { done, value } = await reader.read();
        if (done) return controller.close();
        heard();
        controller.enqueue(value);
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}
