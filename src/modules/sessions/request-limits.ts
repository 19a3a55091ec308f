/** How long a request may take: judging by its own limit, and all of it together. */
export function requestLimits(settings: { evalTimeoutSeconds: number; workTimeoutSeconds: number }) {
  const whole = new AbortController();
  const judging = new AbortController();
  const stop = () => {
    whole.abort();
    judging.abort();
  };
  const timers = [
    setTimeout(() => judging.abort(), settings.evalTimeoutSeconds * 1000),
    setTimeout(stop, settings.workTimeoutSeconds * 1000),
  ];
  return {
    signal: whole.signal,
    judgeSignal: judging.signal,
    /** Stops it now. */
    stop,
    clear: () => timers.forEach(clearTimeout),
  };
}
