import pino, { type DestinationStream, type Logger } from "pino";
import type { Settings } from "./env";

/** Structured logs. What goes in is the writer's duty: ids by `shortId`, no text of a visitor, no query string. */
export type Log = Pick<Logger, "debug" | "info" | "warn" | "error">;

const SECRET_FIELDS = ["refundToken", "authorization", "apiKey", "macaroon", "preimage", "secret", "password"];

/** The first eight characters of an id: enough to follow it, too few to use it. */
export const shortId = (id: string): string => id.slice(0, 8);

export function createLog(settings: Pick<Settings, "logLevel" | "logFormat">, to?: DestinationStream): Log {
  const paths = SECRET_FIELDS.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]);
  const stream = to ?? pino.destination({ dest: 1, sync: true });
  const target = settings.logFormat === "json" ? stream : { write: (line: string) => stream.write(forPeople(line)) };
  return pino({ level: settings.logLevel, base: null, redact: { paths, censor: "…" } }, target);
}

const LEVELS: Readonly<Record<number, string>> = { 20: "debug", 30: "", 40: "warning: ", 50: "error: " };

/** One of pino's JSON lines as a line to read. */
function forPeople(json: string): string {
  const { level, time, msg, err, ...rest } = JSON.parse(json) as Record<string, unknown>;
  const clock = new Date(Number(time)).toISOString().slice(11, 19);
  const facts = Object.entries(rest).map(
    ([name, value]) => ` ${name}=${typeof value === "string" ? value : JSON.stringify(value)}`,
  );
  const stack = (err as { stack?: string } | undefined)?.stack;
  return `${clock} ${LEVELS[Number(level)] ?? ""}${msg ?? ""}${facts.join("")}${stack ? `\n${stack}` : ""}\n`;
}
