import type { WatchedBootstrap } from "~/modules/bootstrap/bootstrap-schema";
import type { StationMark } from "~/ui/controls/station-list";

export const STATIONS = ["ordered", "paid", "machine", "setUp", "ready"] as const;
export type Station = (typeof STATIONS)[number];

type Order = Pick<WatchedBootstrap, "state" | "steps">;

/** Which station an order is at, or ended at. */
function place({ state, steps }: Order): [at: Station, stopped: boolean] {
  const hasMachine = steps.some(({ step, done }) => step === "address" && done);
  switch (state) {
    case "awaiting_payment":
      return ["paid", false];
    case "provisioning":
      return [hasMachine ? "setUp" : "machine", false];
    case "ready":
      return ["ready", false];
    case "failed":
      return [hasMachine ? "setUp" : "machine", true];
    case "expired":
      return ["paid", true];
  }
}

/** The path of a node, true at a glance. */
export function stationsOf(order: Order): { station: Station; mark: StationMark }[] {
  const [at, stopped] = place(order);
  const here = STATIONS.indexOf(at);
  return STATIONS.map((station, index) => {
    if (index < here || order.state === "ready") return { station, mark: "done" };
    if (index > here) return { station, mark: "ahead" };
    return { station, mark: stopped ? "stopped" : "current" };
  });
}

/** Each step with its state: the first that is not done is the current one. */
export function stepMarks(steps: Order["steps"]): { step: Order["steps"][number]["step"]; mark: StationMark }[] {
  const now = steps.findIndex(({ done }) => !done);
  return steps.map(({ step, done }, at) => ({ step, mark: done ? "done" : at === now ? "current" : "ahead" }));
}
