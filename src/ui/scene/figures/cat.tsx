import { useFrame } from "@react-three/fiber";
import { useMemo, useRef } from "react";
import type { Group } from "three";
import { join, type Piece } from "../paint/piece";
import { ball, lock, ring, strand } from "../paint/shapes";
import { useStage } from "../stage";
import { Part } from "./part";

const COAT = "#55557c";
const DARK = "#40406a";
const WHITE = "#efe6da";

/** Curled up: a round back, and paws that nobody sees. */
function body(): Piece[] {
  return [
    ball(0.25, 20).scale(1.15, 0.66, 0.92).move(0, 0.15, 0).paint(COAT),
    ball(0.15, 14).scale(1, 0.85, 1).move(-0.19, 0.12, 0.08).paint(COAT),
    ...[-0.1, 0.0, 0.1].map((x) =>
      strand(
        [
          [x - 0.02, 0.2, 0.19],
          [x, 0.305, 0.06],
          [x + 0.02, 0.29, -0.1],
        ],
        0.016,
      ).paint(DARK),
    ),
    ball(0.06, 10).scale(1.5, 0.7, 1).move(-0.16, 0.04, 0.24).paint(WHITE),
  ];
}

function head(): Piece[] {
  return [
    ball(0.135, 16).scale(1.12, 0.92, 0.95).paint(COAT),
    ...[-1, 1].flatMap((side) => [
      ball(0.052, 10)
        .scale(1.1, 0.8, 0.7)
        .move(side * 0.036, -0.045, 0.105)
        .paint(WHITE),
      lock(
        [
          [side * 0.085, 0.06, 0.02],
          [side * 0.11, 0.14, 0.02],
          [side * 0.115, 0.185, 0.015],
        ],
        0.058,
        1,
      ).paint(DARK),
      ring(0.027, 0.007, Math.PI, 10)
        .turn(0, 0, Math.PI)
        .move(side * 0.06, 0.02, 0.12)
        .paint("#1a1430"),
    ]),
    ball(0.018, 8).scale(1.2, 0.8, 0.8).move(0, -0.02, 0.145).paint("#e58f86"),
  ];
}

const tail = () => [
  strand(
    [
      [0, 0, 0],
      [0.1, -0.05, 0.16],
      [-0.04, -0.07, 0.28],
      [-0.22, -0.06, 0.3],
    ],
    0.045,
    (t) => 1.1 - t * 0.3,
  ).paint(COAT),
  ball(0.042, 10).move(-0.23, -0.06, 0.3).paint(WHITE),
];

/** The workshop's cat sleeps through everything. */
export function Cat() {
  const stage = useStage();
  const shapes = useMemo(() => ({ body: join(body()), head: join(head()), tail: join(tail()) }), []);
  const back = useRef<Group>(null);
  const headRef = useRef<Group>(null);
  const tailRef = useRef<Group>(null);
  useFrame(() => {
    const t = stage.still ? 0 : stage.time;
    back.current?.scale.set(1, 1 + Math.sin(t * 1.3) * 0.025, 1);
    // A twitch of the ear's side now and then: it dreams.
    const twitch = Math.max(0, Math.sin(t * 0.53)) ** 40 * Math.sin(t * 26);
    headRef.current?.rotation.set(0.2, -0.25, 0.22 + twitch * 0.05);
    tailRef.current?.rotation.set(0, Math.sin(t * 0.8) * 0.09 + twitch * 0.06, 0);
  });
  return (
    <group position={[0.42, 0.03, 1.42]} rotation={[0, -0.2, 0]}>
      <Part shape={shapes.body} hold={back} />
      <Part shape={shapes.head} at={[-0.25, 0.17, 0.14]} hold={headRef} />
      <Part shape={shapes.tail} at={[0.2, 0.11, 0.0]} hold={tailRef} />
    </group>
  );
}
