export type { Permission } from './access.js';
export type { RecordedRequest } from './api-server.js';
export type {
  BuildScript,
  ContainerExit,
  RunningStep,
  ScriptedEvent,
  ScriptStep,
  StartingStep,
} from './build-script.js';
export type { ReceivedInput } from './container-process.js';
export type { AnswerFault, Fault, Faults, RequestMatch, WatchFault } from './faults.js';
export { Gate } from './gate.js';
export { defaultDigest } from './kaniko-executor.js';
export type { KubeconfigOptions } from './kubeconfig.js';
export type { Job, KubernetesObject, ObjectMeta, Pod } from './kubernetes-object.js';
export { firstTime, MemoryRegistry, type RegistryFault } from './registry/memory-registry.js';
export {
  inTurn,
  type ReceivedRequest,
  ScriptedServer,
  type ServerAction,
  type ServerAnswer,
  type ServerCertificate,
  type ServerScript,
} from './registry/scripted-server.js';
export { ScriptedKubernetesApi, type ScriptedKubernetesApiOptions } from './scripted-kubernetes-api.js';
export type { Status, StatusCause, StatusDetails } from './status.js';
