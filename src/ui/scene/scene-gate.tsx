"use client";
import { lazy, type ReactNode, Suspense, useCallback, useRef, useState } from "react";
import { FiguresBar, type Spots } from "./figures-bar";
import { SceneBoundary } from "./scene-boundary";
import styles from "./scene-gate.module.css";
import type { WorldState } from "./scene-state";
import { useCovered } from "./use-covered";
import { useReducedMotion } from "./use-reduced-motion";
import { useTier } from "./use-tier";

const Scene = lazy(() => import("./scene"));

type Props = {
  world: WorldState;
  /** What the room looks like, in words: the drawing is for eyes only. */
  label: string;
  /** The drawn room: there at once, and for good where there is no WebGL 2, or where it fails. */
  fallback: ReactNode;
  className: string;
};

/**
 * The room, however much of it this browser can show. Style sheets tell by `--scene-covered-right` and
 * `--scene-covered-bottom` what lies over it, so that everybody in it stays in view.
 */
export function SceneGate({ world, label, fallback, className }: Props) {
  const tier = useTier();
  const still = useReducedMotion();
  const gauge = useRef<HTMLDivElement>(null);
  const covered = useCovered(gauge);
  const [spots] = useState<Spots>({});
  const [shown, setShown] = useState(false);
  const [failed, setFailed] = useState(false);
  const onFailure = useCallback(() => {
    setShown(false);
    setFailed(true);
  }, []);
  return (
    <div className={`${styles.gate} ${className}`} data-scene={shown ? tier : "drawn"}>
      <span role="img" aria-label={label} />
      <div ref={gauge} className={styles.gauge} />
      {!shown && fallback}
      {tier && !failed && (
        <div aria-hidden="true" className={`${styles.canvas} ${shown ? styles.shown : ""}`}>
          <SceneBoundary onFailure={onFailure}>
            <Suspense>
              <Scene world={world} tier={tier} still={still} covered={covered} spots={spots} onShown={setShown} />
            </Suspense>
          </SceneBoundary>
        </div>
      )}
      <FiguresBar world={world} spots={spots} placed={shown} />
    </div>
  );
}
