import ipaddr from "ipaddr.js";

/** A name, an IPv4 or a bracketed IPv6 address, and perhaps a port: nothing that could break out of a URL. */
const HOST =
  /^(?=.{1,255}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*|\[[0-9a-f:.]{2,45}\])(?::\d{1,5})?$/i;

type OriginSettings = { publicUrl: string | null; port: number; trustProxy: number };

/** Where URLs in answers point: `PUBLIC_URL`, else the host that the client itself called us by. */
export function originOf(settings: OriginSettings, host: string | null, forwardedProto: string | null): string {
  if (settings.publicUrl !== null) return settings.publicUrl;
  const scheme = settings.trustProxy > 0 && forwardedProto?.split(",").at(-1)?.trim() === "https" ? "https" : "http";
  return host !== null && HOST.test(host) ? `${scheme}://${host.toLowerCase()}` : `http://localhost:${settings.port}`;
}

/**
 * The origin that something signed for us must name; null where we cannot tell. `PUBLIC_URL`, else what the client called
 * us by, if no site of the internet can be called that: with any other name, whoever has a visitor sign for a site of
 * theirs could bring it here under that very name.
 */
export function ownOriginOf(
  settings: OriginSettings,
  host: string | null,
  forwardedProto: string | null,
): string | null {
  const origin = originOf(settings, host, forwardedProto);
  if (settings.publicUrl !== null) return origin;
  return URL.canParse(origin) && isOfAHouse(new URL(origin).hostname) ? origin : null;
}

const PRIVATE_RANGES = new Set(["loopback", "private", "linkLocal", "uniqueLocal", "carrierGradeNat"]);
const PRIVATE_NAME = /^[^.]+$|\.(localhost|local|internal|test|home\.arpa)$/;

/** Of this machine or a private network. */
function isOfAHouse(hostname: string): boolean {
  const bare = hostname.replace(/^\[|\]$/g, "");
  return ipaddr.isValid(bare) ? PRIVATE_RANGES.has(ipaddr.process(bare).range()) : PRIVATE_NAME.test(bare);
}
