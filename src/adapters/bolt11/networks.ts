import type { LightningNetwork } from "~/ports/bolt11";

/** What the bolt11 library wants to know of a chain: the address versions are for fallback addresses alone. */
type Chain = { bech32: string; pubKeyHash: number; scriptHash: number; validWitnessVersions: number[] };

const TEST_ADDRESSES = { pubKeyHash: 0x6f, scriptHash: 0xc4, validWitnessVersions: [0, 1] };

const CHAINS = {
  bc: { bech32: "bc", pubKeyHash: 0x00, scriptHash: 0x05, validWitnessVersions: [0, 1] },
  tb: { bech32: "tb", ...TEST_ADDRESSES },
  tbs: { bech32: "tbs", ...TEST_ADDRESSES },
  bcrt: { bech32: "bcrt", ...TEST_ADDRESSES },
  sb: { bech32: "sb", pubKeyHash: 0x3f, scriptHash: 0x7b, validWitnessVersions: [0, 1] },
} as const satisfies Record<LightningNetwork, { readonly [field in keyof Chain]: Readonly<Chain[field]> }>;

/** A fresh copy, since the library's type asks for one it could write to. */
export const chainOf = (network: LightningNetwork): Chain => ({
  ...CHAINS[network],
  validWitnessVersions: [...CHAINS[network].validWitnessVersions],
});
