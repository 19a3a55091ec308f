import { useMemo } from "react";
import { join } from "../paint/piece";
import { useStage } from "../stage";
import { hearth, onTheFloor, shelf, table } from "./furniture";
import { STANDS, TABLE } from "./places";
import { backWall, beams, floor } from "./walls";

/** Where the floor lies in shadow. */
const FOOTPRINTS = [
  ...Object.values(STANDS).map(({ at }) => [at[0], at[2], 0.5] as const),
  [-0.9, TABLE.z, 0.8],
  [0, TABLE.z, 0.85],
  [0.9, TABLE.z, 0.8],
  [-1.45, 1.12, 0.42],
  [2.75, -0.35, 0.6],
  [-3.55, -0.2, 0.5],
] as const;

/** All that never moves, in one mesh. */
export function Room() {
  const { material } = useStage();
  const shape = useMemo(
    () =>
      join([
        ...backWall(),
        ...floor(FOOTPRINTS),
        ...beams(),
        ...hearth(),
        ...table(),
        ...shelf(-1.12, 2.5, 1.3, 3),
        ...shelf(-1.12, 3.22, 1.3, 31),
        ...shelf(3.15, 2.0, 1.5, 61),
        ...shelf(3.15, 2.75, 1.5, 87),
        ...onTheFloor(),
      ]),
    [],
  );
  return <mesh geometry={shape} material={material} frustumCulled={false} />;
}
