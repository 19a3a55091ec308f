import { useFrame, useThree } from "@react-three/fiber";
import { useEffect, useRef } from "react";
import { PerspectiveCamera, Vector3 } from "three";
import { towards, useStage } from "./stage";

/** What must be seen, in metres round the middle of the table. */
const SUBJECT = { width: 5.55, height: 4.25, middle: new Vector3(0.02, 1.56, -0.1) } as const;
const FIELD = (30 * Math.PI) / 180;
/** A few degrees and no more: the room is looked into, not flown through. */
const DRIFT = { yaw: (4 * Math.PI) / 180, pitch: (1.6 * Math.PI) / 180 } as const;

/** Pixels at the right and at the foot of the canvas that something else lies over. */
export type Covered = { right: number; bottom: number };

/** So far away that the subject fits into what is left free, and moved so that it is in the middle of that. */
export function Framing({ covered }: { covered: Covered }) {
  const stage = useStage();
  const { camera, size, invalidate } = useThree();
  const turn = useRef({ x: 0, y: 0 });
  const distance = useRef(9);

  useEffect(() => {
    if (!(camera instanceof PerspectiveCamera)) return;
    const free = {
      width: Math.max(80, size.width - covered.right),
      height: Math.max(80, size.height - covered.bottom),
    };
    const metresAtOne = 2 * Math.tan(FIELD / 2);
    const forHeight = (SUBJECT.height * size.height) / (metresAtOne * free.height);
    const forWidth = (SUBJECT.width * size.height) / (metresAtOne * free.width);
    distance.current = Math.max(forHeight, forWidth);
    camera.fov = (FIELD * 180) / Math.PI;
    camera.near = 1;
    camera.far = 30;
    camera.setViewOffset(size.width, size.height, covered.right / 2, covered.bottom / 2, size.width, size.height);
    camera.updateProjectionMatrix();
    invalidate();
  }, [camera, size, covered, invalidate]);

  useFrame(() => {
    const now = turn.current;
    now.x = towards(now.x, stage.still ? 0 : stage.pointer.x, 2.5, stage);
    now.y = towards(now.y, stage.still ? 0 : stage.pointer.y, 2.5, stage);
    const yaw = now.x * DRIFT.yaw;
    const pitch = 0.15 - now.y * DRIFT.pitch;
    const { middle } = SUBJECT;
    camera.position.set(
      middle.x + Math.sin(yaw) * distance.current,
      middle.y + Math.sin(pitch) * distance.current,
      middle.z + Math.cos(yaw) * Math.cos(pitch) * distance.current,
    );
    camera.lookAt(middle);
  }, -1);
  return null;
}
