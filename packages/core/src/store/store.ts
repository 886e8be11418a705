import { DocumentFile } from './document-file.js';
import { type DefaultStack, type StoreDocument, storeDocumentKind } from './store-document.js';

/** The components and stacks that are registered. */
export class Store extends DocumentFile<StoreDocument> {
  /** @param defaultStack what the store holds before anything is registered */
  constructor(directory: string, defaultStack: DefaultStack = { artifact_store: 'local' }) {
    super(directory, storeDocumentKind(defaultStack));
  }
}
