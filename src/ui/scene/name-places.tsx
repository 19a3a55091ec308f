import { useFrame, useThree } from "@react-three/fiber";
import { Vector3 } from "three";
import type { Spots } from "./figures-bar";
import { STANDS } from "./room/places";
import { AGENT_IDS } from "./scene-state";

const corner = new Vector3();

/** Lays the buttons over the figures, wherever the camera has them just now. */
export function NamePlaces({ spots }: { spots: Spots }) {
  const { camera, size } = useThree();
  useFrame(() => {
    camera.updateMatrixWorld();
    for (const id of AGENT_IDS) {
      const button = spots[id];
      if (!button) continue;
      const { at, reach, middle } = STANDS[id];
      const onScreen = (dx: number, dy: number) => {
        corner.set(at[0] + dx * reach[0] * 0.5, middle + dy * reach[1] * 0.5, at[2]).project(camera);
        return [((corner.x + 1) / 2) * size.width, ((1 - corner.y) / 2) * size.height] as const;
      };
      const [left, top] = onScreen(-1, 1);
      const [right, bottom] = onScreen(1, -1);
      const place = {
        "--x": left,
        "--y": top,
        "--width": Math.max(44, right - left),
        "--height": Math.max(44, bottom - top),
      };
      for (const [name, pixels] of Object.entries(place)) {
        const value = `${Math.round(pixels)}px`;
        if (button.style.getPropertyValue(name) !== value) button.style.setProperty(name, value);
      }
    }
  });
  return null;
}
