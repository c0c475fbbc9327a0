// What happened to objects of the hub, and what people write about them.
import {
  anyObject,
  changeActions,
  count,
  json,
  type ModelFacts,
  moment,
  momentInName,
  type RecordDeclaration,
  reference,
  text,
  uuidOf,
} from "./record-fields.ts";

const labels = { create: "Created", update: "Updated", delete: "Deleted" };
const did = `case o.action ${Object.entries(labels)
  .map(([action, label]) => `when '${action}' then '${label.toLowerCase()}'`)
  .join(" ")} end`;

/** The object that a row is about, of a model that is known. */
const objectOf = (contentTypeOf: ModelFacts["contentTypeOf"]) =>
  `case when ${contentTypeOf("o.model")} <> o.model then json_build_object('model', o.model, 'id', o.object_id) end`;

export const historyRecords = ({
  contentTypeOf,
  titleOf,
}: ModelFacts): readonly RecordDeclaration[] => [
  {
    ...{ name: "object_change", path: "extras/object-changes", contentType: "extras.objectchange" },
    ...{ label: "Object Change", pluralLabel: "Object Changes" },
    description: "What happened to objects of the hub, and on whose behalf.",
    select: `select ${uuidOf("o.id")} as id, ${titleOf("o.model")} || ' ' || o.label || ' ' || ${did} || ' by '
                      || coalesce(o.user_name, 'Undefined') as display,
                    array[${uuidOf("o.id")}::text] as natural_key, o.id as line, o.time, o.user_name,
                    (select u.id from auth_user u where u.name = o.user_name limit 1) as user_id,
                    o.action, ${contentTypeOf("o.model")} as changed_object_type, o.object_id as changed_object_id,
                    coalesce(o.job_result_id, md5(o.time || ' ' || coalesce(o.user_name, ''))::uuid)::text as request_id,
                    ${objectOf(contentTypeOf)} as changed_object,
                    case when o.job_result_id is null then 'web' else 'job' end as change_context,
                    '' as change_context_detail, o.label as object_repr,
                    coalesce(o.after, o.before) as object_data, null::json as object_data_v2,
                    null::text as related_object_type, null::text as related_object_id
               from object_change o`,
    fields: [
      ...[moment("time"), reference("user", "user"), text("user_name", { form: "empty-text" })],
      text("action", { choices: changeActions, form: "value-and-label", labels }),
      text("changed_object_type"),
      { ...text("changed_object_id"), type: "uuid" },
      ...[anyObject("changed_object"), text("request_id"), text("change_context")],
      ...[text("change_context_detail"), text("object_repr"), json("object_data")],
      ...[
        json("object_data_v2"),
        text("related_object_type", { isNullable: true }),
        text("related_object_id", { isNullable: true }),
        count("line"),
      ],
    ],
    searchFields: ["object_repr", "user_name"],
    sort: ["-line"],
    hidden: ["line"],
  },
  {
    ...{ name: "note", path: "extras/notes", contentType: "extras.note" },
    ...{ label: "Note", pluralLabel: "Notes", description: "What people write about objects." },
    select: `select o.id, o.label || ' - ' || ${momentInName("o.created", "T")} as display,
                    string_to_array(${contentTypeOf("o.model")}, '.')
                      || array[o.object_id::text, o.user_name, ${momentInName("o.created", " ")}] as natural_key,
                    ${objectOf(contentTypeOf)} as assigned_object,
                    ${contentTypeOf("o.model")} as assigned_object_type, o.object_id as assigned_object_id,
                    o.user_id, o.user_name, o.note, o.created, o.last_updated from note o`,
    fields: [
      text("assigned_object_type"),
      { ...text("assigned_object_id"), type: "uuid" },
      anyObject("assigned_object"),
      ...[reference("user", "user"), text("user_name"), text("note")],
      ...[moment("created"), moment("last_updated")],
    ],
    searchFields: ["note", "user_name"],
    sort: ["created"],
  },
];
