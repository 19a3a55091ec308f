import type { JobView } from "~/modules/jobs/job-schema";
import { Icon, type IconName } from "~/ui/controls/icon";
import { texts } from "~/ui/texts";
import styles from "./station-path.module.css";
import { type Station, stationsOf } from "./stations";

const t = texts.job;
const ICONS: Record<Station, IconName> = {
  asked: "quill",
  judged: "scales",
  paid: "coin",
  work: "hammer",
  done: "tick",
};

export function StationPath({ job }: { job: JobView }) {
  return (
    <ol className={styles.path} aria-label={t.stationsLabel}>
      {stationsOf(job).map(({ station, mark }) => (
        <li
          key={station}
          className={styles.station}
          data-mark={mark}
          aria-current={mark === "current" ? "step" : undefined}
        >
          <span className={styles.dot}>
            <Icon name={mark === "stopped" ? "cross" : mark === "done" ? "tick" : ICONS[station]} />
          </span>
          <span className={styles.name}>
            {t.stations[station]}
            <span className="for-screen-readers">: {t.stationWords[mark]}</span>
          </span>
        </li>
      ))}
    </ol>
  );
}
