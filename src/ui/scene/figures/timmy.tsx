import { useFrame } from "@react-three/fiber";
import { useMemo, useRef } from "react";
import type { Group } from "three";
import { join, type Piece } from "../paint/piece";
import { ball, box, lock, ring, star, strand, turned, turnedSharp } from "../paint/shapes";
import { STANDS } from "../room/places";
import { useStage } from "../stage";
import { blink, eyes, SKIN } from "./face";
import { Part } from "./part";

const ROBE = "#3c4fb4";
const ROBE_DARK = "#2b3888";
const GOLD = "#eab45c";
const WHITE = "#f2ede6";
const GREY = "#cfc9da";

function body(): Piece[] {
  return [
    turned(
      [
        [0.56, 0],
        [0.5, 0.4],
        [0.42, 0.85],
        [0.4, 1.15],
        [0.37, 1.4],
        [0.25, 1.62],
        [0.1, 1.7],
      ],
      26,
    )
      .scale(1, 1, 0.8)
      .bend((c) => {
        // Folds, deeper towards the hem.
        const fold = 1 + Math.sin(Math.atan2(c.x, c.z) * 9) * 0.03 * Math.max(0, 1.3 - c.y);
        c.x *= fold;
        c.z *= fold;
      })
      .paint(ROBE),
    // A collar with a high back.
    turnedSharp(
      [
        [0.2, 1.56],
        [0.3, 1.6],
        [0.36, 1.78],
        [0.33, 1.79],
        [0.22, 1.64],
      ],
      20,
    )
      .bend((c) => {
        if (c.z > 0) c.y -= c.z * 0.9;
        c.z -= 0.06;
      })
      .paint(ROBE_DARK),
    ring(0.385, 0.035, Math.PI * 2, 26)
      .turn(Math.PI / 2)
      .scale(1, 1, 0.82)
      .move(0, 1.0, 0)
      .paint("#8a3450"),
    ring(0.06, 0.016, Math.PI * 2, 4)
      .turn(0, 0, 0.78)
      .move(0, 1.0, 0.335)
      .paint(GOLD, 0.3),
  ];
}

function head(): Piece[] {
  return [
    ball(0.25, 22).scale(0.94, 1.02, 0.92).paint(SKIN),
    // Cheeks, nose, ears.
    ...[-1, 1].map((side) =>
      ball(0.085, 12)
        .move(side * 0.12, -0.035, 0.175)
        .paint("#e58f76"),
    ),
    ball(0.075, 14).scale(0.9, 1, 1.25).move(0, -0.02, 0.265).paint("#e5927a"),
    ...[-1, 1].map((side) =>
      ball(0.07, 10)
        .scale(0.45, 1, 0.8)
        .move(side * 0.245, 0, 0)
        .paint("#d99a7c"),
    ),
    // Brows like two clouds.
    ...[-1, 1].map((side) =>
      lock(
        [
          [side * 0.035, 0.112, 0.25],
          [side * 0.1, 0.158, 0.245],
          [side * 0.19, 0.14, 0.2],
          [side * 0.27, 0.085, 0.13],
        ],
        0.036,
        0.8,
      ).paint(WHITE),
    ),
    // Half-moon glasses, far down on the nose.
    ...[-1, 1].map((side) =>
      ring(0.066, 0.0085, Math.PI, 14)
        .turn(0, 0, Math.PI)
        .move(side * 0.09, 0.015, 0.3)
        .paint(GOLD, 0.3),
    ),
    ...[-1, 1].map((side) =>
      box(0.134, 0.012, 0.012)
        .move(side * 0.09, 0.015, 0.3)
        .paint(GOLD, 0.3),
    ),
    box(0.05, 0.012, 0.012).move(0, 0.016, 0.305).paint(GOLD, 0.3),
    // Hair at the sides and behind.
    ...[-1, 1].flatMap((side) =>
      [0, 1, 2].map((n) =>
        lock(
          [
            [side * 0.22, 0.1, 0.04 - n * 0.08],
            [side * (0.285 + n * 0.005), -0.08, 0.03 - n * 0.1],
            [side * 0.26, -0.3, 0.02 - n * 0.09],
            [side * 0.3, -0.42 - n * 0.03, 0.0 - n * 0.08],
          ],
          0.062,
          0.9,
        ).paint(n % 2 ? GREY : WHITE),
      ),
    ),
    ...beard(),
    ...hat().map((piece) => piece.move(0, 0.05, -0.01)),
  ];
}

/** Locks that fall from the cheeks, longest in the middle, and a moustache over them. */
function beard(): Piece[] {
  const pieces = [
    ball(0.2, 14).scale(1.05, 0.9, 0.75).move(0, -0.16, 0.1).paint(WHITE),
    ball(0.17, 14).scale(1.05, 1.6, 0.62).move(0, -0.36, 0.13).paint(WHITE),
    // The under lip shows where the beard parts.
    ball(0.03, 8).scale(1.3, 0.55, 0.7).move(0, -0.135, 0.255).paint("#b9584f"),
  ];
  for (let n = -3; n <= 3; n++) {
    const long = 0.82 - Math.abs(n) * 0.115;
    const sway = (n % 2 ? 0.03 : -0.03) + n * 0.006;
    pieces.push(
      lock(
        [
          [n * 0.066, -0.1, 0.2 - Math.abs(n) * 0.032],
          [n * 0.078, -0.1 - long * 0.4, 0.27 - Math.abs(n) * 0.035],
          [n * 0.058 + sway, -0.1 - long * 0.75, 0.26 - Math.abs(n) * 0.03],
          [n * 0.03 - sway, -0.1 - long, 0.24],
        ],
        0.078,
        0.8,
      ).paint(n % 2 ? GREY : WHITE),
    );
  }
  for (const side of [-1, 1])
    pieces.push(
      lock(
        [
          [side * 0.01, -0.085, 0.3],
          [side * 0.1, -0.1, 0.3],
          [side * 0.19, -0.16, 0.235],
          [side * 0.25, -0.13, 0.2],
          [side * 0.27, -0.08, 0.2],
        ],
        0.046,
        0.9,
      ).paint("#ffffff"),
    );
  return pieces;
}

/** Tall and bent over at the tip, as old hats are. */
function hat(): Piece[] {
  const crook = (c: { x: number; y: number; z: number }) => {
    const up = Math.max(0, c.y - 0.42);
    c.x += up * up * 0.75;
    c.y -= up * up * 0.5;
    c.z -= up * 0.16;
  };
  return [
    turnedSharp(
      [
        [0.26, 0.09],
        [0.5, 0.1],
        [0.51, 0.125],
        [0.27, 0.16],
      ],
      28,
    )
      .bend((c) => {
        c.y -= c.x * c.x * 0.22 + (c.z > 0 ? -0.02 : c.z * c.z * 0.35);
      })
      .paint(ROBE),
    turned(
      [
        [0.265, 0.12],
        [0.245, 0.3],
        [0.195, 0.45],
        [0.16, 0.62],
        [0.11, 0.82],
        [0.065, 0.98],
        [0.0, 1.16],
      ],
      20,
    )
      .bend((c) => {
        const crease = 1 + Math.sin(c.y * 26) * 0.025;
        c.x *= crease;
        c.z *= crease;
        crook(c);
      })
      .paint(ROBE),
    turnedSharp(
      [
        [0.272, 0.135],
        [0.28, 0.15],
        [0.262, 0.225],
        [0.25, 0.23],
      ],
      24,
    ).paint("#8a3450"),
    ring(0.05, 0.014, Math.PI * 2, 4)
      .turn(0, 0, 0.78)
      .move(0, 0.185, 0.275)
      .paint(GOLD, 0.3),
    ...(
      [
        [0, 0.4, 0.215, 0.062],
        [0.13, 0.32, 0.185, 0.036],
        [-0.13, 0.34, 0.18, 0.03],
        [-0.075, 0.52, 0.165, 0.03],
        [0.09, 0.6, 0.12, 0.04],
        [0.02, 0.74, 0.12, 0.03],
      ] as const
    ).map(([x, y, z, r]) =>
      star(r, 0.012)
        .turn(-0.2, x * 2.4, x)
        .move(x, y, z)
        .bend(crook)
        .paint("#ffd27a", 0.6),
    ),
  ];
}

/** From the shoulder, which is the origin, down and inwards: a sleeve like a trumpet and a hand. `side` −1 is his right. */
function arm(side: number): Piece[] {
  const end = [side * -0.1, -0.42, 0.4] as const;
  const within = [side * -0.115, -0.419, 0.409] as const;
  return [
    strand([[0, 0, 0], [side * 0.17, -0.3, 0.06], [side * 0.1, -0.42, 0.27], end], 0.1, (t) => 1 + t * 0.5).paint(ROBE),
    strand([[side * -0.085, -0.421, 0.391], end], 0.157).paint(GOLD, 0.1),
    strand([end, within], 0.135).paint("#1c2460"),
    strand([end, [side * -0.17, -0.425, 0.45]], 0.05).paint(SKIN),
    ...hand(SKIN, 1.25).map((piece) => piece.turn(0.1, side * -0.95, 0).move(side * -0.2, -0.43, 0.47)),
  ];
}

/** A palm and four fingers, a little spread. */
export function hand(colour = SKIN, size = 1): Piece[] {
  return [
    ball(0.07, 12).scale(1, 0.6, 1).paint(colour),
    ...[-1.2, -0.4, 0.4, 1.2].map((n) =>
      lock(
        [
          [n * 0.03, 0, 0.03],
          [n * 0.045, 0.012, 0.09],
          [n * 0.052, -0.012, 0.135],
        ],
        0.025,
        1.4,
      ).paint(colour),
    ),
  ].map((piece) => piece.scale(size));
}

export function Timmy() {
  const stage = useStage();
  const shapes = useMemo(
    () => ({
      body: join(body()),
      head: join(head()),
      eyes: join(eyes(0.185, 0.037, 0.222)),
      left: join(arm(-1)),
      right: join(arm(1)),
    }),
    [],
  );
  const all = useRef<Group>(null);
  const headRef = useRef<Group>(null);
  const lids = useRef<Group>(null);
  const left = useRef<Group>(null);
  const right = useRef<Group>(null);

  useFrame(() => {
    const { time, mood, still } = stage;
    const work = mood.timmy;
    const t = still ? 0 : time;
    const breath = Math.sin(t * 1.5);
    if (all.current) {
      all.current.rotation.x = work * 0.1;
      all.current.position.y = breath * 0.008;
    }
    if (headRef.current) {
      // He looks round, and down at the table when there is something to do.
      const look = Math.sin(t * 0.43) * Math.sin(t * 0.17 + 1);
      headRef.current.rotation.set(0.06 + work * 0.16 + breath * 0.012, look * 0.42 * (1 - work * 0.6), look * 0.06);
    }
    blink(lids.current, t, 0.3, still);
    // The right hand strokes the beard now and then; at work both speak.
    const stroke = Math.max(0, Math.sin(t * 0.31 + 0.6)) ** 2 * (1 - work);
    if (left.current)
      left.current.rotation.set(
        -0.28 - stroke * 0.72 + Math.sin(t * 2.1) * 0.07 * stroke - work * (0.55 + Math.sin(t * 2.6) * 0.26),
        stroke * 0.5,
        -stroke * 0.34 - work * 0.14 * (1 + Math.sin(t * 1.9)),
      );
    if (right.current)
      right.current.rotation.set(
        -0.28 - work * (0.5 + Math.sin(t * 2.6 + 2) * 0.26),
        0,
        work * 0.14 * (1 + Math.sin(t * 2.2)),
      );
  });

  return (
    <Part at={STANDS.timmy.at} hold={all}>
      <Part shape={shapes.body} />
      <Part shape={shapes.left} at={[-0.34, 1.52, 0.02]} hold={left} />
      <Part shape={shapes.right} at={[0.34, 1.52, 0.02]} hold={right} />
      <Part shape={shapes.head} at={[0, 1.84, 0.06]} hold={headRef}>
        <Part shape={shapes.eyes} at={[0, 0.055, 0]} hold={lids} />
      </Part>
    </Part>
  );
}
