import { useQuery } from "@tanstack/react-query";
import { jobQuery } from "../api/queries.ts";
import { objectTypes, useMay } from "../api/use-may.ts";
import { formatName } from "./format.ts";

interface InputValuesProps {
  jobId: string;
  input: Readonly<Record<string, unknown>>;
}

/** A run's input in words, named as on the job's form. */
export function InputValues({ jobId, input }: InputValuesProps) {
  const enabled = useMay()(objectTypes.job, "view");
  const { data: job } = useQuery({ ...jobQuery(jobId), enabled });
  const labels = new Map(job?.variables.map(({ name, label }) => [name, label]));
  const entries = Object.entries(input);
  if (entries.length === 0) return <span className="quiet">none</span>;
  return (
    <>
      {entries.map(([name, value]) => (
        <div key={name}>
          <span className="quiet">{labels.get(name) || formatName(name)}:</span> {inputText(value)}
        </div>
      ))}
    </>
  );
}

function inputText(value: unknown): string {
  if (value === null || value === undefined || value === "") return "—";
  if (typeof value === "boolean") return value ? "yes" : "no";
  return typeof value === "string" ? value : JSON.stringify(value);
}
