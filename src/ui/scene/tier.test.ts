import { expect, test } from "vitest";
import { tierOf } from "./tier";

test.each([
  ["ANGLE (Google, Vulkan 1.3.0 (SwiftShader Device (Subzero)), SwiftShader driver)", 16, false, "light"],
  ["Mesa/X.org, llvmpipe (LLVM 15.0.7, 256 bits)", 16, false, "light"],
  ["Microsoft Basic Render Driver", 8, false, "light"],
  ["ANGLE (Apple, ANGLE Metal Renderer: Apple M2)", 8, false, "high"],
  ["Adreno (TM) 730", 8, true, "middle"],
  ["ANGLE (Intel, Mesa Intel(R) UHD Graphics 620)", 4, false, "middle"],
  ["", 8, false, "high"],
])("drawn by %s with %i cores, coarse pointer %s: %s", (renderer, cores, coarsePointer, tier) => {
  expect(tierOf({ renderer, cores, coarsePointer })).toBe(tier);
});
