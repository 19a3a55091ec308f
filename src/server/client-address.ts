import { createHmac } from "node:crypto";
import ipaddr from "ipaddr.js";

/**
 * The address by which clients are told apart: IPv4 whole, IPv6 by its /64, since one customer has all of that.
 * `X-Forwarded-For` is believed for as many hops as there are proxies of ours: the rest of it anybody can write.
 */
export function clientAddress(remoteAddress: string | null, forwardedFor: string | null, trustedHops: number): string {
  const hops = forwardedFor?.split(",").slice(-trustedHops || undefined) ?? [];
  const believed = trustedHops === 0 ? [] : hops.map(parseHop);
  // From the nearest proxy outwards, up to the first entry that is no address.
  let client = parseHop(remoteAddress ?? "");
  for (const hop of believed.reverse()) {
    if (!hop) break;
    client = hop;
  }
  return client ? networkOf(client) : "unknown";
}

/** The client as it is counted and stored: nobody without the key can tell the address. */
export const clientKeyOf = (address: string, key: Buffer): string =>
  createHmac("sha256", key).update(address).digest("hex").slice(0, 32);

type Address = ipaddr.IPv4 | ipaddr.IPv6;

function parseHop(text: string): Address | null {
  const bare = text
    .trim()
    .replace(/^\[([^\]]*)\](:\d+)?$/, "$1") // [::1]:443
    .replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, "$1"); // 192.0.2.1:443
  if (!ipaddr.IPv4.isValidFourPartDecimal(bare) && !ipaddr.IPv6.isValid(bare)) return null;
  return ipaddr.process(bare); // an IPv4 address in IPv6 clothes is an IPv4 address
}

function networkOf(address: Address): string {
  if (address.kind() === "ipv4") return address.toString();
  const parts = (address as ipaddr.IPv6).parts.slice(0, 4);
  return `${parts.map((part) => part.toString(16)).join(":")}::/64`;
}
