import { useFrame } from "@react-three/fiber";
import { useMemo, useRef } from "react";
import type { Group } from "three";
import { join, type Piece } from "../paint/piece";
import { ball, lock, ring, strand, turned } from "../paint/shapes";
import { STANDS } from "../room/places";
import { useStage } from "../stage";
import { blink } from "./face";
import { Part } from "./part";
import { hand } from "./timmy";

const CLOAK = "#5d3f86";
const CLOAK_DARK = "#3c2862";
const PALE = "#c9bfe6";

/** Thin and tall, and all cloak. */
function body(): Piece[] {
  return [
    turned(
      [
        [0.36, 0],
        [0.26, 0.5],
        [0.2, 1.0],
        [0.215, 1.35],
        [0.24, 1.52],
        [0.17, 1.66],
        [0.08, 1.72],
      ],
      24,
    )
      .bend((c) => {
        const fold = 1 + Math.sin(Math.atan2(c.x, c.z) * 8) * 0.045 * Math.max(0, 1.5 - c.y);
        c.x *= fold;
        c.z *= fold * 0.85;
      })
      .paint(CLOAK),
    ball(0.032, 9).move(0, 1.53, 0.195).paint("#6fe3cf", 0.9),
  ];
}

/** A deep hood with a point that falls back; in it a long pale nose and two lights. */
function head(): Piece[] {
  return [
    ball(0.215, 22)
      .bend((c) => {
        // The opening: what looks forward is drawn in, its edge stands out.
        const front = Math.max(0, c.z - 0.05);
        c.z += front > 0.07 ? -front * 1.6 : front * 0.7;
        if (c.y > 0) {
          c.y *= 1.28;
          c.z -= Math.max(0, c.y - 0.1) * 0.55;
        }
      })
      .scale(0.92, 1.05, 1.05)
      .paint(CLOAK, 0, (_x, _y, z) => (z > 0.05 ? 0.8 : 1)),
    lock(
      [
        [0, 0.2, -0.1],
        [0, 0.31, -0.2],
        [0, 0.3, -0.34],
      ],
      0.12,
      0.8,
    ).paint(CLOAK),
    ball(0.16, 16).scale(0.95, 1.15, 0.5).move(0, -0.015, 0.1).paint("#150d26"),
    ring(0.172, 0.03, Math.PI * 2, 24)
      .scale(0.92, 1.18, 1)
      .turn(-0.08)
      .move(0, -0.01, 0.155)
      .paint(CLOAK_DARK),
    ring(0.178, 0.011, Math.PI * 2, 24)
      .scale(0.92, 1.18, 1)
      .turn(-0.08)
      .move(0, -0.01, 0.183)
      .paint("#b79be0", 0.15),
  ];
}

const lights = () =>
  [-1, 1].flatMap((side) => [
    ball(0.042, 14)
      .scale(0.85, 1.15, 0.5)
      .move(side * 0.066, 0, 0.172)
      .paint("#7ff0dc", 1),
    ball(0.021, 8)
      .scale(0.9, 1.2, 0.5)
      .move(side * 0.064, 0.006, 0.188)
      .paint("#f4fffb", 1),
  ]);

const arm = (side: number) => [
  strand(
    [
      [0, 0, 0],
      [side * 0.1, -0.3, 0.04],
      [side * 0.03, -0.4, 0.26],
      [side * -0.05, -0.36, 0.46],
    ],
    0.066,
    (t) => 1 + t * 0.85,
  ).paint(CLOAK),
  ball(0.11, 12)
    .scale(1, 1, 0.3)
    .move(side * -0.05, -0.36, 0.46)
    .paint("#150d26"),
  ...hand(PALE, 0.95).map((p) => p.move(side * -0.055, -0.355, 0.53)),
];

/** Gamma, the seer: folded hands, until something is asked of the ball. */
export function Gamma() {
  const stage = useStage();
  const shapes = useMemo(
    () => ({
      body: join(body()),
      head: join(head()),
      lights: join(lights()),
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
    const { mood, time, still } = stage;
    const work = mood.gamma;
    const t = still ? 0 : time;
    const drift = Math.sin(t * 0.7);
    if (all.current) {
      const [x, y, z] = STANDS.gamma.at;
      all.current.position.set(x - work * 0.06, y, z + work * 0.2);
      all.current.rotation.set(work * 0.12, -0.5, drift * 0.018);
    }
    headRef.current?.rotation.set(
      0.12 + work * 0.3 + Math.sin(t * 0.55) * 0.03,
      Math.sin(t * 0.3) * 0.22 * (1 - work) + 0.12,
      0,
    );
    blink(lids.current, t * 0.7, 0.15, still);
    // Folded they lie one in the other; at work they circle over the ball.
    left.current?.rotation.set(
      0.3 - work * (1.05 - Math.sin(t * 1.7) * 0.16),
      0.5 - work * (0.42 + Math.cos(t * 1.7) * 0.14),
      0,
    );
    right.current?.rotation.set(
      0.3 - work * (0.98 + Math.sin(t * 1.7) * 0.16),
      -0.5 + work * (0.42 - Math.cos(t * 1.7) * 0.14),
      0,
    );
  });

  return (
    <Part at={STANDS.gamma.at} hold={all}>
      <Part shape={shapes.body} />
      <Part shape={shapes.left} at={[-0.19, 1.55, 0.05]} hold={left} />
      <Part shape={shapes.right} at={[0.19, 1.55, 0.05]} hold={right} />
      <Part shape={shapes.head} at={[0, 1.84, 0.05]} hold={headRef}>
        <Part shape={shapes.lights} at={[0, 0.035, 0]} hold={lids} />
      </Part>
    </Part>
  );
}
