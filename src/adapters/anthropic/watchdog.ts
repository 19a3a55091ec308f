/** Gives up a call when its server has been silent for too long, or its caller has gone. */
export type Watchdog = {
  /** Aborts when either happens. */
  signal: AbortSignal;
  /** `fetch`, with every piece of an answer taken as a sign of life: pings too, which the SDK swallows. */
  fetch: typeof globalThis.fetch;
  wasSilent(): boolean;
  stop(): void;
};

/** `silenceMs` counts from the start, so it also bounds how long the SDK may wait and try again. */
export function watch(caller: AbortSignal, silenceMs: number): Watchdog {
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(), silenceMs);
  return {
    signal: AbortSignal.any([caller, silence.signal]),
    async fetch(input, init) {
      const reply = await globalThis.fetch(input, init);
      if (!reply.ok || !reply.body) return reply;
      const heard = new TransformStream({
        transform(chunk, controller) {
          timer.refresh();
          controller.enqueue(chunk);
        },
      });
      return new Response(reply.body.pipeThrough(heard), reply);
    },
    wasSilent: () => silence.signal.aborted,
    stop: () => clearTimeout(timer),
  };
}
