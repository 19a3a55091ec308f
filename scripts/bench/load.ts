import autocannon from "autocannon";

export const CONNECTIONS = 32;

/** Each of 32 connections asks for a path of its own, if there are as many, for so many seconds; requests per second. */
export async function requestsPerSecond(url: string, paths: readonly string[], seconds: number): Promise<number> {
  let connection = 0;
  const load = await autocannon({
    url,
    connections: CONNECTIONS,
    duration: seconds,
    setupClient(client) {
      client.setRequests([{ path: paths[connection % paths.length] ?? "/" }]);
      connection += 1;
    },
  });
  const bad = load.non2xx + load.errors + load.timeouts;
  if (bad > 0) throw new Error(`${bad} of the requests to ${url} failed`);
  return load.requests.total / load.duration;
}
