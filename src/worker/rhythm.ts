/** Runs a step again and again, each time after the pause that the step itself asks for. A failing step backs off. */
export type Rhythm = { stop(): Promise<void> };

const FIRST_BACK_OFF_MS = 500;
const LONGEST_BACK_OFF_MS = 30_000;

/**
 * `step` resolves to the pause before the next, in ms. One that fails is told to `onError` and tried again after 0.5
 * s, doubling up to 30 s.
 */
export function rhythm(step: () => Promise<number>, onError: (error: unknown) => void): Rhythm {
  let stopped = false;
  let failures = 0;
  let wake = () => {};

  const pause = (ms: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  async function run(): Promise<void> {
    while (!stopped) {
      let pauseMs: number;
      try {
        pauseMs = await step();
        failures = 0;
      } catch (error) {
        onError(error);
        pauseMs = Math.min(FIRST_BACK_OFF_MS * 2 ** failures, LONGEST_BACK_OFF_MS);
        failures += 1;
      }
      if (!stopped) await pause(pauseMs);
    }
  }

  const running = run();
  return {
    async stop() {
      stopped = true;
      wake();
      await running;
    },
  };
}
