/** The name that caveats know this service by. */
const SERVICE = "timmy";
const OURS = `${SERVICE}:0`;
const VALID_UNTIL = `${SERVICE}_valid_until`;

/** What each of our macaroons says from the beginning. */
export const FIRST_CAVEAT = `services=${OURS}`;

/**
 * Whether the caveats, in their order, allow a use at this time. Each is `key=value`. One that comes again may only
 * narrow what was said before; one that nobody here knows is passed over, unless its key begins with our name: then it
 * was meant to bind us, and is refused.
 */
export function allows(caveats: readonly string[], now: Date): boolean {
  const said: { services?: readonly string[]; validUntil: number } = { validUntil: Number.POSITIVE_INFINITY };
  for (const caveat of caveats) {
    const [key, value] = partsOf(caveat);
    if (key === "services") {
      const named = value.split(",").map((service) => service.trim());
      if (!named.every((service) => said.services?.includes(service) ?? true)) return false;
      said.services = named;
    } else if (key === VALID_UNTIL) {
      // Seconds since 1970.
      if (!/^\d{1,12}$/.test(value) || Number(value) > said.validUntil) return false;
      said.validUntil = Number(value);
    } else if (key.startsWith(SERVICE)) {
      return false;
    }
  }
  return (said.services?.includes(OURS) ?? false) && now.getTime() < said.validUntil * 1000;
}

function partsOf(caveat: string): [key: string, value: string] {
  const at = caveat.indexOf("=");
  return at < 0 ? [caveat.trim(), ""] : [caveat.slice(0, at).trim(), caveat.slice(at + 1).trim()];
}
