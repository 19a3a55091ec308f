import type { ReactNode } from "react";
import { SiteHeader } from "./site-header";
import styles from "./site-page.module.css";
import { SkipLink } from "./skip-link";

/** A page other than the room: header, main part, and the room's light behind it. */
export function SitePage({ children }: { children: ReactNode }) {
  return (
    <div className={styles.page}>
      <SkipLink to="#main" />
      <SiteHeader />
      <main id="main" tabIndex={-1} className={styles.main}>
        {children}
      </main>
    </div>
  );
}
