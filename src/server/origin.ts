/** A name, an IPv4 or a bracketed IPv6 address, and perhaps a port: nothing that could break out of a URL. */
const HOST =
  /^(?=.{1,255}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*|\[[0-9a-f:.]{2,45}\])(?::\d{1,5})?$/i;

/** Where URLs in answers point: `PUBLIC_URL`, else the host that the client itself called us by. */
export function originOf(
  settings: { publicUrl: string | null; port: number; trustProxy: number },
  host: string | null,
  forwardedProto: string | null,
): string {
  if (settings.publicUrl !== null) return settings.publicUrl;
  const scheme = settings.trustProxy > 0 && forwardedProto?.split(",").at(-1)?.trim() === "https" ? "https" : "http";
  return host !== null && HOST.test(host) ? `${scheme}://${host.toLowerCase()}` : `http://localhost:${settings.port}`;
}
