import { z } from "zod";

/** A place to die at: a point of the catalogue, and which side of it. */
export type Spot = `${"before" | "after"} ${string}`;
export const spotOf = (side: "before" | "after", point: string): Spot => `${side} ${point}`;
export const pointOf = (spot: Spot): string => spot.slice(spot.indexOf(" ") + 1);

const SpotText = z.custom<Spot>((text) => typeof text === "string" && /^(before|after) \S/.test(text));

/** What the driver tells a server, over Node's channel between processes. */
export const ToServer = z.discriminatedUnion("kind", [
  /**
   * Start as a server with these settings; until then the process only waits, with all its modules loaded.
   * `writers`: the functions of the database that write, by name.
   */
  z.object({ kind: z.literal("start"), env: z.record(z.string(), z.string()), writers: z.array(z.string()) }),
  /** Die at whichever of these comes first, after it was passed so often. Replaces what was said before. */
  z.object({ kind: z.literal("arm"), spots: z.array(z.tuple([SpotText, z.int().min(0)])) }),
]);
export type ToServer = z.infer<typeof ToServer>;

/** What a server tells the driver, one JSON object a line, on a pipe that outlives it. */
export const FromServer = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("loaded") }),
  z.object({ kind: z.literal("seen"), spot: SpotText }),
  z.object({ kind: z.literal("died"), spot: SpotText }),
]);
export type FromServer = z.infer<typeof FromServer>;

/** The file descriptor of that pipe in the server. */
export const EVENTS_FD = 4;

/** A module in the bundled server: its path, and the line above its code. The table stands beside the bundle. */
export const BundledModule = z.object({ line: z.int(), file: z.string() });
export type BundledModule = z.infer<typeof BundledModule>;
export const modulesOf = (bundle: string): string => `${bundle}.modules.json`;
