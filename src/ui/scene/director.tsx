import { useFrame, useThree } from "@react-three/fiber";
import { useEffect } from "react";
import { levelOf, type WorldState } from "./scene-state";
import { moveMoods, towards, useStage } from "./stage";

/** Seconds without anybody doing anything until the room falls asleep and costs nothing. */
const AWAKE_SECONDS = 40;
const STIRS = ["pointermove", "pointerdown", "keydown", "wheel", "touchstart", "scroll", "focus"] as const;

type Props = { world: WorldState; framesPerSecond: number };

/** Requests frames while something moves and somebody can see it; the only writer of the stage. */
export function Director({ world, framesPerSecond }: Props) {
  const stage = useStage();
  const { invalidate, gl } = useThree();
  const atWork = Object.values(world.agents).includes("working");

  // The first of all, before the figures read.
  useFrame((_, seconds) => {
    stage.step = Math.min(0.05, seconds);
    if (!stage.still) stage.time += stage.step;
    moveMoods(stage, world.agents);
    stage.level = towards(stage.level, levelOf(world), 1.6, stage);
  }, -2);

  // biome-ignore lint/correctness/useExhaustiveDependencies: whatever changes in the world is worth one frame
  useEffect(() => {
    invalidate();
  }, [world, stage.still, invalidate]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a change of the world wakes the room, so it restarts this
  useEffect(() => {
    if (stage.still) return;
    let stirred = performance.now();
    let drawn = 0;
    let next = 0;
    let onScreen = true;
    const frame = (now: number) => {
      next = 0;
      // A screen's refresh is never met exactly: a fifth early counts as on time.
      if (now - drawn >= 800 / framesPerSecond) {
        drawn = now;
        invalidate();
      }
      go();
    };
    const go = () => {
      const awake = atWork || performance.now() - stirred < AWAKE_SECONDS * 1000;
      if (next || document.hidden || !onScreen || !awake) return;
      next = requestAnimationFrame(frame);
    };
    const stir = (event?: Event) => {
      stirred = performance.now();
      if (event instanceof PointerEvent && event.pointerType === "mouse") {
        stage.pointer.x = (event.clientX / innerWidth) * 2 - 1;
        stage.pointer.y = (event.clientY / innerHeight) * 2 - 1;
      }
      go();
    };
    const seen = new IntersectionObserver(([entry]) => {
      onScreen = entry?.isIntersecting ?? true;
      go();
    });
    seen.observe(gl.domElement);
    for (const kind of STIRS) addEventListener(kind, stir, { passive: true });
    document.addEventListener("visibilitychange", go);
    go();
    return () => {
      cancelAnimationFrame(next);
      seen.disconnect();
      for (const kind of STIRS) removeEventListener(kind, stir);
      document.removeEventListener("visibilitychange", go);
    };
  }, [stage, stage.still, atWork, world, framesPerSecond, invalidate, gl]);

  return null;
}
