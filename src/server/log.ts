import pino, { type DestinationStream, type Logger } from "pino";
import type { Settings } from "./env";

/** Structured logs. What goes in is the writer's duty: ids by `shortId`, no text of a visitor, no query string. */
export type Log = Pick<Logger, "debug" | "info" | "warn" | "error">;

const SECRET_FIELDS = [
  "refundToken",
  "nostr_token",
  "authorization",
  "apiKey",
  "macaroon",
  "preimage",
  "sshPrivateKey",
  "secret",
  "password",
];

/** The first eight characters of an id: enough to follow it, too few to use it. */
export const shortId = (id: string): string => id.slice(0, 8);

/** A log that never shows a secret, by its field's name. `to`: where lines go, standard output unless given. */
export function createLog(settings: Pick<Settings, "logLevel" | "logFormat">, to?: DestinationStream): Log {
  const paths = SECRET_FIELDS.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]);
  const stream = to ?? pino.destination({ dest: 1, sync: true });
  const target = settings.logFormat === "json" ? stream : { write: (line: string) => stream.write(forPeople(line)) };
  const options = { level: settings.logLevel, base: null, redact: { paths, censor: "…" }, serializers: { err: toLog } };
  return pino(options, target);
}

const DATABASE_ERRORS = /^(PrismaClient|DriverAdapterError)/;

/** An error as the log has it. Those of the database quote what they were given, a visitor's text among it. */
function toLog(error: Error & { code?: unknown; severity?: unknown }): unknown {
  const isDatabases = DATABASE_ERRORS.test(error.name) || typeof error.severity === "string";
  if (!isDatabases) return pino.stdSerializers.err(error);
  const message = `the database refused, code ${error.code ?? "unknown"}`;
  const frames = (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
  return { type: error.name, message, stack: [`${error.name}: ${message}`, ...frames].join("\n") };
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
