export { copyLayer } from './copy-layer.js';
export type { CopyRequest, CopySource } from './copy-request.js';
export type { FileNode } from './file-node.js';
export { FileTree, type ImageFiles } from './file-tree.js';
export type { Layer, LayerOptions } from './layer.js';
export { workdirLayer, type WorkdirRequest } from './workdir-layer.js';
