export { shellWord } from './errors/shell-word.js';
export * from './errors/slipway-error.js';
export { retold } from './errors/retold.js';
export { errorCode } from './errors/error-code.js';
export { nearest, suggestion } from './errors/nearest.js';
export * from './contracts/artifact-store.js';
export * from './contracts/build-event.js';
export * from './contracts/component-types.js';
export * from './contracts/container-registry.js';
export * from './contracts/doctor.js';
export { checkFolder } from './contracts/check-folder.js';
export { resolveFolder } from './contracts/resolve-folder.js';
export { failedCheck } from './contracts/failed-check.js';
export * from './contracts/image-builder.js';
export * from './contracts/logger.js';
export * from './contracts/remote-builds.js';
export * from './contracts/rbac.js';
export * from './contracts/stack-component.js';
export * from './contracts/stack.js';
export {
  attributeName,
  isBooleanWord,
  parseAttributes,
  type TextAttributes,
  unknownAttribute,
} from './flavors/attributes.js';
export { type ConfigurationField, configurationFields } from './flavors/configuration-fields.js';
export type { FieldType } from './flavors/property-schema.js';
export { holdsSecrets, maskSecrets, maskValue, replaceSecrets, secretPaths } from './flavors/secret-parts.js';
export type { Override } from './flavors/overrides.js';
export * from './flavors/flavor.js';
export * from './flavors/flavor-description.js';
export * from './flavors/flavor-registry.js';
export { unknownFieldMessage, validateConfiguration } from './flavors/validate-configuration.js';
export { definePlugin, type Plugin, pluginApiVersion } from './plugins/plugin.js';
export { type PluginManifest, pluginManifest } from './plugins/plugin-manifest.js';
export type { AvailablePlugin, PluginProblem, PluginSource } from './plugins/plugin-source.js';
export { type FoundPlugins, findPlugins, pluginBroken } from './plugins/plugin-loader.js';
export {
  changeDeclarations,
  type DeclaredPlugin,
  declaredName,
  declaredPlugins,
  projectPackageJson,
  userPluginFolder,
} from './plugins/plugin-declarations.js';
export type { Notice } from './errors/notice.js';
export type {
  ComponentChange,
  ComponentRegistration,
  ComponentService,
  ComponentUpdateOptions,
  RegisteredComponent,
} from './components/component-service.js';
export { isSecretReference } from './secrets/references.js';
export type { SecretChange, SecretService, SecretSummary, SecretUpdate } from './secrets/secret-service.js';
export type { LabelChanges } from './components/labels.js';
export { type ActiveStack, sourceOf, type StackOrigin } from './stacks/active-stack.js';
export type {
  StackActivation,
  StackChange,
  StackCheckOptions,
  StackDeletion,
  StackImport,
  StackRegistrationOptions,
  StackService,
  StackUpdateOptions,
} from './stacks/stack-service.js';
export type { StackExport } from './stacks/export-stack.js';
export type { ImportedComponent, ImportOutcome, StackImportOptions } from './stacks/import-stack.js';
export type { StackDocument, StackDocumentComponent } from './stacks/stack-document.js';
export type { ComponentRecord, DefaultStack, Labels, StackComponents, StackRecord } from './store/store-document.js';
export type { ComponentFilter, RecordFilter, StackFilter } from './store/filter.js';
export type { StoreRepair } from './store/store-doctor.js';
export { ConfigDirectory, defaultConfigDirectory } from './store/config-directory.js';
export { type ComponentCheck, type ComponentLooks, diagnose, type DiagnoseOptions } from './doctor/diagnose.js';
export { createSlipway, type Slipway, type SlipwayOptions } from './slipway.js';
export type { BuildContext, ContextEntry, FileState, TarOptions } from './context/build-context.js';
export { BuildStages } from './builds/build-stages.js';
export type { BuilderOptions, BuildService } from './builds/build-service.js';
export { buildCancelled } from './builds/build-cancelled.js';
export { isLocalHost } from './builtin/local-host.js';
export { gzipEnd, gzipHeader } from './context/block-compression.js';
export { compress } from './context/compress.js';
export { openBuildContext, type OpenBuildContextOptions } from './context/open-build-context.js';
export { ChunkBuilder } from './context/chunk-builder.js';
export { fileError } from './context/context-errors.js';
export { ContextFile } from './context/context-file.js';
export { IgnoreMatcher } from './context/ignore-matcher.js';
export { fileState } from './context/file-state.js';
export { skippedWarning } from './context/skipped-warning.js';
export { ReadAhead } from './context/read-ahead.js';
export { encodeTarEntryHeader, paddingOf, tarBlockSize, type TarEntryHeader } from './context/tar-header.js';
export { type Hold, type LockOptions, takeLock } from './store/lock.js';
export { hasEnded, newHolder } from './store/lock-holder.js';
