export { folder, folderPlugin } from "./connection.ts";
export type { FolderConnectionOptions } from "./connection.ts";
export { createDocumentAdapter } from "./document-adapter.ts";
export type { DocumentOptions } from "./document-adapter.ts";
export { createFolderAdapter } from "./folder-adapter.ts";
export type { FolderOptions } from "./folder-adapter.ts";
export { isWritable as isWritableFolder } from "./folder-files.ts";
export type { FileFormat } from "./folder-files.ts";
export { findKeptModels } from "./kept-models.ts";
