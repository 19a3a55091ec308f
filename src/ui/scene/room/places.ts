/** Where things stand, in metres: x to the right, y up from the floor, z towards the camera. The table is in the middle. */
export const WALL_Z = -2.7;
/** As wide as the lowest and widest window shows of it. */
export const WALL = { left: -13.4, right: 13.4 } as const;
export const WINDOW = { x: 1.42, half: 0.68, sill: 1.5, spring: 2.65 } as const;
export const HEARTH = { x: -2.7, half: 0.68 } as const;
export const TABLE = { top: 0.98, half: 1.62, deep: 0.62, z: 0.12 } as const;
export const BALL = { x: 0.62, y: 1.34, z: 0.12, radius: 0.25 } as const;
export const JAR = { x: 1.32, y: TABLE.top, z: 0.42, radius: 0.2, height: 0.46 } as const;

/** It hangs from a beam. */
export const LANTERN = { x: 2.52, y: 3.25, z: -1.5 } as const;

/** Where each figure stands, and how large a thing its button covers: [width, height]. */
export const STANDS = {
  timmy: { at: [-0.15, 0, -0.72], reach: [1.0, 2.2], middle: 2.0 },
  alpha: { at: [-1.12, 1.33, 0.1], reach: [0.62, 0.75], middle: 1.66 },
  beta: { at: [-1.82, 0, 0.6], reach: [0.95, 1.35], middle: 0.72 },
  gamma: { at: [1.12, 0, -0.66], reach: [0.62, 1.2], middle: 1.75 },
  delta: { at: [2.02, 0, 0.5], reach: [0.95, 1.5], middle: 0.8 },
} as const;
