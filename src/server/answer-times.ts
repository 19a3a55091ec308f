import type { Registry } from "prom-client";

/** Upper bounds in seconds: a good read, a step, a call outside. */
const BOUNDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

type Series = { count: number; sum: number; within: number[] };

/**
 * A histogram by method, route and status. The library's own takes microseconds for each observation, to make a text
 * of the labels; the hottest answer takes not much longer than that. So it counts by itself and hands the library the
 * sums when they are asked for.
 */
export function answerTimes(register: Registry, name: string, help: string) {
  const byRoute = new Map<string, Map<string, Map<number, Series>>>();

  function seriesOf(method: string, route: string, status: number): Series {
    const known = byRoute.get(route)?.get(method)?.get(status);
    if (known) return known;
    const fresh = { count: 0, sum: 0, within: BOUNDS.map(() => 0) };
    const byMethod = byRoute.get(route) ?? new Map<string, Map<number, Series>>();
    byRoute.set(route, byMethod.set(method, (byMethod.get(method) ?? new Map()).set(status, fresh)));
    return fresh;
  }

  function values() {
    const all: { metricName: string; labels: Record<string, string | number>; value: number }[] = [];
    for (const [route, byMethod] of byRoute)
      for (const [method, byStatus] of byMethod)
        for (const [status, { count, sum, within }] of byStatus) {
          const labels = { method, route, status };
          let below = 0;
          for (const [at, bound] of BOUNDS.entries()) {
            below += within[at] ?? 0;
            all.push({ metricName: `${name}_bucket`, labels: { ...labels, le: bound }, value: below });
          }
          all.push({ metricName: `${name}_bucket`, labels: { ...labels, le: "+Inf" }, value: count });
          all.push({ metricName: `${name}_sum`, labels, value: sum });
          all.push({ metricName: `${name}_count`, labels, value: count });
        }
    return all;
  }

  const metric = {
    name,
    help,
    type: "histogram",
    get: async () => ({ name, help, type: "histogram", values: values() }),
  };
  register.registerMetric(metric as unknown as Parameters<Registry["registerMetric"]>[0]); // all that it reads of one

  return function observe(method: string, route: string, status: number, seconds: number): void {
    const series = seriesOf(method, route, status);
    series.count += 1;
    series.sum += seconds;
    const at = BOUNDS.findIndex((bound) => seconds <= bound);
    if (at >= 0) series.within[at] = (series.within[at] ?? 0) + 1;
  };
}
