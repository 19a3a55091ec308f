import type { ReactNode } from "react";
import { texts } from "~/ui/texts";
import { SiteHeader } from "./site-header";
import styles from "./site-page.module.css";

/** A page that is no room: header, main part, and the room's light behind it. */
export function SitePage({ children }: { children: ReactNode }) {
  return (
    <div className={styles.page}>
      <a href="#main" className={styles.skip}>
        {texts.site.skip}
      </a>
      <SiteHeader />
      <main id="main" tabIndex={-1} className={styles.main}>
        {children}
      </main>
    </div>
  );
}
