import { Icon, type IconName } from "~/ui/controls/icon";
import type { WorldState } from "~/ui/scene/scene-state";
import { texts } from "~/ui/texts";
import styles from "./helpers.module.css";

const t = texts.room.helpers;
const HELPERS = [
  ["alpha", "scales"],
  ["beta", "hammer"],
  ["gamma", "ball"],
  ["delta", "coin"],
] as const satisfies (readonly [string, IconName])[];

/** Who is at work, in words and signs: what the figures show, for whoever cannot see them. */
export function Helpers({ agents }: { agents: WorldState["agents"] }) {
  return (
    <ul className={styles.helpers} aria-label={t.label}>
      {HELPERS.map(([id, icon]) => (
        <li key={id} className={styles.helper} data-state={agents[id]} data-agent={id}>
          <Icon name={icon} size={18} />
          <span className={styles.words}>
            <span className={styles.name}>{t.names[id]}</span>
            <span className="for-screen-readers">, {t.roles[id]}: </span>
            <span className={styles.doing}>{agents[id] === "working" ? t.doing[id] : t.idle}</span>
          </span>
        </li>
      ))}
    </ul>
  );
}
