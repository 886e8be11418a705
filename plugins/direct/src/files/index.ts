export { cachedBlob } from './cached-blob.js';
export { copyLayer, type CopyOptions } from './copy-layer.js';
export type { CopyRequest, CopySource } from './copy-request.js';
export type { FileNode } from './file-node.js';
export { FileTree } from './file-tree.js';
export type { Layer } from './layer.js';
export { pruneCache } from './prune-cache.js';
export { workdirLayer } from './workdir-layer.js';
