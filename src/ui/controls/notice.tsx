import type { ReactNode } from "react";
import { Icon, type IconName } from "./icon";
import styles from "./notice.module.css";

/** Something to know, with an icon. `rue` is for what went wrong and is read out at once. */
export function Notice({ look, icon, children }: { look: "rue" | "calm"; icon?: IconName; children: ReactNode }) {
  return (
    <div className={`${styles.notice} ${styles[look]}`} role={look === "rue" ? "alert" : undefined}>
      <Icon name={icon ?? (look === "rue" ? "warning" : "hand")} />
      <div>{children}</div>
    </div>
  );
}
