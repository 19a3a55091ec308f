"use client";

import dynamic from "next/dynamic";
import Link from "next/link";
import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { SceneGate } from "~/ui/scene/scene-gate";
import { PAGES } from "~/ui/site/pages";
import { SkipLink } from "~/ui/site/skip-link";
import { texts } from "~/ui/texts";
import { WorkshopPicture } from "~/ui/workshop/workshop-picture";
import { useHashJob } from "./hash-job";
import { Helpers } from "./helpers";
import { Hire } from "./hire";
import { RoomLog } from "./room-log";
import styles from "./room-page.module.css";
import { SayBar } from "./say-bar";
import { SpeechBubble } from "./speech-bubble";
import { type TabId, TabList, TabPanel } from "./tabs";
import { useRoom } from "./use-room";

const t = texts.room;
/** What is behind the other tabs is loaded when somebody turns to it. */
const SessionPanel = lazy(async () => ({ default: (await import("~/ui/session-panel/session-panel")).SessionPanel }));
const LoginCorner = dynamic(async () => (await import("~/ui/login/login-corner")).LoginCorner, { ssr: false });
const LastReceipt = lazy(async () => ({ default: (await import("./last-receipt")).LastReceipt }));

/** The room, and beside it the panel for what a visitor does in it. */
export function RoomPage() {
  const room = useRoom();
  const jobId = useHashJob();
  const [tab, setTab] = useState<TabId>("hire");
  const [opened, setOpened] = useState<ReadonlySet<TabId>>(new Set(["hire", "log"]));
  const news = useNews(room.lines.at(-1)?.key, tab);
  const sheet = useRef<HTMLElement>(null);

  const choose = (next: TabId) => {
    setTab(next);
    setOpened((before) => new Set([...before, next]));
    toTheTop(sheet.current);
  };
  // A job that was just opened, by ordering it or by going back to it, is what the visitor wants to see.
  const [shownJob, setShownJob] = useState(jobId);
  if (shownJob !== jobId) {
    setShownJob(jobId);
    setTab("hire");
  }

  const { agents } = room.world;
  return (
    <>
      <SkipLink to="#ask" />
      <main className={styles.house}>
        <div className={styles.room}>
          <SceneGate
            world={room.world}
            label={texts.start.picture}
            fallback={<WorkshopPicture className={styles.drawn ?? ""} />}
            className={styles.picture ?? ""}
          />
          <header className={styles.title}>
            <h1>{texts.site.name}</h1>
            <p className={styles.lead}>{texts.start.lead}</p>
            <p className={styles.visitors} data-connection={room.connection} data-testid="visitors">
              <span className={styles.dot} aria-hidden="true" />
              {room.connection === "live" && room.visitors !== null
                ? t.visitors(room.visitors)
                : t.connection[room.connection]}
            </p>
          </header>
          <div className={styles.speech}>
            <SpeechBubble line={room.bubble} thinking={agents.gamma === "working"} quiet={tab === "log"} />
          </div>
          <Helpers agents={agents} />
          <div className={styles.account}>
            <LoginCorner />
          </div>
        </div>
        <section ref={sheet} id="ask" tabIndex={-1} className={styles.panel} aria-label={t.tabsLabel}>
          <div className={styles.tabs}>
            <TabList chosen={tab} news={news} onChoose={choose} />
          </div>
          <TabPanel tab="hire" chosen={tab}>
            <Hire jobId={jobId} onReceipt={() => choose("receipt")} />
            <footer className={styles.footer}>
              {PAGES.map(({ href, name }) => (
                <Link key={href} href={href} prefetch={false}>
                  {name}
                </Link>
              ))}
            </footer>
          </TabPanel>
          <TabPanel tab="session" chosen={tab}>
            {opened.has("session") && (
              <Suspense>
                <SessionPanel />
              </Suspense>
            )}
          </TabPanel>
          <TabPanel tab="receipt" chosen={tab}>
            {tab === "receipt" && (
              <Suspense>
                <LastReceipt jobId={jobId} />
              </Suspense>
            )}
          </TabPanel>
          <TabPanel tab="log" chosen={tab}>
            <RoomLog lines={room.lines} open={tab === "log"} />
          </TabPanel>
        </section>
        <div className={styles.say}>
          <SayBar say={room.say} />
        </div>
      </main>
    </>
  );
}

/**
 * Scrolls to the top of the sheet, whether it scrolls by itself or with the page. If its top is in sight, nothing
 * moves.
 */
function toTheTop(sheet: HTMLElement | null): void {
  sheet?.scrollTo({ top: 0 });
  if (sheet && sheet.getBoundingClientRect().top < 0) sheet.scrollIntoView({ block: "start" });
}

/** Whether something was said since the visitor last looked at the log. */
function useNews(newest: string | undefined, tab: TabId): boolean {
  const [seen, setSeen] = useState<string | undefined>(undefined);
  const first = useRef(true);
  useEffect(() => {
    // What was there on arrival is not news.
    if (tab === "log" || (first.current && newest !== undefined)) setSeen(newest);
    if (newest !== undefined) first.current = false;
  }, [newest, tab]);
  return newest !== undefined && seen !== undefined && newest !== seen;
}
