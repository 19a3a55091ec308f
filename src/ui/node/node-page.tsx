"use client";

import { useEffect } from "react";
import { CopyButton } from "~/ui/controls/copy-button";
import type { IconName } from "~/ui/controls/icon";
import { LostPage } from "~/ui/controls/lost-page";
import { StationList } from "~/ui/controls/station-list";
import { ConnectionState } from "~/ui/job/connection-state";
import { PaidMark } from "~/ui/job/paid-mark";
import { useKeptFocus } from "~/ui/job/use-kept-focus";
import type { KnownNode } from "~/ui/known-nodes/known-nodes";
import { nodeLink, nodeLinkWithKey } from "~/ui/known-nodes/node-link";
import { useKnownNode, useNodeKeyFromLink, useSpareNodeKey } from "~/ui/known-nodes/use-known-nodes";
import { PageFoot } from "~/ui/site/page-foot";
import { SitePage } from "~/ui/site/site-page";
import { texts } from "~/ui/texts";
import { bootstrapTexts } from "~/ui/texts/bootstrap";
import { NodeKeyForm } from "./node-key-form";
import styles from "./node-page.module.css";
import { NodePhase } from "./node-phase";
import { type Station, stationsOf } from "./node-stations";
import { useNode } from "./use-node";

const t = bootstrapTexts;
const ICONS: Record<Station, IconName> = {
  ordered: "quill",
  paid: "coin",
  machine: "hammer",
  setUp: "hourglass",
  ready: "tick",
};

export function NodePage({ bootstrapJobId }: { bootstrapJobId: string }) {
  useNodeKeyFromLink(bootstrapJobId);
  const known = useKnownNode(bootstrapJobId);
  return (
    <SitePage>
      <h1 className={styles.heading}>{t.page.heading}</h1>
      {known === null && <NodeKeyForm bootstrapJobId={bootstrapJobId} />}
      {known && <KnownNodePage key={known.refundToken} known={known} />}
    </SitePage>
  );
}

function KnownNodePage({ known }: { known: KnownNode }) {
  const node = useNode(known);
  useSpareNodeKey(known, node.unknown);
  const place = useKeptFocus<HTMLDivElement>();
  const { view } = node;
  const words = view ? t.states[view.state] : t.page.loading;

  useEffect(() => {
    document.title = `${words} · ${t.page.title} · ${texts.site.name}`;
  }, [words]);

  if (node.unknown) {
    return (
      <>
        <LostPage {...t.page.unknown} inPage />
        <NodeKeyForm bootstrapJobId={known.bootstrapJobId} look="plain" />
      </>
    );
  }
  return (
    <div ref={place} className={styles.node}>
      <p className="for-screen-readers" role="status" data-testid="state">
        {words}
      </p>
      <ConnectionState state={node.connection} known={view !== undefined} />
      {view ? (
        <>
          <StationList
            label={t.stationsLabel}
            stations={stationsOf(view).map(({ station, mark }) => ({
              name: t.stations[station],
              icon: ICONS[station],
              mark,
            }))}
          />
          <PaidMark state={view.state} />
          <NodePhase node={node} view={view} />
        </>
      ) : (
        <div className={styles.loading} aria-hidden="true" />
      )}
      <Ways known={known} />
    </div>
  );
}

/** The quiet foot of the page: the ways back to it. */
function Ways({ known: { bootstrapJobId, refundToken } }: { known: KnownNode }) {
  return (
    <PageFoot>
      <CopyButton look="quiet" text={() => nodeLink(window.location.origin, bootstrapJobId)}>
        {t.keys.copyLink}
      </CopyButton>
      <CopyButton look="quiet" text={() => nodeLinkWithKey(window.location.origin, bootstrapJobId, refundToken)}>
        {t.keys.copyKeyLink}
      </CopyButton>
      <small>{t.keys.note}</small>
    </PageFoot>
  );
}
