/** How much is asked of the machine. `light`: graphics in software; `middle`: phones and few cores; `high`: the rest. */
export type Tier = "light" | "middle" | "high";

export type Machine = {
  /** What draws, as WebGL tells it; empty where a browser hides it. */
  renderer: string;
  cores: number;
  coarsePointer: boolean;
};

const SOFTWARE = /swiftshader|llvmpipe|softpipe|software|basic render/i;

export function tierOf({ renderer, cores, coarsePointer }: Machine): Tier {
  if (SOFTWARE.test(renderer)) return "light";
  return cores <= 4 || coarsePointer ? "middle" : "high";
}

/** `pixels`: how many are drawn at most, whatever the size of the window. */
export const QUALITY = {
  light: { pixels: 260_000, framesPerSecond: 20, perPixel: false, smooth: false },
  middle: { pixels: 1_400_000, framesPerSecond: 30, perPixel: true, smooth: true },
  high: { pixels: 6_000_000, framesPerSecond: 60, perPixel: true, smooth: true },
} as const satisfies Record<Tier, { pixels: number; framesPerSecond: number; perPixel: boolean; smooth: boolean }>;

/** Asks the machine; null where there is no WebGL 2, and so no room to be drawn. */
export function probe(): Tier | null {
  const context = document.createElement("canvas").getContext("webgl2");
  if (!context) return null;
  const info = context.getExtension("WEBGL_debug_renderer_info");
  const renderer = info ? String(context.getParameter(info.UNMASKED_RENDERER_WEBGL)) : "";
  // A browser allows few contexts at once: this one is given back.
  context.getExtension("WEBGL_lose_context")?.loseContext();
  const coarsePointer = matchMedia("(pointer: coarse)").matches;
  return tierOf({ renderer, cores: navigator.hardwareConcurrency, coarsePointer });
}
