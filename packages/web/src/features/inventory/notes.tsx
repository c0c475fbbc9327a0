import { Button, Textarea } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { addNote } from "../../api/commands.ts";
import { notesQuery } from "../../api/queries.ts";
import { objectTypes, useMay } from "../../api/use-may.ts";
import { LazyMarkdown } from "../../components/lazy-markdown.tsx";
import { Panel } from "../../components/page.tsx";
import { ErrorState, LinesSkeleton } from "../../components/states.tsx";
import { Time } from "../../components/time.tsx";
import classes from "./notes.module.css";

interface NotesProps {
  /** The object's URL for notes. */
  path: string;
  /** What the object is called. */
  label: string;
}

/** What people wrote about an object, and a line to write more. */
export function Notes({ path, label }: NotesProps) {
  const mayAdd = useMay()(objectTypes.note, "add");
  const notes = useQuery(notesQuery(path));
  return (
    <Panel title="Notes">
      {notes.isPending ? (
        <LinesSkeleton lines={1} />
      ) : notes.isError ? (
        <ErrorState error={notes.error} onRetry={() => void notes.refetch()} />
      ) : (
        notes.data.count > 0 && (
          <ol className={classes.notes}>
            {notes.data.results.map(({ id, note, user_name: user, created }) => (
              <li key={id}>
                <p className={classes.head}>
                  {user} · <Time at={created} />
                </p>
                <LazyMarkdown text={note} />
              </li>
            ))}
          </ol>
        )
      )}
      {mayAdd ? (
        <AddNote path={path} label={label} />
      ) : (
        notes.data?.count === 0 && <p className={classes.none}>There is none.</p>
      )}
    </Panel>
  );
}

function AddNote({ path, label }: NotesProps) {
  const client = useQueryClient();
  const [text, setText] = useState("");
  const add = useMutation({
    mutationFn: () => addNote(path, text),
    onSuccess: async () => {
      setText("");
      await client.invalidateQueries(notesQuery(path));
    },
  });
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() !== "") add.mutate();
      }}
    >
      <Textarea
        aria-label={`New note about ${label}`}
        placeholder="Write a note"
        autosize
        minRows={1}
        maxRows={8}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
        }}
      />
      <Button type="submit" variant="default" disabled={text.trim() === ""} loading={add.isPending}>
        Add note
      </Button>
      {add.error && <ErrorState error={add.error} />}
    </form>
  );
}
