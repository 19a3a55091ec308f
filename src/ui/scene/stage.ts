import { createContext, useContext } from "react";
import type { Painted } from "./paint/painted-material";
import { AGENT_IDS, type AgentId, type AgentState } from "./scene-state";

/**
 * What the figures read at each frame. It lives outside React, since it changes sixty times a second: one hand (the
 * director) writes it, everybody else only reads.
 */
export type Stage = {
  /** Seconds of movement so far; it stands still while nothing is drawn. */
  time: number;
  /** Seconds since the last frame, never more than a twentieth: nobody leaps after a pause. */
  step: number;
  /** Nothing may move by itself: poses change at once. */
  still: boolean;
  /** 0 at rest, 1 at work, between them on the way. */
  mood: Record<AgentId, number>;
  /** 0–1, on the way to the pool's level. */
  level: number;
  /** Where the pointer is, from −1 to 1 from edge to edge. */
  pointer: { x: number; y: number };
  material: Painted;
};

export function newStage(material: Painted, still: boolean): Stage {
  return {
    time: 0,
    step: 0,
    still,
    mood: { timmy: 0, alpha: 0, beta: 0, gamma: 0, delta: 0 },
    level: 0,
    pointer: { x: 0, y: 0 },
    material,
  };
}

/** Moves towards a goal by at most `step`; jumps there where nothing may move. */
export function towards(now: number, goal: number, speed: number, stage: Stage): number {
  return stage.still ? goal : now + (goal - now) * (1 - Math.exp(-speed * stage.step));
}

export function moveMoods(stage: Stage, agents: Record<AgentId, AgentState>): void {
  for (const id of AGENT_IDS) {
    stage.mood[id] = towards(stage.mood[id], agents[id] === "working" ? 1 : 0, 3.2, stage);
  }
}

const StageContext = createContext<Stage | null>(null);
export const StageProvider = StageContext.Provider;

export function useStage(): Stage {
  const stage = useContext(StageContext);
  if (!stage) throw new Error("a figure stands outside of the stage");
  return stage;
}
