import { memo } from "react";
import Markdown, { type Components } from "react-markdown";
import remarkGfm from "remark-gfm";
import { texts } from "~/ui/texts";
import styles from "./safe-markdown.module.css";

/** A model's words are nobody's orders: only these two kinds of address ever become a link. */
const httpOnly = (url: string): string => (/^https?:\/\//i.test(url) ? url : "");

/** Nothing is loaded from elsewhere, headings stay below the page's own, and what scrolls can be reached by keyboard. */
const COMPONENTS: Components = {
  a: ({ href, children }) =>
    href ? (
      <a href={href} rel="noopener noreferrer nofollow" target="_blank">
        {children}
        <span className="for-screen-readers"> ({texts.common.newTab})</span>
      </a>
    ) : (
      <span>{children}</span>
    ),
  img: ({ alt }) => (alt ? <span className={styles.picture}>[{alt}]</span> : null),
  h1: ({ children }) => <h3>{children}</h3>,
  h2: ({ children }) => <h3>{children}</h3>,
  h3: ({ children }) => <h4>{children}</h4>,
  h4: ({ children }) => <h5>{children}</h5>,
  h5: ({ children }) => <h6>{children}</h6>,
  // The box of a task list is a sign, nothing to click.
  input: ({ checked }) => <span>{checked ? "☑" : "☐"}</span>,
  pre: ({ children }) => (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <pre tabIndex={0}>{children}</pre>
  ),
  table: ({ children }) => (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <div className={styles.table} tabIndex={0}>
      <table>{children}</table>
    </div>
  ),
};

/** Model output as Markdown: no HTML, no images, http(s) links only. */
export const SafeMarkdown = memo(function SafeMarkdown({ text }: { text: string }) {
  return (
    <div className={styles.markdown}>
      <Markdown remarkPlugins={[remarkGfm]} components={COMPONENTS} urlTransform={httpOnly} skipHtml>
        {text}
      </Markdown>
    </div>
  );
});
