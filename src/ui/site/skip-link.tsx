import { texts } from "~/ui/texts";
import styles from "./skip-link.module.css";

/** The first thing that Tab reaches: past whatever stands on every page. */
export const SkipLink = ({ to }: { to: `#${string}` }) => (
  <a href={to} className={styles.skip}>
    {texts.site.skip}
  </a>
);
