import { lazy, Suspense } from "react";
import classes from "./field-value.module.css";

const MarkdownText = lazy(() => import("./markdown.tsx"));

/** Markdown, and the text as it is written until what renders it has come. */
export function LazyMarkdown({ text }: { text: string }) {
  return (
    <Suspense fallback={<span className={classes.lines}>{text}</span>}>
      <MarkdownText text={text} />
    </Suspense>
  );
}
