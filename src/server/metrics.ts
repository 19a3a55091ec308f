import { type IntervalHistogram, monitorEventLoopDelay } from "node:perf_hooks";
import { Counter, Gauge, Registry } from "prom-client";
import { answerTimes } from "./answer-times";
import type { Count, SharedState } from "./metric-store";

/** What all processes share, as the database has it. */
export type SharedFigures = { state: SharedState; counts: readonly Count[] };

export type Metrics = {
  /** An answer has gone out, or a stream has begun. `route` is a template, never a path. */
  answered(method: string, route: string, status: number, seconds: number): void;
  /** Prometheus' text format. */
  text(): Promise<string>;
  contentType: string;
};

/**
 * The figures of this process, and those that all share, which come from `shared`: the latter are the same whichever
 * process is asked. No label holds an id or a text.
 */
export function metrics(shared: () => Promise<SharedFigures>, streams: () => number): Metrics {
  const registers = [new Registry()];
  const [register] = registers as [Registry];
  const answered = answerTimes(
    register,
    "timmy_http_request_seconds",
    "Answers of this process, by route, method and status; of a stream the time until it began",
  );
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  gauge("timmy_sse_connections", "Live connections of this process", streams);
  gauge("process_resident_memory_bytes", "Memory of this process", () => process.memoryUsage.rss());
  gauge("process_start_time_seconds", "When this process began", () => performance.timeOrigin / 1000);
  gauge("process_cpu_seconds_total", "Processor time of this process", () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  });
  new Gauge({
    name: "timmy_event_loop_lag_seconds",
    help: "By how much this process was late, since it was last asked",
    labelNames: ["quantile"],
    registers,
    collect() {
      const lag = eventLoopLag();
      for (const quantile of [50, 99, 100]) {
        this.set({ quantile: String(quantile / 100) }, lag.count > 0 ? lateness(lag.percentile(quantile)) : 0);
      }
      lag.reset();
    },
  });
  const refresh = sharedFigures(registers);

  return {
    answered,
    async text() {
      refresh(await shared());
      return register.metrics();
    },
    contentType: register.contentType,
  };
}

const LAG_RESOLUTION_MS = 20;
let monitor: IntervalHistogram | undefined;

function eventLoopLag(): IntervalHistogram {
  if (monitor) return monitor;
  monitor = monitorEventLoopDelay({ resolution: LAG_RESOLUTION_MS });
  monitor.enable();
  return monitor;
}

/** The monitor measures the whole pause between two looks, in nanoseconds. */
const lateness = (pause: number): number => Math.max(0, pause / 1e9 - LAG_RESOLUTION_MS / 1000);

/** What is counted for all processes, by the name that it is kept under. */
const COUNTERS: Readonly<Record<string, { help: string; labelNames: string[] }>> = {
  job_transitions: { help: "Changes of a job's state", labelNames: ["from", "to"] },
  wallet_calls: { help: "Calls to the Lightning wallet", labelNames: ["call", "outcome"] },
  wallet_seconds: { help: "Time that they took", labelNames: ["call"] },
  model_calls: { help: "Calls to a model", labelNames: ["agent", "purpose", "outcome"] },
  model_tokens: { help: "Tokens that were billed", labelNames: ["agent", "purpose", "direction"] },
  model_usd: { help: "USD that they cost", labelNames: ["agent", "purpose"] },
};

/** The families that come from the database, and how a reading gets into them. */
function sharedFigures(registers: Registry[]): (figures: SharedFigures) => void {
  const gauge = (name: string, help: string, labelNames: string[] = []) =>
    new Gauge({ name: `timmy_${name}`, help: `${help} (all processes together)`, labelNames, registers });
  const queueTasks = gauge("queue_tasks", "Tasks of the background queue, counted up to 10000", ["state"]);
  const queueAge = gauge("queue_oldest_ready_seconds", "For how long the oldest task that is due has waited");
  const jobs = gauge("jobs_in_progress", "Jobs that are judged or worked on now", ["state"]);
  const payouts = gauge("payouts_in_flight", "Payouts decided or sent whose outcome is open");
  const payoutSats = gauge("payouts_in_flight_sats", "Their amounts");
  const pool = gauge("pool_balance_sats", "What the generosity pool may still give");
  const freeUsd = gauge("free_model_usd_today", "Cost of today's free answers, running calls at their worst");
  const booksOk = gauge(
    "books_ok",
    "1 while the newest proof of the books holds, 0 when it fails, absent before the first",
  );

  const counters = new Map(
    Object.entries(COUNTERS).map(([name, { help, labelNames }]) => {
      const about = { name: `timmy_${name}_total`, help: `${help} (all processes together)`, labelNames, registers };
      return [name, { labelNames, total: new Counter(about) }];
    }),
  );

  return ({ state, counts }) => {
    queueTasks.set({ state: "ready" }, state.queue_ready);
    queueTasks.set({ state: "running" }, state.queue_running);
    queueTasks.set({ state: "later" }, state.queue_later);
    queueAge.set(state.queue_age_seconds);
    jobs.set({ state: "evaluating" }, state.jobs_evaluating);
    jobs.set({ state: "executing" }, state.jobs_executing);
    payouts.set(state.payouts_in_flight);
    payoutSats.set(state.payouts_in_flight_sats);
    pool.set(state.pool_sats);
    freeUsd.set(state.free_model_usd);
    if (state.books_ok === null) booksOk.remove();
    else booksOk.set(state.books_ok ? 1 : 0);
    for (const { total } of counters.values()) total.reset();
    for (const { name, labels, value } of counts) {
      const counter = counters.get(name);
      const inOrder = counter?.labelNames.map((label) => [label, labels[label] ?? ""]);
      if (inOrder) counter?.total.inc(Object.fromEntries(inOrder), value);
    }
  };
}
