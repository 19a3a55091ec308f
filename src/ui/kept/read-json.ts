/**
 * What zod would check of the few small shapes that every page reads, as strictly. Zod itself is a tenth of what the
 * start page may load, so there it is left out; what is asked of the server is still parsed with its schemas.
 */
const UUID =
  /^([0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}|0{8}(-0{4}){3}-0{12}|f{8}(-f{4}){3}-f{12})$/i;
const INSTANT = /^\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?Z$/;

/** A JSON object: neither null nor a list. */
export const isObject = (given: unknown): given is Record<string, unknown> =>
  typeof given === "object" && given !== null && !Array.isArray(given);

/** Of so many characters (code points) at least and at most. */
export function isText(given: unknown, least: number, most: number): given is string {
  if (typeof given !== "string") return false;
  const length = [...given].length;
  return length >= least && length <= most;
}

export const isUuid = (given: unknown): given is string => typeof given === "string" && UUID.test(given);

/** A moment in UTC in ISO 8601, on a day that exists. */
export function isInstant(given: unknown): given is string {
  if (typeof given !== "string" || !INSTANT.test(given)) return false;
  const day = new Date(`${given.slice(0, 10)}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(given.slice(0, 10));
}
