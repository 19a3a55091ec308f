"use client";

import Link from "next/link";
import { texts } from "~/ui/texts";
import { adminTexts } from "~/ui/texts/admin";
import styles from "./admin.module.css";
import { setOperatorToken, useOperatorToken } from "./operator-token";
import { operatorWords } from "./operator-words";
import { Room } from "./room";
import { TokenForm } from "./token-form";
import { isShut, useNodeStatus } from "./use-node-status";

const t = adminTexts;

/** The operator's room, behind its door. */
export function AdminPage() {
  const token = useOperatorToken();
  return (
    <div className={styles.page}>
      <header className={styles.top}>
        <Link href="/" className={styles.home} aria-label={texts.site.home}>
          {texts.site.name}
        </Link>
      </header>
      <main>
        <h1>{t.heading}</h1>
        {token === null ? <TokenForm refusal={null} onToken={setOperatorToken} /> : <Inside token={token} />}
      </main>
    </div>
  );
}

function Inside({ token }: { token: string }) {
  const query = useNodeStatus(token);
  if (isShut(query.error)) {
    return (
      <TokenForm
        refusal={operatorWords(query.error.problem)}
        onToken={(next) => {
          setOperatorToken(next);
          if (next === token) void query.refetch();
        }}
      />
    );
  }
  return <Room token={token} query={query} onLeave={() => setOperatorToken(null)} />;
}
