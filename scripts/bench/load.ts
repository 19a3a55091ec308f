import autocannon from "autocannon";

export const CONNECTIONS = 32;

/** Asks for these paths in turn on 32 connections for so many seconds; answers requests per second. */
export async function requestsPerSecond(url: string, paths: readonly string[], seconds: number): Promise<number> {
  const load = await autocannon({
    url,
    connections: CONNECTIONS,
    duration: seconds,
    requests: paths.map((path) => ({ path })),
  });
  const bad = load.non2xx + load.errors + load.timeouts;
  if (bad > 0) throw new Error(`${bad} of the requests to ${url} failed`);
  return load.requests.total / load.duration;
}
