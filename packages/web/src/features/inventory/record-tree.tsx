import { ActionIcon, Button } from "@mantine/core";
import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { treeLevelQuery } from "../../api/queries.ts";
import type { FieldManifest, InventoryTreeRow, ModelManifest } from "../../api/shapes.ts";
import { useModels } from "../../api/use-models.ts";
import { FieldValue, valueText } from "../../components/field-value.tsx";
import { formatCount } from "../../components/format.ts";
import type { Models } from "../../components/key-label.ts";
import { ErrorState, LinesSkeleton } from "../../components/states.tsx";
import { moveInTree } from "./move-in-tree.ts";
import { NoRecords } from "./no-records.tsx";
import classes from "./record-tree.module.css";

/** A model's records as the tree they form, a level at a time. */
export function RecordTree({ model }: { model: ModelManifest }) {
  const models = useModels();
  const [first, ...others] = model.listFields
    .filter((name) => name !== model.treeField)
    .flatMap((name) => model.fields.find((field) => field.name === name) ?? []);
  if (!first) return null;
  // What a glance tells: as many as a line holds.
  const facts = others.filter(({ kind }) => kind === "reference" || kind === "choice").slice(0, 3);
  return (
    <div
      className={classes.tree}
      role="group"
      aria-label={`Tree of ${model.pluralLabel}`}
      onKeyDown={moveInTree}
    >
      <Level models={models} model={model} first={first} facts={facts} parent={null} />
    </div>
  );
}

interface LevelProps {
  models: Models;
  model: ModelManifest;
  /** What a record is called within the tree. */
  first: FieldManifest;
  facts: readonly FieldManifest[];
  parent: string | null;
}

function Level(props: LevelProps) {
  const { model, parent } = props;
  const level = useInfiniteQuery(treeLevelQuery(model.plural, parent));
  if (level.isPending) return <LinesSkeleton lines={parent === null ? 8 : 2} />;
  if (level.isError) {
    return <ErrorState error={level.error} onRetry={() => void level.refetch()} />;
  }
  const rows = level.data.pages.flatMap(({ items }) => items);
  const total = level.data.pages[0]?.total ?? 0;
  if (rows.length === 0) return <NoRecords model={model} />;
  return (
    <ul>
      {rows.map((row) => (
        <Node key={row.id} row={row} {...props} />
      ))}
      {level.hasNextPage && (
        <li>
          <Button
            size="compact-sm"
            variant="subtle"
            loading={level.isFetchingNextPage}
            onClick={() => void level.fetchNextPage()}
          >
            Show more of {formatCount(total)}
          </Button>
        </li>
      )}
    </ul>
  );
}

function Node({ row, ...props }: LevelProps & { row: InventoryTreeRow }) {
  const { models, model, first, facts } = props;
  const [isOpen, setIsOpen] = useState(false);
  const name = valueText(models, first, row.values[first.name]) || row.label;
  const Chevron = isOpen ? IconChevronDown : IconChevronRight;
  return (
    <li>
      <div className={classes.line} data-line>
        {row.children > 0 ? (
          <ActionIcon
            size="sm"
            variant="subtle"
            color="gray"
            aria-expanded={isOpen}
            aria-label={`${isOpen ? "Close" : "Open"} ${name}`}
            onClick={() => {
              setIsOpen(!isOpen);
            }}
          >
            <Chevron size={15} />
          </ActionIcon>
        ) : (
          <span className={classes.leaf} />
        )}
        <Link
          to="/inventory/$plural/$recordId/"
          params={{ plural: model.plural, recordId: row.id }}
          className={first.kind === "text" ? undefined : "mono"}
        >
          {name}
        </Link>
        {row.children > 0 && <span className={classes.count}>{formatCount(row.children)}</span>}
        <span className={classes.facts}>
          {facts.map((field) => {
            const value = row.values[field.name];
            return value === null || value === undefined ? null : (
              <span key={field.name}>
                <FieldValue models={models} field={field} value={value} links="none" />
              </span>
            );
          })}
        </span>
      </div>
      {isOpen && <Level {...props} parent={row.id} />}
    </li>
  );
}
