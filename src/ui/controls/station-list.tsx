import { texts } from "~/ui/texts";
import { Icon, type IconName } from "./icon";
import styles from "./station-list.module.css";

/** `stopped`: here it ended without being done. */
export type StationMark = "done" | "current" | "ahead" | "stopped";
export type NamedStation = { name: string; icon: IconName; mark: StationMark };

/** How far an order is, true at a glance, with words for screen readers. */
export function StationList({ label, stations }: { label: string; stations: readonly NamedStation[] }) {
  return (
    <ol className={styles.path} aria-label={label}>
      {stations.map(({ name, icon, mark }) => (
        <li
          key={name}
          className={styles.station}
          data-mark={mark}
          aria-current={mark === "current" ? "step" : undefined}
        >
          <span className={styles.dot}>
            <Icon name={mark === "stopped" ? "cross" : mark === "done" ? "tick" : icon} />
          </span>
          <span className={styles.name}>
            {name}
            <span className="for-screen-readers">: {texts.job.stationWords[mark]}</span>
          </span>
        </li>
      ))}
    </ol>
  );
}
