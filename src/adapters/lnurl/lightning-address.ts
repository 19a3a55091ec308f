/** LUD-16's letters, and the `+` that many services take for tags. */
const NAME = /^[a-z0-9_.+-]{1,64}$/;
/** What URL parsing would read as something other than a host is not let near it. */
const HOST = /^[^\s/?#@\\%:[\]]{1,253}(:\d{1,5})?$/;

/** Where a Lightning address (LUD-16) is asked for payment; null when the text is none. */
export function payRequestUrl(address: string, privateHosts: ReadonlySet<string>): URL | null {
  const parts = address.trim().toLowerCase().split("@");
  const [name, host] = parts;
  if (parts.length !== 2 || !name || !host || !NAME.test(name) || /^\.+$/.test(name) || !HOST.test(host)) return null;
  // Plain http is for the hosts that the operator named, all of them private.
  const scheme = privateHosts.has(host) ? "http" : "https";
  return URL.parse(`${scheme}://${host}/.well-known/lnurlp/${name}`);
}
