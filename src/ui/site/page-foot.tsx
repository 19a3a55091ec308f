import type { ReactNode } from "react";
import styles from "./page-foot.module.css";

/** The quiet foot of a page about one order: the ways back to it, and a note on who may have them. */
export function PageFoot({ children }: { children: ReactNode }) {
  return <footer className={styles.foot}>{children}</footer>;
}
