import { useFrame } from "@react-three/fiber";
import { useLayoutEffect, useMemo, useRef } from "react";
import { type InstancedMesh, Object3D } from "three";
import { chance, join } from "../paint/piece";
import { ring, rod } from "../paint/shapes";
import { JAR } from "../room/places";
import { coinsToFly } from "../scene-state";
import { useStage } from "../stage";

/** A full jar; then those in the air; then the dust, which is coins too, too small to be told. */
const IN_JAR = 84;
const IN_AIR = 24;
const DUST = 70;
/** Seconds from the edge of the room into the jar. */
const FLIGHT = 1.5;
const COIN = 0.052;

/** Where a coin of the heap lies: in layers, each a ring with one in its middle. */
function placeInJar(at: number) {
  const layer = Math.floor(at / 7);
  const slot = at % 7;
  const angle = slot * 1.047 + layer * 0.52;
  const out = slot === 6 ? 0.02 : 0.094 + chance(at) * 0.018;
  return {
    x: JAR.x + Math.cos(angle) * out,
    y: JAR.y + 0.035 + layer * 0.031 + chance(at + 3) * 0.012,
    z: JAR.z + Math.sin(angle) * out,
    tiltX: (chance(at + 7) - 0.5) * 0.9,
    tiltZ: (chance(at + 11) - 0.5) * 0.9,
  };
}

type Flight = { since: number; from: [number, number, number]; lift: number };

export function Coins({ coins }: { coins: number }) {
  const stage = useStage();
  const mesh = useRef<InstancedMesh>(null);
  const flights = useRef<Flight[]>([]);
  const seen = useRef(coins);
  const pose = useMemo(() => new Object3D(), []);
  const shape = useMemo(
    () =>
      join([
        rod(COIN, COIN, 0.016, 14).move(0, -0.008, 0).paint("#ffb84a", 0.42),
        ring(COIN * 0.92, 0.006, Math.PI * 2, 14)
          .turn(Math.PI / 2)
          .move(0, 0.008, 0)
          .paint("#ffe19a", 0.6),
      ]),
    [],
  );

  useLayoutEffect(() => {
    const more = coinsToFly(seen.current, coins);
    seen.current = coins;
    if (stage.still) return;
    for (let at = 0; at < more; at++) {
      flights.current.push({
        since: stage.time + at * 0.11,
        from: [-0.4 + chance(stage.time + at) * 1.6, 0.55 + chance(stage.time + at + 5) * 0.5, 3.1],
        lift: 0.7 + chance(stage.time + at + 9) * 0.5,
      });
    }
    flights.current = flights.current.slice(-IN_AIR);
  }, [coins, stage]);

  useFrame(() => {
    if (!mesh.current) return;
    const { time, level, still } = stage;
    let at = 0;
    const put = () => {
      pose.updateMatrix();
      mesh.current?.setMatrixAt(at++, pose.matrix);
    };
    const heap = Math.round(level * IN_JAR);
    for (let n = 0; n < heap; n++) {
      const place = placeInJar(n);
      pose.position.set(place.x, place.y, place.z);
      pose.rotation.set(place.tiltX, 0, place.tiltZ);
      pose.scale.setScalar(1);
      put();
    }
    flights.current = flights.current.filter((flight) => time - flight.since < FLIGHT);
    for (const { since, from, lift } of flights.current) {
      const part = (time - since) / FLIGHT;
      if (part < 0) continue;
      const eased = part * part * (3 - 2 * part);
      // Over the rim, then down: the last tenth is the fall into the jar.
      const rim = JAR.y + JAR.height + 0.14;
      const along = Math.min(1, eased / 0.88);
      const fall = Math.max(0, (eased - 0.88) / 0.12);
      pose.position.set(
        from[0] + (JAR.x - from[0]) * along,
        from[1] + (rim - from[1]) * along + Math.sin(along * Math.PI) * lift - fall * (0.15 + JAR.height * (1 - level)),
        from[2] + (JAR.z - from[2]) * along,
      );
      pose.rotation.set(part * 15, part * 6, 0);
      pose.scale.setScalar(1.25);
      put();
    }
    // Dust hangs where light falls: by the fire, the candle and the ball.
    for (let n = 0; n < (still ? 0 : DUST); n++) {
      const rise = (chance(n) + time * (0.012 + chance(n + 1) * 0.02)) % 1;
      const sway = Math.sin(time * 0.4 + n * 1.7) * 0.12;
      pose.position.set(-3 + chance(n + 2) * 5.6 + sway, 0.3 + rise * 3.1, -1.8 + chance(n + 4) * 3 + sway);
      pose.rotation.set(time * 0.6 + n, n, 0);
      pose.scale.setScalar((0.1 + chance(n + 6) * 0.12) * Math.sin(rise * Math.PI));
      put();
    }
    mesh.current.count = at;
    mesh.current.instanceMatrix.needsUpdate = true;
  });

  return <instancedMesh ref={mesh} args={[shape, stage.material, IN_JAR + IN_AIR + DUST]} frustumCulled={false} />;
}
