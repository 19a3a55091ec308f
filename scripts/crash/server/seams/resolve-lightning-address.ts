import {
  type LightningAddressParts,
  lightningAddressResolver as resolver,
} from "~/adapters/lnurl/resolve-lightning-address";
import type { ResolveLightningAddress } from "~/ports/lightning-address";
import { reach } from "../reach";

export function lightningAddressResolver(parts: LightningAddressParts): ResolveLightningAddress {
  const resolve = resolver(parts);
  return async (...args) => {
    reach("address.resolve", "before");
    const resolved = await resolve(...args);
    reach("address.resolve", "after");
    return resolved;
  };
}
