import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams, useRouter } from "@tanstack/react-router";
import { createRecord, updateRecord } from "../../api/commands.ts";
import { recordQuery } from "../../api/queries.ts";
import type { ModelManifest } from "../../api/shapes.ts";
import { neededPermission, useMay } from "../../api/use-may.ts";
import { Page } from "../../components/page.tsx";
import { PageError } from "../../components/page-error.tsx";
import { PageSkeleton } from "../../components/page-skeleton.tsx";
import { RefusedPage } from "../../components/refused-page.tsx";
import { groupCrumb } from "./group-crumb.ts";
import { RecordForm } from "./record-form.tsx";
import { emptyValues, formValues, writableFields } from "./record-values.ts";
import { WithModel } from "./with-model.tsx";

export function NewRecordPage() {
  return <WithModel>{(model) => <NewRecord key={model.name} model={model} />}</WithModel>;
}

function NewRecord({ model }: { model: ModelManifest }) {
  const navigate = useNavigate();
  const router = useRouter();
  const mayAdd = useMay()(model.contentType, "add");
  const { plural } = model;
  const fields = writableFields(model);
  const title = `New ${model.label}`;
  const crumbs = [
    ...groupCrumb(model),
    { label: model.pluralLabel, to: `/inventory/${plural}/` },
    { label: "New" },
  ];
  if (!mayAdd) {
    return (
      <RefusedPage title={title} crumbs={crumbs}>
        {neededPermission(model.contentType, "add")}
      </RefusedPage>
    );
  }
  return (
    <Page title={title} lead={model.description} crumbs={crumbs}>
      <RecordForm
        model={model}
        fields={fields}
        stored={{}}
        initial={emptyValues(fields)}
        submitLabel={`Create ${model.label}`}
        write={(body) => createRecord(model.restPath ?? "", withoutEmpty(body))}
        onWritten={({ id: recordId }) =>
          void navigate({ to: "/inventory/$plural/$recordId/", params: { plural, recordId } })
        }
        onCancel={() => {
          router.history.back();
        }}
      />
    </Page>
  );
}

/** What was left empty is left to the hub's defaults. */
function withoutEmpty(body: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(body).filter(([, value]) => value !== null && value !== ""),
  );
}

export function EditRecordPage() {
  return <WithModel>{(model) => <EditRecord model={model} />}</WithModel>;
}

function EditRecord({ model }: { model: ModelManifest }) {
  const { plural, recordId } = useParams({ from: "/frame/inventory/$plural/$recordId/edit" });
  const navigate = useNavigate();
  // What is typed is not overwritten by what others save meanwhile.
  const record = useQuery({ ...recordQuery(plural, recordId), refetchOnWindowFocus: false });
  if (record.isError) {
    return (
      <PageError
        title={`Edit ${model.label}`}
        thing={model.label}
        id={recordId}
        error={record.error}
        onRetry={() => void record.refetch()}
        list={{
          label: `Look at all ${model.pluralLabel}`,
          to: "/inventory/$plural/",
          params: { plural },
        }}
      />
    );
  }
  if (record.isPending) return <PageSkeleton />;
  const title = `Edit ${record.data.label}`;
  const crumbs = [
    ...groupCrumb(model),
    { label: model.pluralLabel, to: `/inventory/${plural}/` },
    { label: record.data.label, to: `/inventory/${plural}/${recordId}/` },
    { label: "Edit" },
  ];
  if (!record.data.may.includes("change")) {
    return (
      <RefusedPage title={title} crumbs={crumbs}>
        {neededPermission(model.contentType, "change")}
      </RefusedPage>
    );
  }
  const fields = writableFields(model);
  const stored = formValues(fields, record.data.values);
  const leave = () =>
    void navigate({ to: "/inventory/$plural/$recordId/", params: { plural, recordId } });
  return (
    <Page title={title} crumbs={crumbs}>
      <RecordForm
        key={recordId}
        model={model}
        fields={fields}
        stored={stored}
        initial={stored}
        submitLabel="Save"
        write={(body) => updateRecord(model.restPath ?? "", recordId, body)}
        onWritten={leave}
        onCancel={leave}
      />
    </Page>
  );
}
