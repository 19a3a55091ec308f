import { Canvas } from "@react-three/fiber";
import { useEffect, useMemo, useState } from "react";
import { type Covered, Framing } from "./camera";
import { Curtain } from "./curtain";
import { Director } from "./director";
import { Alpha } from "./figures/alpha";
import { Beta } from "./figures/beta";
import { Cat } from "./figures/cat";
import { Delta } from "./figures/delta";
import { Gamma } from "./figures/gamma";
import { Timmy } from "./figures/timmy";
import type { Spots } from "./figures-bar";
import { Coins } from "./moving/coins";
import { CrystalBall, Jar } from "./moving/glass";
import { Flames, Glows } from "./moving/lights";
import { Night } from "./moving/night";
import { NamePlaces } from "./name-places";
import { paintedMaterial } from "./paint/painted-material";
import { Pixels } from "./pixels";
import { Room } from "./room/room";
import type { WorldState } from "./scene-state";
import { newStage, StageProvider } from "./stage";
import { QUALITY, type Tier } from "./tier";

type SceneProps = {
  world: WorldState;
  tier: Tier;
  /** Somebody asked for less motion: poses change at once, and nothing moves by itself. */
  still: boolean;
  covered: Covered;
  /** The buttons that lie over the figures. */
  spots: Spots;
  /** True once something is to be seen; false when the machine took the drawing away, until it gives it back. */
  onShown: (shown: boolean) => void;
};

/** The room in three dimensions. Loaded late, and only where it can be drawn. */
export default function Scene({ world, tier, still, covered, spots, onShown }: SceneProps) {
  const { pixels, framesPerSecond, perPixel, smooth } = QUALITY[tier];
  const [ratio, setRatio] = useState(0.5);
  const stage = useMemo(() => newStage(paintedMaterial(perPixel), still), [perPixel, still]);
  useEffect(() => () => stage.material.dispose(), [stage]);
  return (
    <Canvas
      frameloop="demand"
      dpr={ratio}
      flat
      linear
      gl={{ antialias: smooth, alpha: false, powerPreference: "low-power" }}
    >
      <StageProvider value={stage}>
        <Director world={world} framesPerSecond={framesPerSecond} />
        <Pixels most={pixels} onRatio={setRatio} />
        <Framing covered={covered} />
        <Room />
        <Night />
        <Flames />
        <Timmy />
        <Alpha />
        <Beta />
        <Gamma />
        <Delta />
        <Cat />
        <CrystalBall />
        <Jar />
        <Coins coins={world.coins} />
        <Glows />
        <NamePlaces spots={spots} />
        <Curtain onShown={onShown} />
      </StageProvider>
    </Canvas>
  );
}
