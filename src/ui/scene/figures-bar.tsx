"use client";
import { type KeyboardEvent, useId, useState } from "react";
import { texts } from "~/ui/texts";
import { Icon } from "../controls/icon";
import styles from "./figures-bar.module.css";
import { AGENT_IDS, type AgentId, type WorldState } from "./scene-state";

const t = texts.scene;

/** Where the room puts the buttons: over the figures, once they are there. */
export type Spots = Partial<Record<AgentId, HTMLElement | null>>;

type Props = {
  world: WorldState;
  spots: Spots;
  /** Whether the buttons lie over figures; else they are a row. */
  placed: boolean;
};

/** A button for each figure, and what it says about itself when asked. */
export function FiguresBar({ world, spots, placed }: Props) {
  const [asked, setAsked] = useState<AgentId | null>(null);
  const cardId = useId();
  const close = () => {
    if (asked) spots[asked]?.focus();
    setAsked(null);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape" && asked) close();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape closes the card from any button within
    <div onKeyDown={onKeyDown} className={styles.layer}>
      <ul aria-label={t.figures} className={placed ? styles.placed : styles.row}>
        {AGENT_IDS.map((id) => (
          <li key={id}>
            <button
              ref={(button) => {
                spots[id] = button;
              }}
              type="button"
              className={styles.figure}
              aria-label={`${t.agents[id].name}, ${t.agents[id].role}`}
              data-state={world.agents[id]}
              aria-expanded={asked === id}
              aria-controls={asked === id ? cardId : undefined}
              onClick={() => setAsked(asked === id ? null : id)}
            >
              <span className={styles.name}>{t.agents[id].name}</span>
            </button>
          </li>
        ))}
      </ul>
      <div id={cardId} aria-live="polite">
        {asked && <Card id={asked} world={world} onClose={close} />}
      </div>
    </div>
  );
}

function Card({ id, world, onClose }: { id: AgentId; world: WorldState; onClose: () => void }) {
  const { name, role, does, ...doing } = t.agents[id];
  const state = world.agents[id];
  return (
    <section className={styles.card} aria-label={`${name}, ${role}`}>
      <h2>
        {name}
        <small>{role}</small>
      </h2>
      <p>{does}</p>
      <p className={styles.now} data-state={state}>
        <span className="for-screen-readers">{t.now}: </span>
        {doing[state]}
      </p>
      <button type="button" className={styles.close} aria-label={t.close} onClick={onClose}>
        <Icon name="cross" size={18} />
      </button>
    </section>
  );
}
