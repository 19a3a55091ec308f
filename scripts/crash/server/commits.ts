import { AsyncLocalStorage, AsyncResource } from "node:async_hooks";
import pg from "pg";
import { reach } from "./reach";
import { classify } from "./sql";

/** Who is at work: a function of ours by its name, or the world outside, whose commits are not ours. */
type Doer = { name: string } | "outside";
const doer = new AsyncLocalStorage<Doer>();

/** Whatever is written to the database while this runs is named after that function, unless it is the wallet's. */
export const inName = <T>(name: string, work: () => T): T =>
  doer.getStore() === "outside" ? work() : doer.run({ name }, work);
/** Whatever is written while this runs belongs to the wallet, which stands outside and commits for itself. */
export const outside = <T>(work: () => T): T => doer.run("outside", work);

type Answer = { rowCount?: number | null };
type Callback = (error: unknown, answer: Answer) => void;
type Query = (this: pg.Client, ...args: unknown[]) => unknown;

/**
 * Every commit of this process becomes a point: that of a transaction that wrote, and each writing statement outside
 * of one. It watches the driver itself, so no way to the database passes by unseen, whoever takes it.
 */
export function watchCommits(writers: ReadonlySet<string>): void {
  const transactions = new WeakMap<pg.Client, Set<string>>();
  const prototype = pg.Client.prototype as unknown as { query: Query };
  const query = prototype.query;

  prototype.query = function watched(...args) {
    const [config] = args;
    const { text, name } = statementOf(config);
    const statement = classify(text, writers);
    const open = transactions.get(this);
    if (statement.kind === "begin") transactions.set(this, new Set());
    if (statement.kind === "rollback" || statement.kind === "commit") transactions.delete(this);
    if (statement.kind === "write" && open) for (const target of statement.targets) open.add(target);

    const who = doer.getStore();
    if (who === "outside") return query.apply(this, args);
    if (statement.kind === "commit" && open && open.size > 0) {
      const point = `commit ${who?.name ?? `sql ${[...open].sort().join("+")}`}${isOnlyTask(open) ? " (task)" : ""}`;
      return between(point, args, () => query.apply(this, args), false);
    }
    if (statement.kind === "write" && !open) {
      const point = `commit ${who?.name ?? (name || `sql ${statement.targets.join("+")}`)}`;
      return between(point, args, () => query.apply(this, args), true);
    }
    return query.apply(this, args);
  };
  keepContextInPool();
}

/** A transaction that does nothing but put a task off is another point than the step of the same function. */
const isOnlyTask = (targets: ReadonlySet<string>) => targets.size === 1 && targets.has("add_job");

function statementOf(config: unknown): { text: string; name: string } {
  if (typeof config === "string") return { text: config, name: "" };
  const { text, name = "" } = config as { text?: string; name?: string };
  if (text === undefined) throw new Error("a query without a text would pass the watch");
  return { text, name: name.split("/")[0] ?? "" };
}

/** A statement that found nothing to change has committed nothing: there is no point after it. */
function between(point: string, args: unknown[], run: () => unknown, mustChange: boolean): unknown {
  const after = (answer: Answer) => {
    if (!mustChange || answer.rowCount) reach(point, "after");
  };
  reach(point, "before");
  const callback = args.at(-1);
  if (typeof callback === "function") {
    args[args.length - 1] = (error: unknown, answer: Answer) => {
      if (!error) after(answer);
      (callback as Callback)(error, answer);
    };
    return run();
  }
  return (run() as Promise<Answer>).then((answer) => {
    after(answer);
    return answer;
  });
}

/** A pool hands a waiting caller its connection in the context of whoever gives it back: the caller's own is kept. */
function keepContextInPool(): void {
  const prototype = pg.Pool.prototype as unknown as { connect: (callback?: (...args: unknown[]) => void) => unknown };
  const { connect } = prototype;
  prototype.connect = function connected(callback) {
    return connect.call(this, callback && AsyncResource.bind(callback));
  };
}
