"use client";

import { useQuery } from "@tanstack/react-query";
import { Button } from "~/ui/controls/button";
import { InCode } from "~/ui/controls/in-code";
import { Notice } from "~/ui/controls/notice";
import { SiteHeader } from "~/ui/site/site-header";
import { SkipLink } from "~/ui/site/skip-link";
import { texts } from "~/ui/texts";
import { docsTexts } from "~/ui/texts/docs";
import styles from "./docs-page.module.css";
import { readDocument } from "./openapi-document";
import { OperationCard } from "./operation-card";
import { ProblemList } from "./problem-list";
import { useHashTarget } from "./use-hash-target";

const t = docsTexts;
const DOCUMENT = "/api/openapi.json";

/** The whole API to read and to try, from the document that the server itself gives out. */
export function DocsPage() {
  const query = useQuery({
    queryKey: ["openapi"],
    queryFn: async ({ signal }) => readDocument(await (await fetch(DOCUMENT, { signal })).json()),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const target = useHashTarget(query.isSuccess);
  const description = query.data;

  return (
    <div className={styles.page}>
      <SkipLink to="#api" />
      <SiteHeader />
      <div className={styles.columns}>
        <nav className={styles.nav} aria-label={t.navigation}>
          {description?.groups.map(({ tag, operations }) => (
            <div key={tag}>
              <h2>{tag}</h2>
              <ul>
                {operations.map(({ operationId, summary }) => (
                  <li key={operationId}>
                    <a href={`#${operationId}`}>
                      <InCode>{summary}</InCode>
                    </a>
                  </li>
                ))}
              </ul>
            </div>
          ))}
          {description && (
            <ul>
              <li>
                <a href="#problems">{t.problemsHeading}</a>
              </li>
            </ul>
          )}
        </nav>
        <main id="api" tabIndex={-1} className={styles.main}>
          <h1>{t.heading}</h1>
          <p className={styles.lead}>
            <InCode>{description?.about ?? t.lead}</InCode>
          </p>
          <p>
            <a href={DOCUMENT}>{t.machineReadable}</a>
          </p>
          {query.isPending && <p role="status">{t.loading}</p>}
          {query.isError && (
            <>
              <Notice look="rue">{t.failed}</Notice>
              <Button onClick={() => void query.refetch()}>{texts.common.tryAgain}</Button>
            </>
          )}
          {description?.groups.map(({ tag, operations }) => (
            <section key={tag} aria-labelledby={`tag-${tag}`} className={styles.group}>
              <h2 id={`tag-${tag}`}>{tag}</h2>
              {operations.map((operation) => (
                <OperationCard
                  key={operation.operationId}
                  operation={operation}
                  schemas={description.schemas}
                  asked={target === operation.operationId}
                />
              ))}
            </section>
          ))}
          {description && <ProblemList problems={description.problems} target={target} />}
        </main>
      </div>
    </div>
  );
}
