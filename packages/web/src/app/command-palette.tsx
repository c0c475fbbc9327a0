import { useDebouncedValue } from "@mantine/hooks";
import { Spotlight, spotlight } from "@mantine/spotlight";
import {
  IconArrowRight,
  IconCube,
  IconPlayerPlay,
  IconPlus,
  IconSearch,
  type Icon,
} from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { dashboardQuery, modelsQuery, searchQuery } from "../api/queries.ts";
import type { ModelManifest } from "../api/shapes.ts";
import { maySeeDashboard, objectTypes, useMay } from "../api/use-may.ts";
import { isSeen } from "../components/model-groups.ts";

interface Command {
  key: string;
  label: string;
  /** What it is about, beside the label. */
  hint?: string;
  icon: Icon;
  run: () => void;
}

interface CommandGroup {
  title: string;
  commands: Command[];
}

/** Finds objects, goes to pages, begins jobs: Ctrl-K or Cmd-K. */
export function CommandPalette() {
  const [text, setText] = useState("");
  const groups = useCommands(text);
  return (
    <Spotlight.Root
      query={text}
      onQueryChange={setText}
      shortcut={["mod + K"]}
      scrollable
      maxHeight={440}
      radius="md"
      attributes={{ content: { "aria-label": "Search and commands" } }}
    >
      <Spotlight.Search
        placeholder="Find an object, go to a page, run a job"
        aria-label="Find an object, go to a page, run a job"
        leftSection={<IconSearch size={18} stroke={1.7} />}
      />
      <Spotlight.ActionsList>
        {groups.map(({ title, commands }) => (
          <Spotlight.ActionsGroup key={title} label={title}>
            {commands.map(({ key, label, hint, icon: CommandIcon, run }) => (
              <Spotlight.Action
                key={key}
                label={label}
                {...(hint === undefined ? {} : { description: hint })}
                leftSection={<CommandIcon size={17} stroke={1.6} aria-hidden />}
                onClick={run}
              />
            ))}
          </Spotlight.ActionsGroup>
        ))}
        {groups.length === 0 && <Spotlight.Empty>Nothing is called that.</Spotlight.Empty>}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}

export function openCommandPalette(): void {
  spotlight.open();
}

/** A page of objects of a type is there for who may view any of them. */
const pages = [
  { label: "Dashboard", to: "/plugins/ssot/", of: null },
  { label: "Sync history", to: "/plugins/ssot/history/", of: objectTypes.sync },
  { label: "Sync logs", to: "/plugins/ssot/logs/", of: objectTypes.syncLog },
  { label: "Job results", to: "/extras/job-results/", of: objectTypes.jobResult },
  { label: "API tokens", to: "/user/api-tokens/", of: null },
  { label: "People", to: "/users/", of: objectTypes.user },
] as const;

const mostShown = 7;

function useCommands(text: string): CommandGroup[] {
  const navigate = useNavigate();
  const [asked] = useDebouncedValue(text.trim(), 180);
  const models = useQuery(modelsQuery).data ?? [];
  const may = useMay();
  const enabled = maySeeDashboard(may);
  const dashboard = useQuery({ ...dashboardQuery, refetchInterval: false, enabled }).data;
  const mayRun = dashboard !== undefined && may(objectTypes.job, "run");
  const jobs = mayRun ? [...dashboard.sources, ...dashboard.targets] : [];
  const found = useQuery(searchQuery(asked));
  const hubModels = models.filter((model) => isSeen(may, model));
  const byName = new Map(hubModels.map((model) => [model.name, model]));
  const wanted = text.trim().toLowerCase();
  const fits = ({ label }: { label: string }) => label.toLowerCase().includes(wanted);

  const objects: Command[] = (asked === "" ? [] : (found.data?.items ?? [])).flatMap((item) => {
    const model = byName.get(item.model);
    return model
      ? [
          {
            key: item.id,
            label: item.name,
            hint: item.label === item.name ? model.label : `${model.label} · ${item.label}`,
            icon: IconCube,
            run: () =>
              void navigate({
                to: "/inventory/$plural/$recordId/",
                params: { plural: model.plural, recordId: item.id },
              }),
          },
        ]
      : [];
  });
  const more: Command[] = (asked === "" ? [] : (found.data?.more ?? [])).flatMap((name) => {
    const model = byName.get(name);
    return model ? [listCommand(model, asked)] : [];
  });
  function listCommand(model: ModelManifest, q = ""): Command {
    return {
      key: `list ${model.name} ${q}`,
      label: q === "" ? model.pluralLabel : `All ${model.pluralLabel} with “${q}”`,
      icon: IconArrowRight,
      run: () =>
        void navigate({
          to: "/inventory/$plural/",
          params: { plural: model.plural },
          search: q === "" ? {} : { q },
        }),
    };
  }
  const places: Command[] = [
    ...pages
      .filter(({ of }) => of === null || may(of, "view"))
      .map(({ label, to }) => ({
        key: to,
        label,
        icon: IconArrowRight,
        run: () => void navigate({ to }),
      })),
    ...hubModels.map((model) => listCommand(model)),
  ].filter(fits);
  const actions: Command[] = [
    ...jobs.map((job) => ({
      key: `job ${job.id}`,
      label: `Run ${job.title}`,
      icon: IconPlayerPlay,
      run: () => void navigate({ to: "/plugins/ssot/jobs/$jobId/run/", params: { jobId: job.id } }),
    })),
    ...hubModels
      .filter(({ contentType }) => may(contentType, "add"))
      .map((model) => ({
        key: `new ${model.name}`,
        label: `New ${model.label}`,
        icon: IconPlus,
        run: () =>
          void navigate({ to: "/inventory/$plural/new/", params: { plural: model.plural } }),
      })),
  ].filter(fits);
  return [
    { title: "Objects", commands: [...objects, ...more] },
    { title: "Go to", commands: places.slice(0, mostShown) },
    { title: "Do", commands: actions.slice(0, mostShown) },
  ].filter(({ commands }) => commands.length > 0);
}
