"use client";

import { Button } from "~/ui/controls/button";
import { Icon } from "~/ui/controls/icon";
import { knownJobs } from "~/ui/known-jobs/known-jobs";
import { knownNodes } from "~/ui/known-nodes/known-nodes";
import { knownSessions } from "~/ui/known-sessions/known-sessions";
import { exportTexts } from "~/ui/texts/export";
import styles from "./export-kept.module.css";

const t = exportTexts;

/** Everything that this browser keeps of jobs, sessions and nodes, as a file; with it nothing is lost when the browser is. */
export function ExportKept() {
  return (
    <p className={styles.export}>
      <Button look="quiet" onClick={download}>
        <Icon name="download" />
        {t.button}
      </Button>
      <small>{t.note}</small>
    </p>
  );
}

function download(): void {
  const kept = {
    exportedAt: new Date().toISOString(),
    jobs: knownJobs(),
    sessions: knownSessions(),
    nodes: knownNodes(),
  };
  const url = URL.createObjectURL(new Blob([JSON.stringify(kept, null, 2)], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = "timmy-orders.json";
  link.click();
  URL.revokeObjectURL(url);
}
