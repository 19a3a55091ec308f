import autocannon from "autocannon";

export const CONNECTIONS = 32;

/** Each of 32 connections asks for a path of its own, if there are as many, for so many seconds; requests per second. */
export const requestsPerSecond = (url: string, paths: readonly string[], seconds: number): Promise<number> =>
  load(
    url,
    paths.map((path) => ({ path })),
    seconds,
    200,
  );

/** The same for any requests. Throws where an answer has another status than the awaited one. */
export async function load(
  url: string,
  requests: readonly autocannon.Request[],
  seconds: number,
  status: number,
): Promise<number> {
  let connection = 0;
  const done = await autocannon({
    url,
    connections: CONNECTIONS,
    duration: seconds,
    setupClient(client) {
      client.setRequests([requests[connection % requests.length] ?? {}]);
      connection += 1;
    },
  });
  const answered = done.statusCodeStats?.[`${status}`]?.count ?? 0;
  const bad = done.requests.total - answered + done.errors + done.timeouts;
  if (bad > 0) throw new Error(`${bad} of the requests to ${url} failed: ${JSON.stringify(done.statusCodeStats)}`);
  return answered / done.duration;
}
