import { Button, FileButton, SegmentedControl, Textarea } from "@mantine/core";
import { IconFileUpload } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState, type DragEvent } from "react";
import { importRecords } from "../../api/commands.ts";
import type { ImportReport, ImportRequest, ModelManifest } from "../../api/shapes.ts";
import { neededPermission, useMay } from "../../api/use-may.ts";
import { useModels } from "../../api/use-models.ts";
import { countOf } from "../../components/format.ts";
import { Page, Panel, type Crumb } from "../../components/page.tsx";
import { RefusedPage } from "../../components/refused-page.tsx";
import { ErrorState } from "../../components/states.tsx";
import { groupCrumb } from "./group-crumb.ts";
import { ImportRows } from "./import-rows.tsx";
import { fileFormats, type FileFormat, formatOfName, formatOfText } from "./import-text.ts";
import { WithModel } from "./with-model.tsx";
import classes from "./import-page.module.css";

export function ImportPage() {
  return <WithModel>{(model) => <ImportOf key={model.plural} model={model} />}</WithModel>;
}

function ImportOf({ model }: { model: ModelManifest }) {
  const may = useMay();
  const { contentType, plural, pluralLabel } = model;
  const page = {
    title: `Import ${pluralLabel}`,
    crumbs: [
      ...groupCrumb(model),
      { label: pluralLabel, to: `/inventory/${plural}/` },
      { label: "Import" },
    ],
  };
  if (may(contentType, "view") && (may(contentType, "add") || may(contentType, "change"))) {
    return <Import model={model} page={page} />;
  }
  const action = may(contentType, "view") ? "add" : "view";
  return <RefusedPage {...page}>{neededPermission(contentType, action)}</RefusedPage>;
}

/** The server takes no more at once. */
const mostCharacters = 1_000_000;

interface ImportProps {
  model: ModelManifest;
  page: { title: string; crumbs: Crumb[] };
}

function Import({ model, page }: ImportProps) {
  const { plural, pluralLabel } = model;
  const client = useQueryClient();
  const [text, setText] = useState("");
  const [chosen, setChosen] = useState<FileFormat | null>(null);
  const format = chosen ?? formatOfText(text);
  const request = { format, text, digest: null, leavesOutRefused: false };
  const preview = useMutation({ mutationFn: () => importRecords(plural, request) });
  const apply = useMutation({
    mutationFn: (shown: ImportRequest) => importRecords(plural, shown),
    onSuccess: () => client.invalidateQueries({ queryKey: ["inventory"] }),
  });
  const isTooLong = text.length > mostCharacters;

  function change(next: string, nextFormat: FileFormat | null) {
    setText(next);
    setChosen(nextFormat);
    // What was shown is of another text.
    preview.reset();
    apply.reset();
  }
  async function take(file: File | null | undefined) {
    if (file) change(await file.text(), formatOfName(file.name));
  }
  function drop(event: DragEvent) {
    const [file] = event.dataTransfer.files;
    if (!file) return;
    event.preventDefault();
    void take(file);
  }

  return (
    <Page
      {...page}
      lead="You see what each row would create or change before anything is written. Nothing is deleted."
    >
      <form
        className={classes.page}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          apply.reset();
          preview.mutate();
        }}
      >
        <Panel title="The text">
          <div className={classes.text}>
            <div className={classes.bar}>
              <SegmentedControl
                size="xs"
                aria-label="Form of the text"
                value={format}
                data={fileFormats.map((value) => ({ value, label: value.toUpperCase() }))}
                onChange={(value) => {
                  change(text, value);
                }}
              />
              <FileButton
                accept=".csv,.yaml,.yml,.json,text/*"
                onChange={(file) => void take(file)}
              >
                {(props) => (
                  <Button
                    {...props}
                    size="xs"
                    variant="default"
                    leftSection={<IconFileUpload size={15} stroke={1.7} aria-hidden />}
                  >
                    Choose a file
                  </Button>
                )}
              </FileButton>
            </div>
            <Textarea
              label={`${pluralLabel} as ${format.toUpperCase()}`}
              description={<Hint model={model} format={format} />}
              classNames={{ input: `mono ${classes.input}` }}
              autosize
              minRows={6}
              maxRows={16}
              spellCheck={false}
              value={text}
              placeholder={placeholderOf(model)}
              error={
                isTooLong
                  ? "It is longer than an import takes (1 MB): split it, or sync a folder that has it as a file."
                  : undefined
              }
              onDrop={drop}
              onChange={(event) => {
                change(event.currentTarget.value, chosen);
              }}
            />
            <div>
              <Button
                type="submit"
                variant={preview.data ? "default" : "filled"}
                disabled={text.trim() === "" || isTooLong}
                loading={preview.isPending}
              >
                Show what it would do
              </Button>
            </div>
            {preview.error && <ErrorState error={preview.error} />}
          </div>
        </Panel>
        {preview.data && !apply.data && (
          <Preview
            model={model}
            report={preview.data}
            isApplying={apply.isPending}
            error={apply.error}
            onApply={(leavesOutRefused) => {
              const { digest } = preview.data;
              apply.mutate({ format, text, digest, leavesOutRefused });
            }}
          />
        )}
        {apply.data && <Done model={model} report={apply.data} />}
      </form>
    </Page>
  );
}

/** The names of the columns that most rows need. */
function placeholderOf({ fields }: ModelManifest): string {
  return fields
    .filter(({ isRequired, isKey, isDerived }) => (isRequired || isKey) && !isDerived)
    .map(({ name }) => name)
    .join(",");
}

function Hint({ model, format }: { model: ModelManifest; format: FileFormat }) {
  return (
    <>
      In the form of an{" "}
      <a href={`/api/inventory/${model.plural}/export?format=${format}`} download>
        export
      </a>
      . Fields that it does not name stay as they are; a value that is left empty is emptied.
    </>
  );
}

interface PreviewProps {
  model: ModelManifest;
  report: ImportReport;
  isApplying: boolean;
  error: Error | null;
  onApply: (leavesOutRefused: boolean) => void;
}

function Preview({ model, report, isApplying, error, onApply }: PreviewProps) {
  const models = useModels();
  const { create, update, refused } = report.counts;
  const made = create + update;
  return (
    <Panel title={sentenceOf(report)}>
      {report.unknown.length > 0 && (
        <p className={classes.note}>
          Not read, as {model.pluralLabel} have no such field: {report.unknown.join(", ")}. Correct
          the spelling if they are meant.
        </p>
      )}
      <ImportRows models={models} model={model} rows={report.rows} />
      <div className={classes.foot}>
        {made === 0 ? (
          <span className="quiet">
            {refused > 0 ? "Correct the rows that are refused." : "The hub has all of it already."}
          </span>
        ) : (
          <Button
            loading={isApplying}
            variant={refused > 0 ? "default" : "filled"}
            onClick={() => {
              onApply(refused > 0);
            }}
          >
            Import {countOf(made, "row")}
            {refused > 0 && `, leave out the ${refused} refused`}
          </Button>
        )}
      </div>
      {error && <ErrorState error={error} />}
    </Panel>
  );
}

function Done({ model, report }: { model: ModelManifest; report: ImportReport }) {
  const models = useModels();
  return (
    <Panel
      title={sentenceOf(report)}
      aside={
        <Link to="/inventory/$plural/" params={{ plural: model.plural }}>
          All {model.pluralLabel}
        </Link>
      }
    >
      <ImportRows models={models} model={model} rows={report.rows} />
    </Panel>
  );
}

function sentenceOf({ counts, isApplied }: ImportReport): string {
  const parts = [
    { count: counts.create, text: isApplied ? "created" : "to create" },
    { count: counts.update, text: isApplied ? "changed" : "to change" },
    { count: counts.unchanged, text: "as it is" },
    { count: counts.refused, text: isApplied ? "left out" : "refused" },
  ].filter(({ count }) => count > 0);
  const words = parts.map(({ count, text }) => `${count} ${text}`).join(", ");
  if (isApplied) return `Imported: ${words}`;
  if (counts.create + counts.update > 0) return `It would do this: ${words}`;
  return `It would change nothing: ${words || "the text has no row"}`;
}
