export { globalArguments, unusedBuildArguments } from './build-arguments.js';
export type { AddInstruction, CopyInstruction, Dockerfile, Instruction, Stage } from './dockerfile.js';
export { readDockerfile } from './read-dockerfile.js';
export { readTrigger } from './read-trigger.js';
export { type EvaluatedInstruction, StageEvaluator } from './stage-evaluator.js';
export { copySource, type FileSource, type ImageSource, type PlannedStage, stageOrder } from './stage-order.js';
