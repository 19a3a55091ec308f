"use client";

import { type KeyboardEvent, type ReactNode, useRef } from "react";
import { texts } from "~/ui/texts";
import styles from "./tabs.module.css";

const t = texts.room;
export const TAB_IDS = ["hire", "session", "receipt", "log"] as const;
export type TabId = (typeof TAB_IDS)[number];

const STEPS: Partial<Record<string, (at: number) => number>> = {
  ArrowRight: (at) => at + 1,
  ArrowLeft: (at) => at - 1,
  Home: () => 0,
  End: () => TAB_IDS.length - 1,
};

/** Tabs as the ARIA patterns have them: one stop for Tab, arrows between them, what is shown follows. */
export function TabList({ chosen, news, onChoose }: { chosen: TabId; news: boolean; onChoose: (tab: TabId) => void }) {
  const list = useRef<HTMLDivElement>(null);
  const onKey = (event: KeyboardEvent) => {
    const step = STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    const next = TAB_IDS.at(step(TAB_IDS.indexOf(chosen)) % TAB_IDS.length) ?? chosen;
    onChoose(next);
    list.current?.querySelector<HTMLElement>(`#tab-${next}`)?.focus();
  };
  return (
    <div ref={list} role="tablist" aria-label={t.tabsLabel} className={styles.tabs} onKeyDown={onKey}>
      {TAB_IDS.map((tab) => (
        <button
          key={tab}
          id={`tab-${tab}`}
          type="button"
          role="tab"
          aria-selected={tab === chosen}
          aria-controls={`panel-${tab}`}
          tabIndex={tab === chosen ? 0 : -1}
          className={styles.tab}
          data-news={tab === "log" && news}
          onClick={() => onChoose(tab)}
        >
          {t.tabs[tab]}
        </button>
      ))}
    </div>
  );
}

export function TabPanel({ tab, chosen, children }: { tab: TabId; chosen: TabId; children: ReactNode }) {
  return (
    <div
      id={`panel-${tab}`}
      role="tabpanel"
      aria-labelledby={`tab-${tab}`}
      hidden={tab !== chosen}
      tabIndex={-1}
      className={styles.panel}
    >
      {children}
    </div>
  );
}
