import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { clientAddress, clientKeyOf } from "./client-address";

describe("without a proxy", () => {
  test.each([
    ["192.0.2.7", "192.0.2.7"],
    ["::ffff:192.0.2.7", "192.0.2.7"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
    ["2001:db8:1:2::9", "2001:db8:1:2::/64"],
    ["::1", "0:0:0:0::/64"],
    ["fe80::1%eth0", "fe80:0:0:0::/64"],
    [null, "unknown"],
    ["nonsense", "unknown"],
  ])("%s is %s", (remote, client) => expect(clientAddress(remote, null, 0)).toBe(client));

  test("X-Forwarded-For is not believed", () => {
    expect(clientAddress("192.0.2.7", "198.51.100.1", 0)).toBe("192.0.2.7");
  });
});

describe("behind proxies", () => {
  const forwarded = "203.0.113.1, 198.51.100.2, 192.0.2.3";
  test.each([
    [1, forwarded, "192.0.2.3"],
    [2, forwarded, "198.51.100.2"],
    [3, forwarded, "203.0.113.1"],
    [9, forwarded, "203.0.113.1"],
    [1, "203.0.113.1:4711", "203.0.113.1"],
    [1, "[2001:db8::1]:4711", "2001:db8:0:0::/64"],
    [1, "", "10.0.0.1"],
    [1, "nonsense", "10.0.0.1"],
    [2, "203.0.113.1, nonsense", "10.0.0.1"],
    [2, "nonsense, 203.0.113.1", "203.0.113.1"],
    [1, null, "10.0.0.1"],
  ])("%i of them, %j: %s", (hops, header, client) => expect(clientAddress("10.0.0.1", header, hops)).toBe(client));

  test("whatever a client writes itself, the entry of our own proxy decides", () => {
    fc.assert(
      fc.property(fc.string(), fc.ipV4(), (written, address) => {
        expect(clientAddress("10.0.0.1", `${written}, ${address}`, 1)).toBe(address);
      }),
    );
  });
});

test("the key tells clients apart and nothing of their address", () => {
  const key = Buffer.from("key");
  expect(clientKeyOf("192.0.2.7", key)).toMatch(/^[0-9a-f]{32}$/);
  expect(clientKeyOf("192.0.2.7", key)).toBe(clientKeyOf("192.0.2.7", key));
  expect(clientKeyOf("192.0.2.8", key)).not.toBe(clientKeyOf("192.0.2.7", key));
  expect(clientKeyOf("192.0.2.7", Buffer.from("another"))).not.toBe(clientKeyOf("192.0.2.7", key));
});
